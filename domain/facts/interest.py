"""The facts of 利息. Amounts end in `_fen`."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict, Field

from domain.facts.fact import Fact
from domain.interest import InterestRule

__all__ = ["InterestFact", "InterestFixed", "InterestWaived"]


class InterestFixed(Fact):
    """Interest was fixed, at `rate` or as an agreed sum. A later fact of this kind replaces it.

    Attributes:
        since: The first day that bears interest; called `from` in a journal.
    """

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    kind: Literal["interest_fixed"] = "interest_fixed"
    rule: InterestRule
    rate: str | None = None
    amount_fen: int | None = None
    lpr: str | None = None
    since: date = Field(alias="from")
    reason: str


class InterestWaived(Fact):
    """The creditor waived interest: `amount_fen` of it, or with `whole` all that is owed now and may accrue later."""

    kind: Literal["interest_waived"] = "interest_waived"
    amount_fen: int
    whole: bool = False


InterestFact = InterestFixed | InterestWaived
