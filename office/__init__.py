"""The use cases that all interfaces share: cases, batches, the calendar, sheets, archives, verification, and repair."""
