"""Authentication, rate limits, and limits on requests."""
