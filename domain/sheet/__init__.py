"""The 台账 as a sheet: its columns, and reading and writing its rows."""
