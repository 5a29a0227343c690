"""Cases and batches on a real Temporal server, with a real worker."""
