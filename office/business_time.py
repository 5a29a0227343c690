"""Business time: the real time, or that of a rehearsal."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from office.enquiries import now
from workflows.opening import Clock


class BusinessTime(NamedTuple):
    """The time by which cases and batches are acted on.

    Attributes:
        rehearsed_now: The business instant of a rehearsal; None: the real time counts.
    """

    rehearsed_now: Callable[[], datetime] | None = None

    def now(self) -> datetime:
        """The business instant."""
        return self.rehearsed_now() if self.rehearsed_now else now()

    def clock(self) -> Clock:
        """The clock of a workflow that starts now."""
        return Clock(starts_at=self.rehearsed_now()) if self.rehearsed_now else Clock()
