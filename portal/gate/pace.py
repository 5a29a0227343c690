"""Rate limits on commands: a generous burst, then as many as any party needs; beyond that a clear answer.

A case is held whole in its workflow and its journal, so a sender of thousands of commands would slow everybody down. A party gives a
few in the life of its case; people type; programs bring in the cases of whole offices.
"""

from datetime import timedelta
from math import ceil
from typing import Final, Literal, NamedTuple

from portal.problems import TooFast
from portal.window import Window
from schema.window import limits

Counted = Literal["case", "login", "token", "contact"]
"""What is rate-limited: a party by its case, a person at an office by the login, a program by its token. Requests for codes to a
contact are counted separately.
"""


class Pace(NamedTuple):
    """The size of a burst, and the time after which one more command is allowed."""

    at_once: int
    each: timedelta


PACES: Final[dict[Counted, Pace]] = {
    "case": Pace(30, timedelta(minutes=1)),
    "login": Pace(300, timedelta(seconds=0.2)),
    "token": Pace(3000, timedelta(seconds=0.02)),
    "contact": Pace(5, timedelta(minutes=30)),
}


async def let_act(window: Window, party: Counted, name: str) -> None:
    """Count one more command of a party. The limit holds across processes and restarts.

    Raises:
        TooFast: It has given too many recently; says when it may again.
    """
    async with window.questions.connect() as connection:
        wait = await limits.step(connection, f"{party}:{name}", *PACES[party])
    if wait is not None:
        raise TooFast(max(1, ceil(wait.total_seconds())))
