"""Duties: what somebody owes a case, by which day."""

from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from domain.actors import Role
from domain.calendar import Skipped, WrittenTerm
from domain.value import Light, Value


class DutyKind(StrEnum):
    """What somebody can owe a case."""

    INTAKE = "intake"
    CORRECTION = "correction"
    TRANSFER = "transfer"
    ACKNOWLEDGEMENT = "acknowledgement"
    RESPONSE = "response"
    VERIFICATION = "verification"
    ENDORSEMENT = "endorsement"
    APPROVAL = "approval"
    OBJECTION = "objection"
    DISPUTE = "dispute"
    FOLLOW_UP = "follow_up"
    DATING = "dating"
    FALLING_DUE = "falling_due"
    FUNDING = "funding"
    BONDING = "bonding"
    INSTALMENT = "instalment"
    CONFIRMATION = "confirmation"
    ATTESTATION = "attestation"
    ANSWER = "answer"
    INTEREST = "interest"
    PROMISE = "promise"
    REVIEW = "review"
    STRIKE_OFF = "strike_off"
    VOLUNTARY = "voluntary"
    APPEAL = "appeal"
    GATE = "gate"


FIXED: Final = frozenset({DutyKind.INTAKE, DutyKind.TRANSFER, DutyKind.FALLING_DUE})
"""Duties whose day is set by the law or the contract, and that nobody can extend."""

OF_HEADS: Final = frozenset({DutyKind.APPROVAL, DutyKind.APPEAL, DutyKind.GATE})
"""Duties of heads. They cause reminders only, and cannot be extended."""


class Milestone(NamedTuple):
    """The instant at which a duty reaches a rung of the ladder, and the light that it then shows."""

    level: str
    on: date
    hour: int
    light: Light


class Duty(Value):
    """Something that somebody owes a case: its last day, how that day was computed, and how it escalates.

    Attributes:
        subject: Tells duties of one kind apart: an instalment's number, a voucher, a proposed step.
        owner: The role that owes it.
        opened_on: Day zero of the term.
        due_on: The last day on which it is in time.
        due_raw: The last day before it was moved to a working day.
        was_due_on: The last day by the rule, if that had passed before the case was entered here.
        provisional: Whether the last day lies beyond the published calendars (暂定).
        term: The term with its extensions; None if a plan names the day.
        basis: The article on which the term rests, or whose choice it is.
        rules: The rule pack it comes from.
        calendar: The notice that says which days are working days.
        skipped: The days from `opened_on` to `due_on` that did not count.
        worked: The weekend days between them that did count (调休).
        milestones: The days on which the duty climbs the ladder, in order.
    """

    duty: DutyKind
    subject: str | None
    owner: Role
    opened_on: date
    due_on: date
    due_raw: date
    was_due_on: date | None = None
    provisional: bool
    term: WrittenTerm | None
    basis: str
    rules: str
    calendar: str
    skipped: tuple[Skipped, ...]
    worked: tuple[date, ...]
    milestones: tuple[Milestone, ...]

    @property
    def key(self) -> "DutyKey":
        """The identity of this duty within its case. It stays the same when the last day changes."""
        return DutyKey(self.duty, self.subject, self.opened_on)

    def light_from(self, light: Light) -> date | None:
        """The first day on which the duty's light is at least that colour."""
        days = (stone.on for stone in self.milestones if stone.light.severity >= light.severity)
        return next(days, None)


class DutyKey(NamedTuple):
    """The identity of a duty within its case: no two of one kind and subject begin on the same day."""

    duty: DutyKind
    subject: str | None
    opened_on: date

    def __str__(self) -> str:
        return f"{self.duty}/{self.subject or ''}/{self.opened_on}"
