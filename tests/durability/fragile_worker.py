"""The production worker, made to kill itself inside a transaction of the record: import it, then run the worker.

`KILL_AT=before:5` kills it (SIGKILL) in its fifth such transaction just before the commit; `after:5` just after it, when
Temporal has not heard of it yet.
"""

import os
import signal
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

_moment, _, _number = os.environ["KILL_AT"].partition(":")
_left = int(_number)
_RECORDS, _DIES = "records", "dies"
"""What is noted with a connection: that its transaction writes to the journal, and that it is the last one."""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@event.listens_for(Engine, "before_cursor_execute")
def _notice(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
    if statement.startswith("INSERT INTO event"):
        connection.info[_RECORDS] = True


@event.listens_for(Engine, "commit")
def _before_commit(connection: Any) -> None:
    global _left
    if connection.info.pop(_RECORDS, False):
        _left -= 1
        if _left == 0 and _moment == "before":
            _die()
        connection.info[_DIES] = _left == 0


@event.listens_for(Pool, "checkin")
def _after_commit(connection: Any, record: Any) -> None:
    if record.info.get(_DIES):
        _die()
