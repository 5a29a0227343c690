"""Bond batches (债券批次): what may be done with one, and who gets how much."""
