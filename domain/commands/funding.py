"""资金筹措 and 纳入债券: the commands, and the news of a bond batch."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.actors import Role
from domain.asked import Asked, OwnId
from domain.commands.fields import Among
from domain.money import Fen, PositiveFen
from domain.value import MOST_INSTALMENTS, MOST_OF_A_LIST, Day, Reference, SourceKind, Text, Value

__all__ = ["Fund", "FundingCommand", "MakePlan", "PlannedInstalment", "PlannedSource", "TakeBondNews"]


class PlannedSource(Value):
    """Money the plan counts on, in fen."""

    kind: SourceKind
    amount: PositiveFen
    expected_on: Day | None = None


class PlannedInstalment(Value):
    """A payment the debtor promises, in fen, by a day."""

    due_on: Day
    amount: PositiveFen


class MakePlan(Asked):
    word_of = Role.DEBTOR

    do: Literal["plan"] = "plan"
    sources: tuple[PlannedSource, ...] = Field(min_length=1, max_length=MOST_OF_A_LIST)
    instalments: tuple[PlannedInstalment, ...] = Field(min_length=1, max_length=MOST_INSTALMENTS)
    reason: Text | None = None


class Fund(Asked):
    do: Literal["fund"] = "fund"
    source: Annotated[SourceKind, Among.AWAITED_SOURCES]
    amount: PositiveFen
    reference: Reference


class TakeBondNews(Asked):
    """What a bond batch tells a case: money included, arrived, or the spending found ineligible. Given by the system."""

    command_id: OwnId
    do: Literal["take_bond_news"] = "take_bond_news"
    batch_no: Reference
    news: Literal["included", "arrived", "ineligible"]
    amount: Fen = 0
    transfer_id: Reference | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def _money_has_a_transfer(self) -> Self:
        if (self.transfer_id is None) is not (self.news == "ineligible"):
            raise ValueError("news of money names its transfer, and no other news has one")
        return self


FundingCommand = MakePlan | Fund
