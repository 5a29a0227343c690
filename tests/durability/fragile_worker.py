"""The production worker, which kills itself at a named point: import this module, then run the worker.

With `KILL_AT=before:5` it kills itself (SIGKILL) in its fifth transaction of the record just before the commit, with `after:5` just
after it, before Temporal hears of it; `tests.durability.points` names other points. `KILL_TOO` is a file with the pid of a process
that dies with it.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from tests.durability.points import POINTS

_moment, _, _number = os.environ["KILL_AT"].partition(":")
_left = int(_number)
_RECORDS, _DIES = "records", "dies"
"""Notes on a connection: its transaction writes to the journal; it is the one to die in."""


def _die() -> None:
    if "KILL_TOO" in os.environ:
        with suppress(ProcessLookupError):
            os.kill(int(Path(os.environ["KILL_TOO"]).read_text("utf-8")), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def _dying(deed: Callable[..., Any]) -> Callable[..., Any]:
    def last(*arguments: Any, **others: Any) -> Any:
        global _left
        _left -= 1
        if _left == 0:
            _die()
        return deed(*arguments, **others)

    return last


if _moment in POINTS:
    _point = POINTS[_moment]
    setattr(_point.owner, _point.function.__name__, _dying(_point.function))


@event.listens_for(Engine, "before_cursor_execute")
def _notice(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
    if statement.startswith("INSERT INTO event"):
        connection.info[_RECORDS] = True


@event.listens_for(Engine, "commit")
def _before_commit(connection: Any) -> None:
    global _left
    if connection.info.pop(_RECORDS, False) and _moment in ("before", "after"):
        _left -= 1
        if _left == 0 and _moment == "before":
            _die()
        connection.info[_DIES] = _left == 0


@event.listens_for(Pool, "checkin")
def _after_commit(connection: Any, record: Any) -> None:
    if record.info.get(_DIES):
        _die()
