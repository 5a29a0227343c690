"""Sorting the numbers of cases and batches by value, not as text."""


def in_sequence(number: str) -> tuple[str, int]:
    """The sort key of a number: within an office's year `…-10000` comes after `…-9999`. The SQL function `in_sequence` gives the same
    order.
    """
    series, _, running = number.rpartition("-")
    return series, int(running)
