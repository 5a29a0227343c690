"""What all workflows share: activity options, and how a refusal by an activity reaches whoever waits for it."""

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

__all__ = ["ACTIVITY_OPTIONS", "LONG_ACTIVITY_OPTIONS", "PAUSE", "answered", "done", "recorded", "refused"]

log = structlog.get_logger(__name__)

T = TypeVar("T")

ACTIVITY_OPTIONS: Final[dict[str, Any]] = {
    "start_to_close_timeout": timedelta(seconds=5),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(milliseconds=200),
        backoff_coefficient=2.0,
        maximum_interval=timedelta(seconds=20),
    ),
}
"""For activities that take milliseconds. They are retried without limit, since PostgreSQL may be down for hours; the short
timeout detects a killed worker.
"""

LOCAL_ACTIVITY_OPTIONS: Final[dict[str, Any]] = {
    "start_to_close_timeout": timedelta(seconds=3),
    "retry_policy": RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=2),
}
"""For the local activity that records a case. It runs inside the workflow task, which must not be held up, so it gets two attempts;
after that a regular activity takes over, with `ACTIVITY_OPTIONS`.
"""

LONG_ACTIVITY_OPTIONS: Final[dict[str, Any]] = ACTIVITY_OPTIONS | {
    "start_to_close_timeout": timedelta(hours=12),
    "heartbeat_timeout": timedelta(seconds=5),
}
"""For activities whose work grows with the data, such as allocating a batch. The heartbeat detects a killed worker."""


PAUSE: Final = timedelta(hours=1)
"""How long a workflow waits before it retries a step of its own that was refused. It keeps serving updates and signals meanwhile."""


async def recorded(request: RecordRequest) -> Recorded:
    """Record events of a case: in a local activity, or, if that fails, in a regular one, which operators can see.

    Returns:
        What stands on record from `request.first_seq` on.

    Raises:
        ApplicationError: Type `REFUSED`: nothing was recorded, and a retry would not help.
    """
    try:
        return await answered(
            workflow.execute_local_activity_method(
                CaseRecorder.record_case, request, **LOCAL_ACTIVITY_OPTIONS
            )
        )
    except FailureError as error:
        if isinstance(error, CancelledError) or _refusal(error):
            raise
        log.warning("not_recorded_at_once", first_seq=request.first_seq)
    return await answered(
        workflow.execute_activity_method(CaseRecorder.record_case, request, **ACTIVITY_OPTIONS)
    )


async def answered(activity: Awaitable[T]) -> T:
    """Await an activity and return its result. A refusal is raised as the workflow's own error, so that it can answer an update.

    Raises:
        ApplicationError: Type `REFUSED`: nothing was recorded, and a retry would not help.
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
    """The refusal behind a failure, if any: the cause of a regular activity's failure, or a local activity's failure itself."""
    said = error.cause if isinstance(error, ActivityError) else error
    return said if isinstance(said, ApplicationError) and said.type == REFUSED else None


async def done(what: str, deed: Awaitable[object], subject: str | None = None) -> bool:
    """Await work that no caller waits for, such as a signal or a timer. If it is refused, log that and go on.

    Args:
        what: The name of the work, for the log.
        subject: What it is about, for the log: usually a command's id.

    Returns:
        Whether it was done; False if it was refused.
    """
    try:
        await deed
    except ApplicationError as refusal:
        if refusal.type != REFUSED:
            raise
        log.warning("dropped", what=what, subject=subject, reason=refusal.message)
        return False
    return True
