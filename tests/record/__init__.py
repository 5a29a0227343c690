"""The record on a real PostgreSQL: migrations, journal, ledger, read model, and the activities that write them."""
