"""The facts of 清偿计划. Amounts end in `_fen`."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from domain.facts.fact import Fact
from domain.value import SourceKind, Value

__all__ = ["Instalment", "Planned", "PlanningFact", "Source"]


class Source(Value):
    """A source of the plan: how much it is to raise, and how much has arrived, in fen."""

    kind: SourceKind
    planned_fen: int
    arrived_fen: int = 0
    expected_on: date | None = None


class Instalment(Value):
    """A promised payment, in fen. `no` counts from 1 in the order of the days."""

    no: int
    due_on: date
    amount_fen: int


class Planned(Fact):
    """A plan, or its revision. The sources and the instalments each add up to what was still to clear on that day.

    Attributes:
        levels: The ladder level with which each instalment begins, by its number, if money in it was late before.
    """

    redates = True

    kind: Literal["planned"] = "planned"
    sources: tuple[Source, ...]
    instalments: tuple[Instalment, ...]
    reason: str | None = None
    levels: Mapping[int, str] = {}


PlanningFact = Planned
