"""The working-day calendar (工作日历): reading notices from files, and loading them."""
