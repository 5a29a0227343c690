"""The documents that programs get, field by field: what `domain.case.view` and `office.enquiries` say, for the OpenAPI."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.bonds.batch import BatchStage
from domain.case.contents import PaymentState, SpanState, SubmissionState
from domain.interest import InterestRule
from domain.receipt import Channel, Creditor, Debtor
from domain.value import BondKind, Ground, Light, Mode, PaymentForm, SourceKind, Stage


class Document(BaseModel):
    """Closed: a field that is not described here is a defect."""

    model_config = ConfigDict(extra="forbid")


class ContractDocument(Document):
    """What is known of the contract."""

    no: str | None
    signed_on: date | None
    delivered_on: date | None
    accepted_on: date | None
    settled_on: date | None = Field(description="The day on which both confirmed the amount.")
    agreed_term_days: int | None
    agreed_rate: str | None = Field(description="Interest for late payment, such as `3.45%/y` or `0.05%/d`.")
    total_fen: int | None


class OwedSinceDocument(Document):
    """The first day on which the price was owed and late, and how that is counted."""

    on: date
    from_: Literal["settled", "accepted", "delivered"] = Field(alias="from")
    from_on: date
    term_days: int
    basis: str


class SkippedDays(Document):
    """Days that a term does not count."""

    since: date
    until: date
    why: str


class DutyDocument(Document):
    """Who owes what by which day, and how that day was found."""

    duty: str
    owner: str
    subject: str | None
    office: str | None = Field(description="The office that owes it; null: a party does.")
    opened_on: date
    due_on: date
    due_raw: date
    was_due_on: date | None = Field(description="The last day that had passed before the case was entered.")
    provisional: bool
    basis: str
    rules: str
    calendar: str
    term: str | None
    skipped: list[SkippedDays]
    worked: list[date]
    light: Light
    lapsed_on: date | None
    level: str | None


class StageDocument(Document):
    """A stage of the case's life."""

    stage: Stage
    state: SpanState
    opened_on: date | None
    done_on: date | None


class PaymentDocument(Document):
    """A payment that was reported."""

    voucher: str
    amount_fen: int
    paid_on: date
    state: PaymentState
    form: PaymentForm
    direct: bool = Field(description="Whether the debtor paid from its own account, without funding.")
    matures_on: date | None
    transferred_on: date | None
    interest_fen: int = Field(description="How much of the amount is interest.")
    confirmed_fen: int
    entered_by: str | None = Field(description="The clerk who entered the debtor's report.")


class InstalmentDocument(Document):
    """A payment that the plan promises."""

    no: int
    due_on: date
    amount_fen: int
    cleared_fen: int
    covered_fen: int = Field(description="Cleared, or paid and not denied.")
    level: str | None = Field(description="How far its duty has climbed the ladder.")


class SourceDocument(Document):
    """A source of the plan, and what has arrived of it."""

    kind: SourceKind
    planned_fen: int
    arrived_fen: int


class PartDocument(Document):
    """A part of what is recognised."""

    no: int | None = Field(description="Of a part that has a day.")
    kind: Literal["undisputed", "disputed", "not_yet_due", "judicial"]
    amount_fen: int
    due_on: date | None
    what: str | None
    court: str | None
    reference: str | None
    hearing_on: date | None


class AccountDocument(Document):
    """By whose word, and since when, the account stands; `as_of` is the day of its amounts."""

    by: str
    on: date
    as_of: date


class InterestLine(Document):
    """Simple interest on one amount of principal."""

    since: date = Field(alias="from")
    until: date = Field(alias="to", description="The first day that does not count any more.")
    days: int
    principal_fen: int
    interest_fen: int


class InterestDocument(Document):
    """Interest with its computation, apart from every other amount."""

    rule: InterestRule
    rate: str | None = Field(description="Such as `0.05%/d`; null where a sum was agreed, or none is owed.")
    since: date = Field(alias="from")
    basis: str
    reason: str | None
    as_of: date
    accrued_fen: int
    paid_fen: int
    in_transit_fen: int = Field(description="Paid, and not confirmed by the creditor.")
    waived_fen: int
    outstanding_fen: int
    lines: list[InterestLine]


class SubmissionDocument(Document):
    """A command that waits for its second person, or what has become of it."""

    no: int
    do: str
    by: str
    entered_by: str | None
    on: date
    due_on: date | None = Field(description="The last day of the approval, while it waits.")
    fields: dict[str, Any] = Field(description="What the command says; amounts end in `_fen`.")
    state: SubmissionState
    decided_by: str | None
    reason: str | None


class TakenInDocument(Document):
    """How far a case had come where it lived before."""

    as_of: date
    source: str
    stage: Stage
    mode: Mode
    acknowledged_on: date | None


class SuspensionDocument(Document):
    """Since when the case stands still, until when, and why."""

    since: date
    until: date
    ground: Ground


class WithdrawalDocument(Document):
    """That the creditor has asked to withdraw, which the office has not confirmed yet."""

    asked_on: date
    reason: str


class PromiseDocument(Document):
    """What the debtor has promised at an interview (约谈)."""

    no: int
    what: str
    due_on: date
    made_on: date
    met_on: date | None


