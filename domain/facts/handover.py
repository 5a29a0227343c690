"""The facts of 转办, 退办, 改派 and 移送."""

from typing import Literal

from domain.facts.fact import Fact
from domain.value import HandOutTo, Stage

__all__ = ["Acknowledged", "Forwarded", "HandedOut", "HandoverFact", "Reassigned", "ReturnedUp"]


class Forwarded(Fact):
    """The case was forwarded. `to` is `debtor`, or the code of the office that holds the case now. The head of the office `above`
    decides on the steps that are proposed from now on.
    """

    kind: Literal["forwarded"] = "forwarded"
    to: str
    above: str | None = None


class ReturnedUp(Fact):
    """The case was returned. `to` is the office that holds it now: the one it came from, or the one above."""

    kind: Literal["returned_up"] = "returned_up"
    to: str
    above: str
    reason: str


class Reassigned(Fact):
    """The case was reassigned. `to` is the office that holds it now."""

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
