"""The 台账: its columns, and what the cells of a row mean."""
