"""What happened: one class a kind of journal entry, and the envelope they come in. Amounts end in `_fen`."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from domain.actors import Role, WrittenActor
from domain.receipt import Receipt
from domain.rules import DutyKind, OrderKey
from domain.value import SourceKind, Stage, Value


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


class CalledBack(Value):
    """`back_to` is the stage to which a dissatisfied creditor puts the case back."""

    kind: Literal["called_back"] = "called_back"
    satisfied: Literal["yes", "basically", "no"]
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


CaseFact = (
    Received
    | Accepted
    | Refused
    | CorrectionRequested
    | CorrectionSupplied
    | Forwarded
    | Acknowledged
    | Recognised
    | Endorsed
    | Objected
    | FoundUnfounded
    | Planned
    | BondRequested
    | BondIncluded
    | BondIneligible
    | BondFundsArrived
    | FundsArrived
    | PaymentReported
    | ReceiptConfirmed
    | ReceiptDisputed
    | PaymentBounced
    | DisputeResolved
    | CalledBack
    | Closed
    | Withdrawn
    | WentJudicial
    | Reopened
)

BatchFact = (
    BatchOpened
    | RequestExcluded
    | BatchAllocated
    | BatchApproved
    | BatchDeclined
    | BatchArrived
    | BatchClosed
)


class Duty(Value):
    """Something somebody owes a case, with the day by which and the days on which its light changes.

    Attributes:
        subject: Which one, where there can be several: an instalment's number, a voucher.
        opened_on: Day zero of the term.
        due_on: The last day; late begins with the next. `due_raw` is that day before rolling to a working day.
        provisional: Whether no published calendar covers the last day yet (暂定).
    """

    duty: DutyKind
    subject: str | None
    owner: Role
    opened_on: date
    due_on: date
    due_raw: date
    provisional: bool
    basis: str
    calendar: str
    blue_on: date | None
    yellow_on: date | None
    red_on: date | None


class DutyKey(Value):
    """Which duty: of one kind and subject there is never more than one for the same last day."""

    duty: DutyKind
    subject: str | None
    opened_on: date
    due_on: date


class Event(Value):
    """A fact with its circumstances: the business instant and date, who, and which duties it opened and met.

    `command_id` and `digest` name the command that caused it; the system's own events have none.
    """

    at: datetime
    on: date
    by: WrittenActor
    fact: Annotated[CaseFact | BatchFact, Field(discriminator="kind")]
    opened: tuple[Duty, ...] = ()
    met: tuple[DutyKey, ...] = ()
    command_id: str | None = None
    digest: str | None = None

    @property
    def kind(self) -> str:
        """The journal's kind, such as `receipt_confirmed`."""
        return self.fact.kind


ENDS = {
    "refused": Stage.REFUSED,
    "found_unfounded": Stage.UNFOUNDED,
    "withdrawn": Stage.WITHDRAWN,
    "went_judicial": Stage.JUDICIAL,
    "closed": Stage.CLOSED,
}
"""The facts that end a case, and the stage in which they leave it."""