class EnterpriseCase(Document):
    """A case as its creditor may see it."""

    case_no: str
    title: str
    stage: Stage
    suspended: bool
    mode: Mode
    light: Light
    office: str
    holder: str
    creditor: Creditor
    debtor: Debtor
    received_on: date
    ended_on: date | None
    claimed_fen: int | None = Field(description="What the creditor says; null: to be verified.")
    settled_fen: int
    paid_before_fen: int
    undisputed_fen: int
    disputed_fen: int
    not_yet_due_fen: int
    judicial_fen: int
    rejected_fen: int
    discounted_fen: int
    deducted_fen: int
    in_kind_fen: int
    attested_fen: int
    taken_in_fen: int
    parts: list[PartDocument]
    account: AccountDocument | None
    interest: InterestDocument | None
    asleep: bool = Field(description="Whether all that is left waits for its day.")
    included_fen: int
    available_fen: int
    in_transit_fen: int
    cleared_fen: int
    outstanding_fen: int
    duties: list[DutyDocument]
    stages: list[StageDocument]
    payments: list[PaymentDocument]
    instalments: list[InstalmentDocument]
    sources: list[SourceDocument]
    project: str
    channel: Channel
    channels: list[Channel] = Field(description="By which it came; and those that go on in it.")
    kind: Literal["goods", "works", "services"]
    migrant_wages: bool
    wage_fen: int | None = Field(description="How much of the claim is wages; null: all of it, if any.")
    livelihood: bool
    contract: ContractDocument | None
    owed_since: OwedSinceDocument | None = Field(description="Null where that is not known.")
    spending: Literal["capital", "recurrent"] | None
    entered_on: date
    taken_in: TakenInDocument | None
    withdrawal: WithdrawalDocument | None


class CaseDocument(EnterpriseCase):
    """A case as offices see it. Amounts are fen, days `YYYY-MM-DD` of Asia/Shanghai."""

    seq: int
    policy: str
    merged_into: str | None = Field(description="The case in which it goes on.")
    suspension: SuspensionDocument | None
    submissions: list[SubmissionDocument]
    promises: list[PromiseDocument]
    assigned_to: str | None
    route: list[str]
    note: str | None


class CaseAfterCommand(CaseDocument):
    """A case as it was right after a command."""

    access_code: str | None = Field(
        default=None, description="Of another creditor, after its substitution was approved: shown this once."
    )


class CaseWithContact(CaseDocument):
    """A case, with the parties' contacts where they were asked for: that they were read is noted."""

    contact: str | None = Field(default=None, description="The creditor's. Only with `contact=true`.")
    debtor_contact: str | None = Field(default=None, description="Likewise.")


class CaseList(Document):
    """A page of cases, and the key of the next one if there is one."""

    cases: list[CaseDocument]
    next: str | None = None


class EventDocument(Document):
    """An entry of the journal. What `data` holds depends on `kind`."""

    case_no: str
    seq: int
    kind: str
    at: datetime
    on: date
    by: str
    entered_by: str | None = Field(description="The clerk who entered a party's word.")
    approved_by: str | None = Field(description="The second person, where it took two.")
    account: int | None = Field(description="The account of whoever gave or entered it in the window.")
    data: dict[str, Any]
    hash: str


class EventList(Document):
    """The journal of a case, from the beginning."""

    case_no: str
    events: list[EventDocument]


class OpenedCase(Document):
    """A case that was opened."""

    case_no: str
    access_code: str | None = Field(
        description="For the enterprise. Null when another code has been given since, or another token opened the case."
    )


class Enquiry(Document):
    """A case number and its access code."""

    case_no: str = Field(max_length=100)
    access_code: str = Field(max_length=100)


class EnquiryToken(Document):
    """Shows the case until it expires."""

    token: str
    expires_at: datetime


class BatchLine(Document):
    """A bond batch on a list. Amounts are fen."""

    batch_no: str
    name: str
    office: str
    kind: BondKind
    quota_fen: int
    opens_on: date
    allocates_on: date
    stage: BatchStage
    requests: int
    requested_fen: int
    allocated_fen: int
    arrived_fen: int
    resolution: str | None = Field(description="The number of the decision that approved it.")
    seq: int


class BatchList(Document):
    """A page of bond batches, and the key of the next one if there is one."""

    batches: list[BatchLine]
    next: str | None = None


class AllocationDocument(Document):
    """What a case gets of a batch, and why."""

    case_no: str
    requested_fen: int
    allocated_fen: int
    included_fen: int | None
    arrived_fen: int
    reason: str


class PreviewDocument(Document):
    """What a case would get of a batch, were its cut-off now, and why."""

    case_no: str
    requested_fen: int
    allocated_fen: int
    reason: str
    spending: Literal["capital", "recurrent"] | None = Field(
        description="Null where nobody knows whether general bonds may pay for it: finance may exclude it."
    )


class BatchDocument(BatchLine):
    """A bond batch, and who gets how much of it."""

    included_fen: int
    remaining_fen: int
    undistributed_fen: int
    allocations: list[AllocationDocument]
    preview: list[PreviewDocument] = Field(description="Before the cut-off; empty after it.")


class OpenedBatch(Document):
    """A bond batch that was opened."""

    batch_no: str


class FieldFault(Document):
    """What is wrong with a field."""

    field: str
    message: str


class CandidateDocument(Document):
    """A case on record that looks like the one that is to be registered: no more of it than is needed to look it up."""

    case_no: str
    received_on: date
    stage: Stage | None = Field(description="Null: it is being registered.")
    holder: str | None


class ProblemDocument(BaseModel):
    """RFC 9457, with `message` in Chinese, and for a refusal its `code` and `field`."""

    type: str
    title: str
    status: int
    detail: str
    message: str
    code: str | None = None
    field: str | None = None
    errors: list[FieldFault] | None = None
    candidates: list[CandidateDocument] | None = Field(default=None, description="Of a `duplicate`.")
