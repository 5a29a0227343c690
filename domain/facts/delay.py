"""The facts of 延期, 中止 and 恢复."""

from datetime import date
from typing import Literal

from domain.duty import DutyKey, DutyKind
from domain.facts.fact import Fact
from domain.value import Ground

__all__ = ["DelayFact", "Extended", "Resumed", "Suspended", "TimeAsked"]


class MoreTime(Fact):
    """A duty's term is longer by `days`, in the unit of the term."""

    duty: DutyKind
    subject: str | None
    opened_on: date
    days: int
    reason: str

    @property
    def key(self) -> "DutyKey":
        """The key of the duty concerned."""
        return DutyKey(self.duty, self.subject, self.opened_on)


class Extended(MoreTime):
    redates = True

    kind: Literal["extended"] = "extended"


class TimeAsked(MoreTime):
    """The debtor asked for more time. Nothing is granted yet."""

    kind: Literal["time_asked"] = "time_asked"


class Suspended(Fact):
    """The case was suspended. It resumes by itself on the day `until`."""

    kind: Literal["suspended"] = "suspended"
    reason: str
    ground: Ground
    until: date


class Resumed(Fact):
    redates = True

    kind: Literal["resumed"] = "resumed"
    reason: str | None = None
    late: bool = False


DelayFact = Extended | TimeAsked | Suspended | Resumed
