"""A scenario file, and how its months pass in seconds."""
