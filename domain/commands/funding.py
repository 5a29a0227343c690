"""The commands of 资金筹措 and 纳入债券, and the news of a bond batch."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from domain.command_base import CommandBase, OwnId
from domain.commands.fields import Among
from domain.money import Fen, PositiveFen
from domain.value import Reference, SourceKind, Text

__all__ = ["Fund", "FundingCommand", "TakeBondNews"]


class Fund(CommandBase):
    do: Literal["fund"] = "fund"
    source: Annotated[SourceKind, Among.AWAITED_SOURCES]
    amount: PositiveFen
    reference: Reference


class TakeBondNews(CommandBase):
    """Take the news of a bond batch: money was included, has arrived, or the spending was found ineligible. Given by the system."""

    command_id: OwnId
    do: Literal["take_bond_news"] = "take_bond_news"
    source: SourceKind = SourceKind.BOND
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


FundingCommand = Fund
