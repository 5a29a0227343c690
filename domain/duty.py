"""What somebody owes a case: the kinds of duties, and one of them with its days."""

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
"""Whose day the law or the contract sets, and nobody extends."""

OF_HEADS: Final = frozenset({DutyKind.APPROVAL, DutyKind.APPEAL, DutyKind.GATE})
"""What heads decide on: it only reminds them, and is not extended."""


class Milestone(NamedTuple):
    """A rung of the ladder on its day, at its hour, and the light it turns the duty to."""

    level: str
    on: date
    hour: int
    light: Light


class Duty(Value):
    """Something somebody owes a case, with its last day, how that day was computed, and what happens if it lapses.

    Attributes:
        subject: Which one, where there can be several: an instalment's number, a voucher, a proposed step.
        opened_on: Day zero of the term.
        due_on: The last day; late begins with the next. `due_raw` is that day before rolling to a working day.
        was_due_on: Its last day by the rule, where that had passed before the case was entered here.
        provisional: Whether no published calendar covers the last day yet (暂定).
        term: The term with its extensions; None where the plan names the day.
        basis: The article, or whose choice the term is; `rules` is the pack it comes from, `calendar` the notice that says
            which days are worked.
        skipped: The days from `opened_on` to `due_on` that did not count; `worked` the weekend days that did (调休).
        milestones: The days on which the duty climbs the ladder, from the first level to the last.
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
        """What identifies this duty within its case, even when its last day changes."""
        return DutyKey(self.duty, self.subject, self.opened_on)

    def light_from(self, light: Light) -> date | None:
        """The first day on which the duty's light is at least that colour."""
        days = (stone.on for stone in self.milestones if stone.light.severity >= light.severity)
        return next(days, None)


class DutyKey(NamedTuple):
    """Which duty: there is never more than one of a kind and subject that began on the same day."""

    duty: DutyKind
    subject: str | None
    opened_on: date

    def __str__(self) -> str:
        return f"{self.duty}/{self.subject or ''}/{self.opened_on}"
