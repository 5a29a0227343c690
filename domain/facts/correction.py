"""更正登记: what can have happened."""

from typing import Literal

from domain.correction import ReceiptFacts
from domain.facts.fact import Fact

__all__ = ["Corrected", "CorrectionFact"]


class Corrected(Fact):
    """Of what was registered, `now` is right where it said what `was` says."""

    redates = True

    kind: Literal["corrected"] = "corrected"
    was: ReceiptFacts
    now: ReceiptFacts
    reason: str


CorrectionFact = Corrected
