"""What both workflows share: refusals as Temporal failures, and how they insist on being recorded."""

from datetime import timedelta
from typing import Any, Final

from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

from domain.refusal import Refusal

REFUSED: Final = "Refusal"
"""The type of the application error that carries a refusal; its one detail is the refusal's JSON."""

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


def refused(refusal: Refusal) -> ApplicationError:
    """A refusal, as the answer to an update."""
    return ApplicationError(refusal.detail, refusal.to_json(), type=REFUSED, non_retryable=True)
