"""受理 and 转办: what can have happened."""

from typing import Literal

from domain.facts.fact import Fact
from domain.receipt import Receipt
from domain.value import Stage

__all__ = [
    "Accepted",
    "CorrectionRequested",
    "CorrectionSupplied",
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


IntakeFact = Received | Accepted | Refused | CorrectionRequested | CorrectionSupplied
