"""What is told when a server cannot be reached."""


class ServerAway(Exception):  # noqa: N818 - it is told to a person
    """A server cannot be reached. The text says which, and where it was looked for."""
