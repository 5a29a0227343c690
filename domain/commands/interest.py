"""The commands of 利息."""

from typing import Literal

from pydantic import ConfigDict, Field

from domain.command_base import CommandBase
from domain.interest import InterestRule
from domain.money import PositiveFen
from domain.rate import Rate
from domain.value import Day, Text

__all__ = ["FixInterest", "InterestCommand", "WaiveInterest"]


class FixInterest(CommandBase):
    """Fix interest by a rate, or as a sum that both parties agreed on. `lpr` is the one-year LPR of the day of the contract.

    Attributes:
        since: The first day that bears interest; written `from` everywhere outside.
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
    """Waive `amount` of the interest; without an amount, all of it, now and later."""

    is_grave = True

    do: Literal["waive_interest"] = "waive_interest"
    amount: PositiveFen | None = None


InterestCommand = FixInterest | WaiveInterest
