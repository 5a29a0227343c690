"""Rule packs: what a jurisdiction decides for itself, as data. A pack is copied into a case at its start and never changes there."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from domain.actors import Role
from domain.calendar import Calendar, WrittenTerm
from domain.value import Light, Text, Value


class DutyKind(StrEnum):
    """What somebody can owe a case."""

    INTAKE = "intake"
    CORRECTION = "correction"
    TRANSFER = "transfer"
    ACKNOWLEDGEMENT = "acknowledgement"
    VERIFICATION = "verification"
    ENDORSEMENT = "endorsement"
    DISPUTE = "dispute"
    FUNDING = "funding"
    BONDING = "bonding"
    INSTALMENT = "instalment"
    CONFIRMATION = "confirmation"
    ANSWER = "answer"
    REVIEW = "review"


OfficeCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
"""A six-digit division code (GB/T 2260)."""

_NEVER_LATE = frozenset({Role.CREDITOR})


class DutyRule(Value):
    """Who owes a duty, for how long, and on what basis. The term of an instalment is the plan's own date: None."""

    owner: Role
    term: WrittenTerm | None = None
    ceiling: WrittenTerm | None = None
    basis: Text

    @model_validator(mode="after")
    def _terms_are_positive(self) -> Self:
        for term in (self.term, self.ceiling):
            if term is not None and term.days <= 0:
                raise ValueError(f"a duty's term must be positive, not {term}")
        return self


class Rung(Value):
    """A rung of the ladder: measured from the last day of a duty, it turns the duty's light to a colour."""

    at: WrittenTerm
    light: Light


OrderKey = Literal["migrant_wages", "livelihood", "received_on", "case_no"]


def _ends_with_case_no(order: tuple[OrderKey, ...]) -> tuple[OrderKey, ...]:
    if not order or order[-1] != "case_no" or len(set(order)) != len(order):
        raise ValueError(
            "an allocation order names each key once and ends with case_no, so that no two cases are equal"
        )
    return order


class RulePack(Value):
    """The rules of a jurisdiction: duties, ladder, allocation order, and its offices by code.

    Attributes:
        name: The pack's file name without ending, such as `gansu`.
        version: Changes whenever any rule does.
        effective_on: The day from which the pack applies.
        offices: The name of each office; the superior of one is the next coarser code.
    """

    name: str
    title: Text
    version: str
    effective_on: date
    allocation_order: Annotated[tuple[OrderKey, ...], AfterValidator(_ends_with_case_no)]
    ladder: tuple[Rung, ...]
    duties: Mapping[DutyKind, DutyRule]
    offices: Mapping[OfficeCode, Text] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if missing := [kind for kind in DutyKind if kind not in self.duties]:
            raise ValueError(f"no rule for the duties {', '.join(missing)}")
        for kind, rule in self.duties.items():
            if (rule.term is None) != (kind is DutyKind.INSTALMENT):
                raise ValueError(f"duties.{kind}: every duty but instalment has a term")
        severities = [rung.light.severity for rung in self.ladder]
        if severities != sorted(set(severities)):
            raise ValueError("the ladder's lights must rise from rung to rung")
        return self

    def for_case(self, office: str, calendar: Calendar) -> "Rules":
        """What a case of that office carries: the rules, the offices above and below it, and the calendar."""
        above, below = superiors(office, self.offices), subtree(office)
        offices = {
            code: name for code, name in self.offices.items() if code in above or below.fullmatch(code)
        }
        return Rules(
            pack=f"{self.name}@{self.version}",
            ladder=self.ladder,
            duties=self.duties,
            offices=offices,
            calendar=calendar,
        )


class Rules(Value):
    """The rules a running case lives by, fixed when it is opened."""

    pack: str
    ladder: tuple[Rung, ...]
    duties: Mapping[DutyKind, DutyRule]
    offices: Mapping[OfficeCode, str]
    calendar: Calendar

    def rungs(self, kind: DutyKind) -> tuple[Rung, ...]:
        """The rungs that a duty may climb: those of the creditor never go above yellow."""
        if self.duties[kind].owner in _NEVER_LATE:
            return tuple(rung for rung in self.ladder if rung.light is not Light.RED)
        return self.ladder


def superiors(office: str, offices: Mapping[str, str]) -> tuple[str, ...]:
    """The offices above one, nearest first: `620105` → `620100`, `620000`."""
    coarser = (office[:4] + "00", office[:2] + "0000")
    return tuple(code for code in dict.fromkeys(coarser) if code != office and code in offices)


def superior(office: str, offices: Mapping[str, str]) -> str | None:
    """The office directly above one, or None at the top."""
    return next(iter(superiors(office, offices)), None)


def subtree(office: str) -> re.Pattern[str]:
    """A pattern of the codes of an office and of all offices below it."""
    return re.compile(re.sub(r"(00)+$", "", office).ljust(2, "0") + "[0-9]*")


def is_below(office: str, other: str) -> bool:
    """Whether `office` is below `other`."""
    return office != other and subtree(other).fullmatch(office) is not None
