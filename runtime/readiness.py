"""What a server builds before it serves: else whoever needs it first waits, and threads that need it at once build it twice."""

from functools import cache

from domain.commands import COMMAND
from domain.value import build


@cache
def get_ready() -> None:
    """Build the validators of all types, once in a process."""
    build()
    COMMAND.rebuild()
