"""What is written, sent and asked of others: Temporal activities, each idempotent."""
