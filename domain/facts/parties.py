"""The fact of 变更当事人."""

from typing import Literal

from domain.facts.fact import Fact
from domain.receipt import Creditor, Debtor
from domain.value import PartySide, SubstitutedWhy

__all__ = ["PartiesFact", "Substituted"]


class Substituted(Fact):
    """Somebody took a party's place. Earlier statements and payments remain valid."""

    redates = True

    kind: Literal["substituted"] = "substituted"
    side: PartySide
    was: Creditor | Debtor
    now: Creditor | Debtor
    why: SubstitutedWhy
    reference: str


PartiesFact = Substituted
