"""Rehearsals: reading a scenario file, and running its months in seconds."""
