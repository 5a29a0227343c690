"""Who comes in, how often, and with how much."""
