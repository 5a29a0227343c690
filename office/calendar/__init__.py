"""The working-day calendar (工作日历): notices as files, and how they are loaded."""
