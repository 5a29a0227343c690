"""What every window asks and does: cases, batches, answers, the calendar, sheets, verification."""
