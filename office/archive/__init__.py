"""归档: everything of an ended case in one file that needs no program of ours to be read or checked."""
