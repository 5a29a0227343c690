"""The parts of a case that the responses are made of."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.case.contents import PaymentState, SpanState, SubmissionState
from domain.interest import InterestRule
from domain.value import (
    Ground,
    LetterKind,
    Light,
    Mode,
    NoticeKind,
    PaymentForm,
    ServedHow,
    SourceKind,
    Stage,
)


class Document(BaseModel):
    """The base class of responses. Closed: a field that is not described here is a defect."""

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
    """The first day on which the price was late, and how it was computed."""

    on: date
    from_: Literal["settled", "accepted", "delivered"] = Field(alias="from")
    from_on: date
    term_days: int
    basis: str


class SkippedDays(Document):
    """Days of a term that did not count."""

    since: date
    until: date
    why: str


class DutyDocument(Document):
    """A duty: who owes it, its last day, and how that day was computed."""

    duty: str
    owner: str
    subject: str | None
    office: str | None = Field(description="The office that owes it; null: a party does.")
    opened_on: date
    due_on: date
    due_raw: date
    was_due_on: date | None = Field(
        description="The original last day, if it had passed before the case was entered."
    )
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
    asked_days: int | None = Field(description="How many more days the debtor has asked for.")


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
    level: str | None = Field(description="The level of the ladder that its duty has reached.")


class SourceDocument(Document):
    """A source of the plan, and how much of it has arrived."""

    kind: SourceKind
    planned_fen: int
    arrived_fen: int


class PartDocument(Document):
    """A part of the recognised debt."""

    no: int | None = Field(description="The number of a dated part.")
    kind: Literal["undisputed", "disputed", "not_yet_due", "judicial"]
    amount_fen: int
    due_on: date | None
    what: str | None
    court: str | None
    reference: str | None
    hearing_on: date | None


class AccountDocument(Document):
    """How the account was established, by whom and when; `as_of` is the day of its amounts."""

    by: str
    on: date
    as_of: date


class InterestLine(Document):
    """Simple interest on one amount of principal."""

    since: date = Field(alias="from")
    until: date = Field(alias="to", description="The first day after the period.")
    days: int
    principal_fen: int
    interest_fen: int


class InterestDocument(Document):
    """Interest with its computation, separate from every other amount."""

    rule: InterestRule
    rate: str | None = Field(description="Such as `0.05%/d`; null if a sum was agreed, or none is owed.")
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
    """A command that waits for its second person, or a decided one."""

    no: int
    do: str
    by: str
    entered_by: str | None
    on: date
    due_on: date | None = Field(description="The last day of the approval, while it waits.")
    fields: dict[str, Any] = Field(description="The command's fields; amounts end in `_fen`.")
    state: SubmissionState
    decided_by: str | None
    reason: str | None


class TakenInDocument(Document):
    """How far a case had come where it was kept before."""

    as_of: date
    source: str
    stage: Stage
    mode: Mode
    acknowledged_on: date | None


class SuspensionDocument(Document):
    """A suspension: its ground, and the day on which the case resumes by itself."""

    since: date
    until: date
    ground: Ground


class WithdrawalDocument(Document):
    """The creditor's request to withdraw, while the office has not confirmed it."""

    asked_on: date
    reason: str


class PromiseDocument(Document):
    """A promise of the debtor at an interview (约谈)."""

    no: int
    what: str
    due_on: date
    made_on: date
    met_on: date | None


class ServiceDocument(Document):
    """How and when a document was served."""

    on: date
    how: ServedHow
    receipt: str | None


class IssuedDocument(Document):
    """A document that the case has issued."""

    number: str
    kind: NoticeKind | LetterKind
    title: str
    on: date
    office: str
    addressee: str
    basis: str
    sha256: str | None
    served: list[ServiceDocument]
