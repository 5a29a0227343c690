"""The values that a case file consists of: stages, the recognised debt, the plan, payments, submissions, gates. All are immutable."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from pydantic import SerializerFunctionWrapHandler, model_serializer

from domain.actors import WrittenActor
from domain.evidence import EvidenceKind
from domain.facts import Amounts, Instalment, Source
from domain.value import Ground, PartySide, PaymentForm, SourceKind, Stage, Step, Value

SpanState = Literal["waiting", "open", "done", "skipped"]
SubmissionState = Literal["waiting", "approved", "returned"]
PaymentState = Literal["reported", "confirmed", "disputed", "bounced", "attested", "maturing", "reversed"]


class StageSpan(Value):
    """A stage of the case: whether it waits, is open, done or skipped, and since when."""

    stage: Stage
    state: SpanState = "waiting"
    opened_on: date | None = None
    done_on: date | None = None


class Recognition(Amounts):
    """The recognised debt (欠款认定), in fen. Amounts that were rejected, waived or deducted are no part of `settled_fen`, and are
    kept apart.

    Attributes:
        on: The day on which it was stated.
        entered_by: The clerk who entered the debtor's statement, if one did.
        silent_on: The day on which the creditor's time to endorse it lapsed.
    """

    on: date
    entered_by: WrittenActor | None = None
    silent_on: date | None = None
    rejected_fen: int = 0
    discounted_fen: int = 0
    deducted_fen: int = 0


class Account(Value):
    """How the account was established: by whom, and on which day. `as_of` is the day of its amounts."""

    by: Literal["endorsed", "deemed", "determined", "judgment", "taken_in"]
    on: date
    as_of: date


class CalledIn(Value):
    """Whoever was last called to an interview: the addressee of the letter, and the party that may read it, if it is one."""

    addressee: str
    sides: tuple[PartySide, ...]


class Court(Value):
    """The court or arbitration body (法院或仲裁机构) that has the judicial part, and since when."""

    court: str
    reference: str
    hearing_on: date | None = None
    on: date


class Plan(Value):
    """The plan in force.

    Attributes:
        cleared_before_fen: What had been cleared when the plan was made, or paid directly and unconfirmed. It is no part of the plan.
        counted_before: The amounts of those payments by voucher. If one no longer counts, more has to be planned.
        spent_before_fen: What had been cleared out of earlier funding.
        taken_on: The day on which the present debtor took the place of the one that made it.
    """

    on: date
    sources: tuple[Source, ...]
    instalments: tuple[Instalment, ...]
    cleared_before_fen: int
    counted_before: Mapping[str, int] = {}
    spent_before_fen: int = 0
    taken_on: date | None = None

    @property
    def owed_since(self) -> date:
        """The day from which the present debtor owes its instalments."""
        return self.taken_on or self.on

    @property
    def total_fen(self) -> int:
        """The sum of the instalments."""
        return sum(instalment.amount_fen for instalment in self.instalments)

    def source(self, kind: SourceKind) -> Source | None:
        """The source of that kind, if the plan has one."""
        return next((source for source in self.sources if source.kind is kind), None)

    @property
    def planned_fen(self) -> int:
        """The sum that its sources are to raise."""
        return sum(source.planned_fen for source in self.sources)

    def beyond_before_fen(self, payment: "Payment", fen: int) -> int:
        """An amount of a payment without the part that had counted before the plan was made."""
        return max(fen - self.counted_before.get(payment.voucher, 0), 0)

    def covered(self, payments: "Sequence[Payment]") -> "Iterator[Covered]":
        """How far each instalment is cleared and paid. Payments since the plan was made fill the instalments in order."""
        left_fen = sum(self.beyond_before_fen(one, one.confirmed_fen) for one in payments)
        paid_fen = self.paid_since_fen(payments)
        for instalment in self.instalments:
            cleared, covered = min(left_fen, instalment.amount_fen), min(paid_fen, instalment.amount_fen)
            left_fen, paid_fen = left_fen - cleared, paid_fen - covered
            yield Covered(instalment, cleared, covered)

    def paid_since_fen(self, payments: "Sequence[Payment]") -> int:
        """What has been paid since the plan was made, and not denied."""
        return sum(self.beyond_before_fen(one, one.covers_fen) for one in payments)


class Awaited(NamedTuple):
    """What a bond batch has included for a case and has neither sent nor taken back, in fen, and the plan's source of it."""

    source: SourceKind
    fen: int


class Covered(NamedTuple):
    """An instalment, how much of it is cleared, and how much of it is paid, so that nobody is pressed for that."""

    instalment: Instalment
    cleared_fen: int
    covered_fen: int


class Counted(NamedTuple):
    """An amount of a payment that counts as cleared since a day, by the creditor's confirmation or the office's attestation."""

    on: date
    fen: int
    is_attested: bool = False


class Paper(Value):
    """An attachment that is on file: its kind, what it belongs to (`of`: a voucher, a duty, a command), and who filed it."""

    no: int
    what: EvidenceKind
    of: str | None = None
    by: WrittenActor


