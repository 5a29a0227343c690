"""Refusals as Temporal failures: how an activity or an update handler refuses, without a retry."""

from typing import Final

from temporalio.exceptions import ApplicationError

from domain.refusal import Refusal

REFUSED: Final = "Refusal"
"""The type of the application error that carries a refusal; its one detail is the refusal's JSON."""


def refused(refusal: Refusal) -> ApplicationError:
    """A refusal as a non-retryable application error."""
    return ApplicationError(refusal.detail, refusal.to_json(), type=REFUSED, non_retryable=True)
