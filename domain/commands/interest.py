"""利息: the commands."""

from typing import Literal

from pydantic import ConfigDict, Field

from domain.command_base import CommandBase
from domain.interest import InterestRule
from domain.money import PositiveFen
from domain.rate import Rate
from domain.value import Day, Text

__all__ = ["FixInterest", "InterestCommand", "WaiveInterest"]


class FixInterest(CommandBase):
    """By a rate, or as a sum that both parties agreed on. `lpr` is the one-year LPR of the day on which the contract was signed.

    Attributes:
        since: The first day that bears interest, `from` wherever it is written.
    """

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    do: Literal["fix_interest"] = "fix_interest"
    rule: InterestRule
    rate: Rate | None = None
    amount: PositiveFen | None = None
    lpr: Rate | None = None
    since: Day = Field(alias="from")
    reason: Text


class WaiveInterest(CommandBase):
    """`amount` where it is not all, now and later."""

    is_grave = True

    do: Literal["waive_interest"] = "waive_interest"
    amount: PositiveFen | None = None


InterestCommand = FixInterest | WaiveInterest
