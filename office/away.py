"""The error for a server that cannot be reached."""


class ServerAway(Exception):  # noqa: N818 - it is told to a person
    """A server cannot be reached. The text names it and the address that was tried."""
