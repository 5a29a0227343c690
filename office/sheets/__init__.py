"""The 台账 as a file: reading it safely, importing, marking faults, exporting."""
