"""What a case file holds: its stages, what is recognised and planned, payments, submissions, gates. Each an immutable value."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from domain.actors import WrittenActor
from domain.facts import Amounts, Instalment, Source
from domain.value import SourceKind, Stage, Step, Value

SpanState = Literal["waiting", "open", "done", "skipped"]
SubmissionState = Literal["waiting", "approved", "returned"]
PaymentState = Literal["reported", "confirmed", "disputed", "bounced"]


class StageSpan(Value):
    """A stage of this case: whether it waits, is open, done or skipped, and since when."""

    stage: Stage
    state: SpanState = "waiting"
    opened_on: date | None = None
    done_on: date | None = None


class Recognition(Amounts):
    """The recognised debt (欠款认定), in fen; `on` is the day it was stated, `entered_by` the clerk who entered the debtor's word.

    What is rejected, given up or deducted leaves `settled_fen`, and is kept apart.
    """

    on: date
    entered_by: WrittenActor | None = None
    rejected_fen: int = 0
    discounted_fen: int = 0
    deducted_fen: int = 0


class Account(Value):
    """By whose word, and since when, the account stands; `as_of` is the day of its amounts."""

    by: Literal["endorsed", "judgment"]
    on: date
    as_of: date


class Court(Value):
    """Where the part in court is (法院或仲裁机构), and since when."""

    court: str
    reference: str
    hearing_on: date | None = None
    on: date


class Plan(Value):
    """The plan in force. `cleared_before_fen` had been cleared when it was made and is no part of it."""

    on: date
    sources: tuple[Source, ...]
    instalments: tuple[Instalment, ...]
    cleared_before_fen: int

    @property
    def total_fen(self) -> int:
        """What the plan is to clear."""
        return sum(instalment.amount_fen for instalment in self.instalments)

    def source(self, kind: SourceKind) -> Source | None:
        """The source of that kind, if the plan has one."""
        return next((source for source in self.sources if source.kind is kind), None)


class Payment(Value):
    """A payment by voucher; `since` is the day of its latest report, confirmation, dispute or bounce, `entered_by` the clerk who
    entered the report.
    """

    voucher: str
    amount_fen: int
    paid_on: date
    state: PaymentState
    since: date
    entered_by: WrittenActor | None = None


class Suspension(Value):
    """How long a suspended case has stood still; it resumes by itself on `until`, if that is given."""

    since: date
    until: date | None = None


class Submission(Value):
    """A command that waits for its second person (送审), or what has become of it.

    Attributes:
        account: That of whoever gave or entered it, where it is known.
        fields: What it says beside `do`; amounts end in `_fen`.
        rests: The keys of the duties that it would meet, which are not owed while it waits; `is_late` ends that.
    """

    no: int
    do: str
    by: WrittenActor
    entered_by: WrittenActor | None = None
    account: int | None = None
    on: date
    fields: Mapping[str, Any]
    rests: tuple[str, ...] = ()
    is_late: bool = False
    state: SubmissionState = "waiting"
    decided_by: WrittenActor | None = None
    reason: str | None = None

    @property
    def waits(self) -> bool:
        """Whether nobody has decided on it yet."""
        return self.state == "waiting"


class Gate(Value):
    """A proposed step (人工审批) that waits for the head of an office."""

    step: Step
    office: str
    since: date
