"""What happened: one class a kind of journal entry, and the envelope they come in. Amounts end in `_fen`."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, field_serializer

from domain.actors import Role, WrittenActor, key_of
from domain.calendar import Skipped, WrittenTerm
from domain.receipt import Receipt
from domain.rules import DutyKind, OrderKey
from domain.value import Light, Mode, NoticeKind, Satisfied, SourceKind, Stage, Step, Value


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


class Extended(Value):
    """`days` more, in the unit of the duty's term."""

    kind: Literal["extended"] = "extended"
    duty: DutyKind
    subject: str | None
    opened_on: date
    days: int
    reason: str

    @property
    def key(self) -> "DutyKey":
        return DutyKey(self.duty, self.subject, self.opened_on)


class Suspended(Value):
    """`until` is the day on which the case resumes by itself."""

    kind: Literal["suspended"] = "suspended"
    reason: str
    until: date | None = None


class Resumed(Value):
    kind: Literal["resumed"] = "resumed"
    reason: str | None = None
    late: bool = False


class OfDuty(Value):
    """What happens on a level of the ladder, to which duty. All fields but `late` are None when a person did it.

    Attributes:
        late: Recorded on a later day than its own, because nobody was there to do so.
    """

    duty: DutyKind | None = None
    subject: str | None = None
    opened_on: date | None = None
    due_on: date | None = None
    level: str | None = None
    late: bool = False

    @property
    def key(self) -> "DutyKey | None":
        """The duty that has reached `level`."""
        if self.duty is None or self.opened_on is None:
            return None
        return DutyKey(self.duty, self.subject, self.opened_on)


class DeadlineNear(OfDuty):
    kind: Literal["deadline_near"] = "deadline_near"


class DeadlineLapsed(OfDuty):
    kind: Literal["deadline_lapsed"] = "deadline_lapsed"


class Escalated(OfDuty):
    """The mode is at least what the level or the superior office asks for. `holder` is the office that takes the case over."""

    kind: Literal["escalated"] = "escalated"
    mode: Mode
    was: Mode
    holder: str | None = None
    reason: str | None = None


class StepProposed(OfDuty):
    """A step waits for the head of `office`."""

    kind: Literal["step_proposed"] = "step_proposed"
    step: Step
    office: str


class StepApproved(Value):
    kind: Literal["step_approved"] = "step_approved"
    step: Step
    reason: str | None = None


class StepDeclined(Value):
    kind: Literal["step_declined"] = "step_declined"
    step: Step
    reason: str | None = None


class Relieved(Value):
    kind: Literal["relieved"] = "relieved"
    was: Mode
    reason: str


class NoticeIssued(OfDuty):
    """A numbered document. It is delivered to the channels of the offices `recipients`.

    Attributes:
        number: Its 文号, unique for ever.
        office: Who issues it, and its name.
        addressee: Whom it is for: a party's name, or an office's with the role.
        reply_by: The day by which an answer is due.
        deliver_at: The next office hour, when it goes out.
        sha256: Of the stored .docx file, as 64 hexadecimal digits; filled in when it is recorded.
    """

    kind: Literal["notice_issued"] = "notice_issued"
    number: str
    notice: NoticeKind
    office: str
    office_name: str
    addressee: str
    recipients: tuple[str, ...]
    basis: str
    reply_by: date
    deliver_at: datetime
    sha256: str | None = None


class Moved(Value):
    """A duty whose last day is another now."""

    duty: DutyKind
    subject: str | None
    was: date
    due_on: date


class Redated(Value):
    """The calendar that `notice` brought; `moved` are the duties whose last day it changes."""

    kind: Literal["redated"] = "redated"
    notice: str
    moved: tuple[Moved, ...]


