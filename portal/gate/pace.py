"""How fast somebody may give commands: many at once, then as many as a party ever needs, and a plain answer beyond that.

A case is kept whole in its workflow and its journal, so that whoever sends thousands of commands takes from everybody. A party
gives a few in the life of its case; people type; programs bring in whole offices.
"""

from datetime import timedelta
from math import ceil
from typing import Final, Literal, NamedTuple

from portal.problems import TooFast
from portal.window import Window
from schema.window import limits

Counted = Literal["case", "login", "token", "contact"]
"""A party of a case is counted by that, somebody of an office by the login, a program by its token; who asks for codes to be sent
somewhere apart from that."""


class Pace(NamedTuple):
    """So many commands at once, and one more after each such while."""

    at_once: int
    each: timedelta


PACES: Final[dict[Counted, Pace]] = {
    "case": Pace(30, timedelta(minutes=1)),
    "login": Pace(300, timedelta(seconds=0.2)),
    "token": Pace(3000, timedelta(seconds=0.02)),
    "contact": Pace(5, timedelta(minutes=30)),
}


async def let_act(window: Window, party: Counted, name: str) -> None:
    """Let a party give one more command. It holds across processes and restarts.

    Raises:
        TooFast: It has given too many of late; when it may again.
    """
    async with window.questions.connect() as connection:
        wait = await limits.step(connection, f"{party}:{name}", *PACES[party])
    if wait is not None:
        raise TooFast(max(1, ceil(wait.total_seconds())))
