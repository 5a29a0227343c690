"""转办, 退办, 改派 and 移送: what can have happened."""

from typing import Literal

from domain.facts.fact import Fact
from domain.value import HandOutTo, Stage

__all__ = ["Acknowledged", "Forwarded", "HandedOut", "HandoverFact", "Reassigned", "ReturnedUp"]


class Forwarded(Fact):
    """`to` is `debtor`, or the code of the office that now holds the case; the head of `above` decides on what is proposed there."""

    kind: Literal["forwarded"] = "forwarded"
    to: str
    above: str | None = None


class ReturnedUp(Fact):
    """`to` is the office that holds the case again, or for the first time."""

    kind: Literal["returned_up"] = "returned_up"
    to: str
    above: str
    reason: str


class Reassigned(Fact):
    """`to` is the office that holds the case now."""

    kind: Literal["reassigned"] = "reassigned"
    to: str
    above: str
    reason: str


class HandedOut(Fact):
    ends = Stage.HANDED_OUT

    kind: Literal["handed_out"] = "handed_out"
    to: str
    of: HandOutTo
    reference: str


class Acknowledged(Fact):
    kind: Literal["acknowledged"] = "acknowledged"


HandoverFact = Forwarded | ReturnedUp | Reassigned | HandedOut | Acknowledged
