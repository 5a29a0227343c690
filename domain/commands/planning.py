"""The command of 清偿计划."""

from typing import Literal

from pydantic import Field

from domain.actors import Role
from domain.command_base import CommandBase
from domain.money import PositiveFen
from domain.statement import PlannedInstalment
from domain.value import MOST_INSTALMENTS, MOST_OF_A_LIST, Day, SourceKind, Text, Value

__all__ = ["MakePlan", "PlannedSource", "PlanningCommand"]


class PlannedSource(Value):
    """A source of the plan, with its amount in fen."""

    kind: SourceKind
    amount: PositiveFen
    expected_on: Day | None = None


class MakePlan(CommandBase):
    word_of = Role.DEBTOR

    do: Literal["plan"] = "plan"
    sources: tuple[PlannedSource, ...] = Field(min_length=1, max_length=MOST_OF_A_LIST)
    instalments: tuple[PlannedInstalment, ...] = Field(min_length=1, max_length=MOST_INSTALMENTS)
    reason: Text | None = None


PlanningCommand = MakePlan
