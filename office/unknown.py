"""The error for a number that no case or batch has."""


class UnknownCase(Exception):  # noqa: N818 - it is told to a person
    """There is no case or batch of that number."""
