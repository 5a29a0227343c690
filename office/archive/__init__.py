"""归档: everything about an ended case in one file that can be read and checked without this program."""
