"""变更当事人: what can have happened."""

from typing import Literal

from domain.facts.fact import Fact
from domain.receipt import Creditor, Debtor
from domain.value import PartySide, SubstitutedWhy

__all__ = ["PartiesFact", "Substituted"]


class Substituted(Fact):
    """Somebody has taken a party's place. What was said and paid before stays said and paid."""

    redates = True

    kind: Literal["substituted"] = "substituted"
    side: PartySide
    was: Creditor | Debtor
    now: Creditor | Debtor
    why: SubstitutedWhy
    reference: str


PartiesFact = Substituted
