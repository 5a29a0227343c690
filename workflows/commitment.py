"""What the workflows share: how they insist on being recorded, and what they do with what cannot be."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, Final, TypeVar

import structlog
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from activities.refusing import REFUSED, refused

__all__ = ["AT_LENGTH", "PAUSE", "RECORDING", "answered", "done", "refused"]

log = structlog.get_logger(__name__)

T = TypeVar("T")

RECORDING: Final[dict[str, Any]] = {
    "start_to_close_timeout": timedelta(seconds=5),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(milliseconds=200),
        backoff_coefficient=2.0,
        maximum_interval=timedelta(seconds=20),
    ),
}
"""A record takes milliseconds and is repeated for as long as PostgreSQL is away. A killed worker is noticed by the time-out."""

AT_LENGTH: Final[dict[str, Any]] = RECORDING | {
    "start_to_close_timeout": timedelta(hours=12),
    "heartbeat_timeout": timedelta(seconds=5),
}
"""What a batch does to all its requests may take long; its heartbeat tells whether the worker still lives."""


PAUSE: Final = timedelta(hours=1)
"""After which what happens by itself, and could not be recorded, is tried again. Others are served meanwhile."""


async def answered(activity: Awaitable[T]) -> T:
    """What an activity returns, which is repeated for as long as servers are away.

    Raises:
        ApplicationError: It refused: nothing was recorded, and trying again would not help.
    """
    try:
        return await activity
    except ActivityError as error:
        cause = error.cause
        if isinstance(cause, ApplicationError) and cause.type == REFUSED:
            raise ApplicationError(cause.message, *cause.details, type=REFUSED, non_retryable=True) from None
        raise


async def done(what: str, deed: Awaitable[object], subject: str | None = None) -> bool:
    """Do what nobody waits for: a signal, or what happens by itself. False when it was refused: then it is dropped and named, and
    life goes on.
    """
    try:
        await deed
    except ApplicationError as refusal:
        if refusal.type != REFUSED:
            raise
        log.warning("dropped", what=what, subject=subject, reason=refusal.message)
        return False
    return True
