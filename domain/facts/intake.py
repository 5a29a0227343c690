"""受理 and 转办: what can have happened."""

from typing import Literal

from domain.facts.fact import Fact
from domain.receipt import Receipt
from domain.value import HandOutTo, Stage

__all__ = [
    "Accepted",
    "Acknowledged",
    "CorrectionRequested",
    "CorrectionSupplied",
    "Forwarded",
    "HandedOut",
    "IntakeFact",
    "Received",
    "Refused",
]


class Received(Fact):
    kind: Literal["received"] = "received"
    receipt: Receipt
    policy: str
    calendar: str


class Accepted(Fact):
    kind: Literal["accepted"] = "accepted"


class Refused(Fact):
    ends = Stage.REFUSED

    kind: Literal["refused"] = "refused"
    ground: str


class CorrectionRequested(Fact):
    kind: Literal["correction_requested"] = "correction_requested"
    items: tuple[str, ...]


class CorrectionSupplied(Fact):
    kind: Literal["correction_supplied"] = "correction_supplied"
    note: str


class Forwarded(Fact):
    """`to` is `debtor`, or the code of the office that now holds the case."""

    kind: Literal["forwarded"] = "forwarded"
    to: str


class HandedOut(Fact):
    ends = Stage.HANDED_OUT

    kind: Literal["handed_out"] = "handed_out"
    to: str
    of: HandOutTo
    reference: str


class Acknowledged(Fact):
    kind: Literal["acknowledged"] = "acknowledged"


IntakeFact = (
    Received
    | Accepted
    | Refused
    | CorrectionRequested
    | CorrectionSupplied
    | Forwarded
    | HandedOut
    | Acknowledged
)
