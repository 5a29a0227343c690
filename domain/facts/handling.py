"""What happens to a case from receipt to its end. Amounts end in `_fen`."""

from datetime import date
from typing import Literal

from domain.receipt import Receipt
from domain.value import Satisfied, SourceKind, Value


class Received(Value):
    kind: Literal["received"] = "received"
    receipt: Receipt
    policy: str
    calendar: str


class Accepted(Value):
    kind: Literal["accepted"] = "accepted"


class Refused(Value):
    kind: Literal["refused"] = "refused"
    ground: str


class CorrectionRequested(Value):
    kind: Literal["correction_requested"] = "correction_requested"
    items: tuple[str, ...]


class CorrectionSupplied(Value):
    kind: Literal["correction_supplied"] = "correction_supplied"
    note: str


class Forwarded(Value):
    """`to` is `debtor`, or the code of the office that now holds the case."""

    kind: Literal["forwarded"] = "forwarded"
    to: str


class Acknowledged(Value):
    kind: Literal["acknowledged"] = "acknowledged"


class Recognised(Value):
    kind: Literal["recognised"] = "recognised"
    settled_fen: int
    paid_fen: int
    undisputed_fen: int
    disputed_fen: int
    not_yet_due_fen: int
    as_of: date


class Endorsed(Value):
    kind: Literal["endorsed"] = "endorsed"


class Objected(Value):
    kind: Literal["objected"] = "objected"
    reason: str


class FoundUnfounded(Value):
    kind: Literal["found_unfounded"] = "found_unfounded"
    reason: str


class Source(Value):
    """A source of the plan and what has arrived of it, in fen."""

    kind: SourceKind
    planned_fen: int
    arrived_fen: int = 0
    expected_on: date | None = None


class Instalment(Value):
    """A promised payment, in fen. `no` counts from 1 in the order of the days."""

    no: int
    due_on: date
    amount_fen: int


class Planned(Value):
    """A plan, or its revision: sources and instalments each add up to what was still to clear on that day."""

    kind: Literal["planned"] = "planned"
    sources: tuple[Source, ...]
    instalments: tuple[Instalment, ...]
    reason: str | None = None


class BondRequested(Value):
    """What the case still asks of the region's bond pool. Zero takes the request out of the pool."""

    kind: Literal["bond_requested"] = "bond_requested"
    amount_fen: int


class BondIncluded(Value):
    """Included in a batch: `amount_fen` of what was reserved under `transfer_id`; the rest goes back to the quota."""

    kind: Literal["bond_included"] = "bond_included"
    batch_no: str
    amount_fen: int
    transfer_id: str


class BondIneligible(Value):
    kind: Literal["bond_ineligible"] = "bond_ineligible"
    batch_no: str
    reason: str


class BondFundsArrived(Value):
    kind: Literal["bond_funds_arrived"] = "bond_funds_arrived"
    batch_no: str
    amount_fen: int
    transfer_id: str


class FundsArrived(Value):
    kind: Literal["funds_arrived"] = "funds_arrived"
    source: SourceKind
    amount_fen: int
    reference: str


class FundsReturned(Value):
    """What was held for a case when it ended went back: with `batch_no` to the quota of the batch that had included it and had not
    sent it yet, otherwise from what was available to its source.
    """

    kind: Literal["funds_returned"] = "funds_returned"
    source: SourceKind
    amount_fen: int
    batch_no: str | None = None


class PaymentReported(Value):
    kind: Literal["payment_reported"] = "payment_reported"
    voucher: str
    amount_fen: int
    paid_on: date


class ReceiptConfirmed(Value):
    kind: Literal["receipt_confirmed"] = "receipt_confirmed"
    voucher: str
    amount_fen: int


class ReceiptDisputed(Value):
    """`was_cleared` when a receipt that had been confirmed is denied at a call-back: the money is in transit again."""

    kind: Literal["receipt_disputed"] = "receipt_disputed"
    voucher: str
    amount_fen: int
    reason: str
    was_cleared: bool = False


class PaymentBounced(Value):
    kind: Literal["payment_bounced"] = "payment_bounced"
    voucher: str
    amount_fen: int
    reason: str


class DisputeResolved(Value):
    kind: Literal["dispute_resolved"] = "dispute_resolved"
    recognised_fen: int
    rejected_fen: int
    reference: str


class Rated(Value):
    kind: Literal["rated"] = "rated"
    satisfied: Satisfied
    note: str | None


class CalledBack(Value):
    """`back_to` is the stage to which a dissatisfied creditor puts the case back."""

    kind: Literal["called_back"] = "called_back"
    satisfied: Satisfied
    note: str
    back_to: Literal["payment", "verification"] | None = None


class Closed(Value):
    kind: Literal["closed"] = "closed"
    report: str


class Withdrawn(Value):
    kind: Literal["withdrawn"] = "withdrawn"
    reason: str


class WentJudicial(Value):
    kind: Literal["went_judicial"] = "went_judicial"
    court: str
    reference: str


class Reopened(Value):
    kind: Literal["reopened"] = "reopened"
    reason: str
    back_to: Literal["payment", "verification"]
