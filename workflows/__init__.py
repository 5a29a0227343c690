"""When things happen (时序): deterministic, durable Temporal workflows."""
