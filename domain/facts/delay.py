"""延期, 中止 and 恢复: what can have happened."""

from datetime import date
from typing import Literal

from domain.duty import DutyKey, DutyKind
from domain.facts.fact import Fact
from domain.value import Ground

__all__ = ["DelayFact", "Extended", "Resumed", "Suspended", "TimeAsked"]


class MoreTime(Fact):
    """`days` more for a duty, in the unit of its term."""

    duty: DutyKind
    subject: str | None
    opened_on: date
    days: int
    reason: str

    @property
    def key(self) -> "DutyKey":
        """Which duty it is."""
        return DutyKey(self.duty, self.subject, self.opened_on)


class Extended(MoreTime):
    redates = True

    kind: Literal["extended"] = "extended"


class TimeAsked(MoreTime):
    """The debtor has asked for it: nothing has been granted."""

    kind: Literal["time_asked"] = "time_asked"


class Suspended(Fact):
    """`until` is the day on which the case resumes by itself."""

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
