"""Refusals as Temporal failures: how an activity, or an update, says no for good."""

from typing import Final

from temporalio.exceptions import ApplicationError

from domain.refusal import Refusal

REFUSED: Final = "Refusal"
"""The type of the application error that carries a refusal; its one detail is the refusal's JSON."""


def refused(refusal: Refusal) -> ApplicationError:
    """A refusal as a failure that nobody repeats."""
    return ApplicationError(refusal.detail, refusal.to_json(), type=REFUSED, non_retryable=True)
