"""What happens to a bond batch. Amounts end in `_fen`."""

from datetime import date
from typing import Literal

from domain.rules import OrderKey
from domain.value import Value


class BatchOpened(Value):
    kind: Literal["batch_opened"] = "batch_opened"
    name: str
    office: str
    quota_fen: int
    opens_on: date
    allocates_on: date
    allocation_order: tuple[OrderKey, ...]


class RequestExcluded(Value):
    kind: Literal["request_excluded"] = "request_excluded"
    case_no: str
    reason: str


class BatchAllocated(Value):
    kind: Literal["batch_allocated"] = "batch_allocated"
    requests: int
    requested_fen: int
    allocated_fen: int


class BatchApproved(Value):
    kind: Literal["batch_approved"] = "batch_approved"


class BatchDeclined(Value):
    kind: Literal["batch_declined"] = "batch_declined"
    reason: str


class BatchArrived(Value):
    kind: Literal["batch_arrived"] = "batch_arrived"
    amount_fen: int
    reference: str


class BatchClosed(Value):
    kind: Literal["batch_closed"] = "batch_closed"
