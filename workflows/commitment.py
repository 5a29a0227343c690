"""What the workflows share: how they insist on being recorded, and what they do with what cannot be."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, Final, TypeVar

import structlog
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError, FailureError

from activities.record import CaseRecorder
from activities.refusing import REFUSED, refused
from activities.requests import Recorded, RecordRequest

__all__ = ["AT_LENGTH", "PAUSE", "RECORDING", "answered", "done", "recorded", "refused"]

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

AT_ONCE: Final[dict[str, Any]] = {
    "start_to_close_timeout": timedelta(seconds=3),
    "retry_policy": RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=2),
}
"""Within the workflow task that decided, which is not to be held up: two attempts, and then `RECORDING`."""

AT_LENGTH: Final[dict[str, Any]] = RECORDING | {
    "start_to_close_timeout": timedelta(hours=12),
    "heartbeat_timeout": timedelta(seconds=5),
}
"""What a batch does to all its requests may take long; its heartbeat tells whether the worker still lives."""


PAUSE: Final = timedelta(hours=1)
"""After which what happens by itself, and could not be recorded, is tried again. Others are served meanwhile."""


async def recorded(request: RecordRequest) -> Recorded:
    """Have events of a case recorded: at once and in passing, or, while PostgreSQL is away, patiently and for all to see.

    Raises:
        ApplicationError: It was refused: nothing was recorded, and trying again would not help.
    """
    try:
        return await answered(
            workflow.execute_local_activity_method(CaseRecorder.record_case, request, **AT_ONCE)
        )
    except FailureError as error:
        if isinstance(error, CancelledError) or _refusal(error):
            raise
        log.warning("not_recorded_at_once", first_seq=request.first_seq)
    return await answered(workflow.execute_activity_method(CaseRecorder.record_case, request, **RECORDING))


async def answered(activity: Awaitable[T]) -> T:
    """What an activity returns, which is repeated for as long as servers are away.

    Raises:
        ApplicationError: It refused: nothing was recorded, and trying again would not help.
    """
    try:
        return await activity
    except FailureError as error:
        if refusal := _refusal(error):
            raise ApplicationError(
                refusal.message, *refusal.details, type=REFUSED, non_retryable=True
            ) from None
        raise


def _refusal(error: FailureError) -> ApplicationError | None:
    """The refusal that an activity failed with. A regular activity's is the cause of its failure, a local one's the failure itself."""
    said = error.cause if isinstance(error, ActivityError) else error
    return said if isinstance(said, ApplicationError) and said.type == REFUSED else None


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
