"""利息: what can have happened. Amounts end in `_fen`."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict, Field

from domain.facts.fact import Fact
from domain.interest import InterestRule

__all__ = ["InterestFact", "InterestFixed", "InterestWaived"]


class InterestFixed(Fact):
    """It is owed at `rate`, or as an agreed sum. A later one replaces it.

    Attributes:
        since: The first day that bears interest, `from` in a journal.
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
    """The creditor waives so much; with `whole` that is all there is, and nothing comes of it later."""

    kind: Literal["interest_waived"] = "interest_waived"
    amount_fen: int
    whole: bool = False


InterestFact = InterestFixed | InterestWaived
