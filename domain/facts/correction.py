"""The fact of 更正登记."""

from typing import Literal

from domain.correction import ReceiptFacts
from domain.facts.fact import Fact

__all__ = ["Corrected", "CorrectionFact"]


class Corrected(Fact):
    """The registration was corrected: the fields in `now` replace those in `was`."""

    redates = True

    kind: Literal["corrected"] = "corrected"
    was: ReceiptFacts
    now: ReceiptFacts
    reason: str


CorrectionFact = Corrected
