"""Bond batches (债券批次): their commands, their life, and how a quota is allocated."""