class PolicyAdopted(Value):
    """The case lives by other rules from now on."""

    kind: Literal["policy_adopted"] = "policy_adopted"
    policy: str
    calendar: str
    was: str
    reason: str
    moved: tuple[Moved, ...]


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
    | FundsReturned
    | PaymentReported
    | ReceiptConfirmed
    | ReceiptDisputed
    | PaymentBounced
    | DisputeResolved
    | Rated
    | CalledBack
    | Closed
    | Withdrawn
    | WentJudicial
    | Reopened
    | Extended
    | Suspended
    | Resumed
    | DeadlineNear
    | DeadlineLapsed
    | Escalated
    | StepProposed
    | StepApproved
    | StepDeclined
    | Relieved
    | NoticeIssued
    | Redated
    | PolicyAdopted
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


class Milestone(NamedTuple):
    """A rung of the ladder on its day, at its hour, and the light it turns the duty to."""

    level: str
    on: date
    hour: int
    light: Light


class Duty(Value):
    """Something somebody owes a case, with the day by which, how that day was found, and what happens if it lapses.

    Attributes:
        subject: Which one, where there can be several: an instalment's number, a voucher, a proposed step.
        opened_on: Day zero of the term.
        due_on: The last day; late begins with the next. `due_raw` is that day before rolling to a working day.
        provisional: Whether no published calendar covers the last day yet (暂定).
        term: The term with its extensions; None where the plan names the day.
        basis: The article, or whose choice the term is; `rules` is the pack it comes from, `calendar` the notice that says
            which days are worked.
        skipped: The days from `opened_on` to `due_on` that did not count; `worked` the weekend days that did (调休).
        milestones: The days on which the duty climbs the ladder, from the first level to the last.
    """

    duty: DutyKind
    subject: str | None
    owner: Role
    opened_on: date
    due_on: date
    due_raw: date
    provisional: bool
    term: WrittenTerm | None
    basis: str
    rules: str
    calendar: str
    skipped: tuple[Skipped, ...]
    worked: tuple[date, ...]
    milestones: tuple[Milestone, ...]

    @property
    def key(self) -> "DutyKey":
        """What tells this duty from all others of its case, whatever becomes of its last day."""
        return DutyKey(self.duty, self.subject, self.opened_on)

    def light_from(self, light: Light) -> date | None:
        """The first day on which the duty's light is at least that colour."""
        days = (stone.on for stone in self.milestones if stone.light.severity >= light.severity)
        return next(days, None)


class DutyKey(NamedTuple):
    """Which duty: there is never more than one of a kind and subject that began on the same day."""

    duty: DutyKind
    subject: str | None
    opened_on: date

    def __str__(self) -> str:
        return f"{self.duty}/{self.subject or ''}/{self.opened_on}"


class Event(Value):
    """A fact with its circumstances: the business instant and date, who, and which duties it opened, met and re-dated.

    What happened by itself is dated by its own day, even when it was recorded later; `at` is when it was recorded.
    `by` is whose word it is, `entered_by` the clerk who entered a party's, `account` the account of whoever gave or entered it.
    `command_id` and `digest` name the command that caused it; the system's own events have none.
    """

    at: datetime
    on: date
    by: WrittenActor
    fact: Annotated[CaseFact | BatchFact, Field(discriminator="kind")]
    opened: tuple[Duty, ...] = ()
    met: tuple[DutyKey, ...] = ()
    redated: tuple[Duty, ...] = ()
    entered_by: WrittenActor | None = None
    account: int | None = None
    command_id: str | None = None
    digest: str | None = None

    @field_serializer("met")
    def _by_name(self, met: tuple[DutyKey, ...]) -> tuple[dict[str, Any], ...]:
        return tuple(key._asdict() for key in met)

    @property
    def kind(self) -> str:
        """The journal's kind, such as `receipt_confirmed`."""
        return self.fact.kind

    @property
    def key(self) -> str | None:
        """The key of the command that caused it."""
        return key_of(self.command_id, self.by, self.entered_by) if self.command_id else None


ENDS = {
    "refused": Stage.REFUSED,
    "found_unfounded": Stage.UNFOUNDED,
    "withdrawn": Stage.WITHDRAWN,
    "went_judicial": Stage.JUDICIAL,
    "closed": Stage.CLOSED,
}
"""The facts that end a case, and the stage in which they leave it."""

REDATING = (Planned, Extended, Resumed, Redated, PolicyAdopted)
"""The facts after which the days of open duties are counted again."""
