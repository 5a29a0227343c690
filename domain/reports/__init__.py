"""Reports: the figures of an office for a period, and the list of a day."""
