"""The window's own data: people, sessions, tokens, rate limits, idempotency keys, imports."""
