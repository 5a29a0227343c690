"""The order of the numbers of cases and batches: as numbers, not as text."""


def in_sequence(number: str) -> tuple[str, int]:
    """What to sort numbers by: within an office's year `…-10000` comes after `…-9999`. The record's `in_sequence` says the same."""
    series, _, running = number.rpartition("-")
    return series, int(running)
