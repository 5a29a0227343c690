"""Other rules, and other calendars: what can have happened."""

from datetime import date
from typing import Literal

from domain.duty import DutyKind
from domain.facts.fact import Fact
from domain.value import Value

__all__ = ["Moved", "PolicyAdopted", "PolicyFact", "Redated"]


class Moved(Value):
    """A duty whose last day is another now."""

    duty: DutyKind
    subject: str | None
    was: date
    due_on: date


class Redated(Fact):
    """The calendar that `notice` brought; `moved` are the duties whose last day it changes."""

    redates = True

    kind: Literal["redated"] = "redated"
    notice: str
    moved: tuple[Moved, ...]


class PolicyAdopted(Fact):
    """The case lives by other rules from now on."""

    redates = True

    kind: Literal["policy_adopted"] = "policy_adopted"
    policy: str
    calendar: str
    was: str
    reason: str
    moved: tuple[Moved, ...]


PolicyFact = Redated | PolicyAdopted
