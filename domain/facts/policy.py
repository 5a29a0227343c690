"""The facts of adopting other rules and another calendar."""

from datetime import date
from typing import Literal

from domain.duty import DutyKind
from domain.facts.fact import Fact
from domain.value import Value

__all__ = ["Moved", "PolicyAdopted", "PolicyFact", "Redated"]


class Moved(Value):
    """A duty whose last day has changed."""

    duty: DutyKind
    subject: str | None
    was: date
    due_on: date


class Redated(Fact):
    """The case counts by the calendar of `notice`. `moved` are the duties whose last day changed."""

    redates = True

    kind: Literal["redated"] = "redated"
    notice: str
    moved: tuple[Moved, ...]


class PolicyAdopted(Fact):
    """The case has adopted another rule pack."""

    redates = True

    kind: Literal["policy_adopted"] = "policy_adopted"
    policy: str
    calendar: str
    was: str
    reason: str
    moved: tuple[Moved, ...]


PolicyFact = Redated | PolicyAdopted