class Payment(Value):
    """A payment by voucher, and what has become of it.

    Attributes:
        since: The day of its latest report, confirmation, dispute or bounce.
        entered_by: The clerk who entered the report.
        direct: Whether the debtor paid from its own account, without any funding.
        matures_on: The day on which a bill matures, or by which property is to be handed over.
        interest_fen: The part of the payment that is interest; the rest is principal.
        interest_paid_fen: How much of that interest the creditor has received.
        counted: The amounts of the principal that count as cleared, each with its day.
        silent_on: The day on which the creditor's time to confirm lapsed.
        answered_on: The day on which the debtor answered the creditor's denial. In an open case the office attests only a payment
            with one of these two days; both are cleared when the creditor confirms.
    """

    voucher: str
    amount_fen: int
    interest_fen: int = 0
    paid_on: date
    state: PaymentState
    since: date
    entered_by: WrittenActor | None = None
    form: PaymentForm = PaymentForm.CASH
    direct: bool = False
    matures_on: date | None = None
    transferred_on: date | None = None
    counted: tuple[Counted, ...] = ()
    interest_paid_fen: int = 0
    silent_on: date | None = None
    answered_on: date | None = None

    @model_serializer(mode="wrap")
    def _in_short(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out fields that have their default: a case may have five hundred payments."""
        return {
            name: value
            for name, value in written(self).items()
            if getattr(self, name) != type(self).model_fields[name].default
        }

    @property
    def principal_fen(self) -> int:
        """The payment without its interest."""
        return self.amount_fen - self.interest_fen

    @property
    def confirmed_fen(self) -> int:
        """The principal that counts as cleared."""
        return sum(one.fen for one in self.counted)

    @property
    def attested_fen(self) -> int:
        """The part of that which the office has attested."""
        return sum(one.fen for one in self.counted if one.is_attested)

    @property
    def accepted_fen(self) -> int:
        """What has been confirmed or attested, including interest."""
        return self.confirmed_fen + self.interest_paid_fen

    @property
    def in_transit_fen(self) -> int:
        """The principal that is on its way to the creditor."""
        return 0 if self.is_over else self.principal_fen - self.confirmed_fen

    @property
    def paid_fen(self) -> int:
        """The principal that has been paid: what counts, and what is on its way."""
        return self.confirmed_fen + self.in_transit_fen

    @property
    def interest_in_transit_fen(self) -> int:
        """The interest that is on its way to the creditor."""
        return 0 if self.is_over else self.interest_fen - self.interest_paid_fen

    @property
    def awaited_fen(self) -> int:
        """What is on its way to the creditor, including interest."""
        return self.in_transit_fen + self.interest_in_transit_fen

    @property
    def covers_fen(self) -> int:
        """How much of the plan's instalments the payment covers."""
        return self.confirmed_fen + (self.in_transit_fen if self.covers_what_is_open else 0)

    @property
    def covers_what_is_open(self) -> bool:
        """Whether the part in transit covers instalments, so that nobody is pressed for it. A bill does once the creditor has taken it
        (条例 2025 Art 11), a payment that is denied does once the debtor has answered.
        """
        if self.state == "reported":
            return not self.is_to_mature
        return self.state != "disputed" or self.answered_on is not None

    @property
    def is_over(self) -> bool:
        """Whether the payment bounced or was reversed."""
        return self.state in ("bounced", "reversed")

    @property
    def paid_by(self) -> date:
        """The day on which the payment counts as made: a bill at its maturity, property at its transfer."""
        if self.is_to_mature and self.matures_on is not None:
            return self.matures_on
        if self.form is PaymentForm.IN_KIND and self.transferred_on is not None:
            return self.transferred_on
        return self.paid_on

    @property
    def is_to_mature(self) -> bool:
        """Whether it is a promise to pay on a day: a bill or an electronic claim."""
        return self.form in (PaymentForm.BILL, PaymentForm.E_VOUCHER)


class Suspension(Value):
    """A suspension in force: its ground, and the day `until` on which the case resumes by itself."""

    since: date
    until: date
    ground: Ground


class Extension(NamedTuple):
    """An extension: how many days were granted, and when."""

    on: date
    days: int


class Submission(Value):
    """A command that waits for its second person (送审), or a decided one.

    Attributes:
        account: The account of whoever gave or entered it, if known.
        fields: The command's own fields without `do`, while it waits; amounts end in `_fen`.
        rests: The keys of the duties that it would meet. They are not owed while it waits, unless `is_late`.
        office: The office whose head decides, if the holder's may not.
    """

    no: int
    do: str
    by: WrittenActor
    entered_by: WrittenActor | None = None
    account: int | None = None
    on: date
    fields: Mapping[str, Any]
    rests: tuple[str, ...] = ()
    office: str | None = None
    is_late: bool = False
    state: SubmissionState = "waiting"
    decided_by: WrittenActor | None = None
    reason: str | None = None

    @property
    def waits(self) -> bool:
        """Whether it has not been decided yet."""
        return self.state == "waiting"


class Appeal(Value):
    """The creditor's appeal against the end of the case (申诉), which the head of `office` answers."""

    office: str
    since: date


class Withdrawal(Value):
    """The creditor's request to withdraw, while the office has not confirmed it. `entered_by` is the clerk who had it on paper."""

    asked_on: date
    reason: str
    entered_by: WrittenActor | None = None


class Gate(Value):
    """A proposed step (人工审批) that waits for the head of an office. `against` is the office that held the case when the duty
    lapsed; None if the step is against the debtor.
    """

    step: Step
    office: str
    since: date
    against: str | None = None
