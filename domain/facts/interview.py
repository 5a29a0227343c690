"""The facts of 约谈."""

from datetime import date
from typing import Literal

from domain.facts.fact import Fact
from domain.value import Value

__all__ = ["Fulfilled", "InterviewFact", "InterviewHeld", "Promise", "Summoned"]


class Promise(Value):
    """A promise that the debtor made at an interview.

    Attributes:
        no: Its number within the case.
        made_on: The day on which it was entered.
        met_on: The day on which it was kept, or on which the whole debt was cleared.
    """

    no: int
    what: str
    due_on: date
    made_on: date
    met_on: date | None = None


class Summoned(Fact):
    kind: Literal["summoned"] = "summoned"
    whom: str
    day: date
    place: str
    reason: str


class InterviewHeld(Fact):
    kind: Literal["interview_held"] = "interview_held"
    day: date
    promises: tuple[Promise, ...] = ()


class Fulfilled(Fact):
    kind: Literal["fulfilled"] = "fulfilled"
    promise: int
    note: str


InterviewFact = Summoned | InterviewHeld | Fulfilled
