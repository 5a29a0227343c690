"""Reports on a real PostgreSQL and a real Temporal server: compiled, reconciled, stored, posted, shown."""
