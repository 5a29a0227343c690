"""The facts of a bond batch. Amounts end in `_fen`."""

from datetime import date
from typing import Literal

from domain.facts.fact import Fact
from domain.rules import OrderKey
from domain.value import BondKind

__all__ = [
    "BatchAllocated",
    "BatchApproved",
    "BatchArrived",
    "BatchClosed",
    "BatchDeclined",
    "BatchFact",
    "BatchOpened",
    "RequestExcluded",
]


class BatchOpened(Fact):
    kind: Literal["batch_opened"] = "batch_opened"
    name: str
    office: str
    of: BondKind = BondKind.GENERAL
    quota_fen: int
    opens_on: date
    allocates_on: date
    allocation_order: tuple[OrderKey, ...]


class RequestExcluded(Fact):
    kind: Literal["request_excluded"] = "request_excluded"
    case_no: str
    reason: str


class BatchAllocated(Fact):
    kind: Literal["batch_allocated"] = "batch_allocated"
    requests: int
    requested_fen: int
    allocated_fen: int


class BatchApproved(Fact):
    kind: Literal["batch_approved"] = "batch_approved"
    resolution: str | None = None


class BatchDeclined(Fact):
    kind: Literal["batch_declined"] = "batch_declined"
    reason: str


class BatchArrived(Fact):
    kind: Literal["batch_arrived"] = "batch_arrived"
    amount_fen: int
    reference: str


class BatchClosed(Fact):
    kind: Literal["batch_closed"] = "batch_closed"


BatchFact = (
    BatchOpened
    | RequestExcluded
    | BatchAllocated
    | BatchApproved
    | BatchDeclined
    | BatchArrived
    | BatchClosed
)
