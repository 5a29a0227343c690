"""Tell permanent errors from transient ones, and give up on the permanent ones.

Temporal retries an activity until a server is back. Retrying an error that will always recur would hold the case's lock for ever, so
such an error is noted as an incident and answered with a refusal.
"""

import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

import structlog
from jinja2 import TemplateError
from sqlalchemy.exc import DBAPIError, InvalidRequestError, StatementError
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.refusing import refused
from domain.refusal import Code, Refusal
from schema import incidents

log = structlog.get_logger(__name__)

_LASTING_STATES: Final = ("21", "22", "23", "27", "38", "39", "42", "44", "54", "P0")
"""The SQLSTATE classes of permanent errors: data, constraints, triggers, programming, limits. Transient, and so absent, are
08 connection, 25 read-only server, 28 and 57 operators, 40 rollback, 53 resources, 55 locks, 58 and XX the server itself.
"""

_OWN: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    InvalidRequestError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TemplateError,
    TypeError,
    ValueError,
)
"""Exceptions of our own code that mean a defect: a retry would raise them again."""


def is_lasting(error: BaseException) -> bool:
    """Whether an error is permanent: a retry would meet it again."""
    if not isinstance(error, StatementError):
        return _state(error) is not None or isinstance(error, _OWN)
    if _state(error) is not None:
        return True
    if not isinstance(error, DBAPIError):
        return True
    return (
        _sqlstate(error) is None and error.orig is not None and isinstance(error.orig.__cause__, ValueError)
    )


def _sqlstate(error: BaseException) -> str | None:
    said = getattr(getattr(error, "orig", None) or error, "sqlstate", None)
    return said if isinstance(said, str) else None


def _state(error: BaseException) -> str | None:
    """The SQLSTATE of a permanent database error; None for any other error."""
    sqlstate = _sqlstate(error)
    return sqlstate if sqlstate is not None and sqlstate.startswith(_LASTING_STATES) else None


def reason_of(error: BaseException) -> str:
    """The class, SQLSTATE and constraint of an error. Never a value: that could be personal data."""
    cause = getattr(error, "orig", None)
    constraint = getattr(getattr(cause, "__cause__", None), "constraint_name", None)
    told = (type(error).__name__, _sqlstate(error), constraint)
    return " ".join(word for word in told if word)


def _place(error: BaseException) -> str:
    """The last line of our own code in the traceback. The whole traceback could contain personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename]
    return f"{ours[-1].filename}:{ours[-1].lineno}" if ours else "?"


class Work(NamedTuple):
    """Names the work that may be given up; the fields are those of `schema.incidents.Incident`."""

    stream: str
    subject: str
    what: str


@asynccontextmanager
async def giving_up(engine: AsyncEngine, step: Work) -> AsyncIterator[None]:
    """Turn a permanent error in the block into an incident and a refusal; a transient error passes through, and is retried.

    Raises:
        ApplicationError: Type `REFUSED`, not retryable.
    """
    try:
        yield
    except Exception as error:
        if not is_lasting(error):
            raise
        raise refused(await note(engine, step, error)) from None


async def note(engine: AsyncEngine, step: Work, error: BaseException) -> Refusal:
    """Record an incident for work that was given up; returns the refusal for whoever waits for it."""
    reason = reason_of(error)
    log.error("given_up", **step._asdict(), reason=reason, at=_place(error))
    async with engine.begin() as connection:
        await incidents.note(connection, *step, reason)
    return Refusal(
        Code.MALFORMED,
        "此项内容无法登记,未作任何变动;已列入异常记录,请告知管理员",
        f"the record cannot hold this ({reason}); nothing has changed, and the incident is on record",
    )
