"""The case file (卷宗): everything the rules need to know of a case, as one immutable value."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Final, TypeVar

from domain.actors import WrittenActor
from domain.basis import Governed
from domain.calendar import Pause
from domain.case.contents import (
    Account,
    Appeal,
    Awaited,
    CalledIn,
    Counted,
    Court,
    Covered,
    Extension,
    Gate,
    Paper,
    Payment,
    Plan,
    Recognition,
    StageSpan,
    Submission,
    Suspension,
    Withdrawal,
)
from domain.case.interest import Interest, Standing, changes_of, standing
from domain.command_base import Remembered
from domain.duty import Duty, DutyKind
from domain.facts import Absorbed, DatedPart, Promise
from domain.receipt import Creditor, Receipt
from domain.value import BONDS, LIFE, Mode, SourceKind, Stage, Value

T = TypeVar("T")
SHOWN: Final = "shown"
Shown = Annotated[T, SHOWN]
"""Marks a field of a case that every interface shows unchanged, under its own name."""


class Case(Value):
    """The state of one arrears case. Amounts are in fen, days are business dates; the fields of each group follow one another below.

    Days that begin a term are called day zero and end in `_since`. They are None while nothing of the kind is owed.

    Attributes:
        entered_on: The day on which the case was registered here. A case that was brought in later was received before that.
        first_creditor: The original creditor, once somebody has taken its place.
        route: The offices that have held the case, the present holder last.
        region: The office whose bond batches serve the case: the latest that was given it. A takeover (提级直办) changes nothing.
        returned_by: The offices that have returned the case.
        taken_over_from: The office from which the present holder took the case over.
        taken_over_by: The offices that have taken the case over. They never return it.
        handed_on: The day on which the present holder got the case from another office.
        seq: The number of the latest journal entry.
        ended_by: Who ended the case, and who approved that.
        merged_into: The number of the case in which this one goes on.
        absorbed: The cases that were merged into this one.
        has_appealed: Whether the creditor has appealed against the present end. That is possible once.
        reopened_on: The day on which an ended case went on. No term begins before it.
        suspensions: The past suspensions. A day that they cover counts in no term.
        court_stays: Those of the suspensions that a court caused. Only these postpone a ceiling.
        extensions: The extensions of each duty, by the duty's key.
        levels: The highest level of the ladder that each duty has reached, by its key. No level is reached twice.
        unwritten: The level of each duty whose document waits until the year's calendar is published.
        lapsed_with: The office that held the case when an office's duty lapsed, by the duty's key. Removed when the duty is met; that
            of a verification stays.
        met_on: The day on which each duty was met, by its key.
        rests: The times during which a duty that was re-opened had counted as met, by its key.
        documents: The numbers of the documents that the case has issued.
        contacts: The days of the recorded contacts, in the order of their numbers.
        papers: The attachments that have not been detached.
        attached_by: How many papers each role has filed.
        assigned_to: The person at the holder's office who works on the case.
        time_asked: How many more days the debtor has asked for, by the duty's key.
        intake_since: Set only if the intake's term begins on another day than the receipt.
        transfer_since: The acceptance, or the day on which the holder got a case that was not served yet.
        correction_since: Set while a correction of the complaint is awaited. `corrections` are the past ones.
        verification_since: Day zero at the office that holds the case now.
        verification_begun_on: The day on which that office got the case, or served it.
        ceiling_since: Day zero at the first office, from which the ceiling (Art 25: ninety days in all) is counted.
        ceiling_lapsed_on: The day on which the ceiling passed.
        response_since: Day zero of the debtor's statement. `unanswered_on` is the day on which that term lapsed.
        recognition: The latest statement of the debt. `recognition_stands` ends when the creditor objects, or a review re-opens it.
        account: How the debt was finally established: the creditor endorsed it, or an authority decided. None until then.
        has_objected_late: Whether the creditor has objected to an account that was deemed endorsed.
        dated_parts: How many dated parts have been given a number.
        pay_by: The day by which the latest judgment wants its money paid.
        postponements: How often a revision of the plan has moved money to a later day.
        ineligible: The kinds of bonds that, as it turned out, may not pay this debt.
        fallen: The amounts that have fallen due, each with its day.
        interest_since: Day zero of the interest's payment: no principal was left, or this debtor took the other's place.
        called_back_on: The creditor's first call-back since the case came to review; `called_back_by` and `called_back_accounts` say
            who has called since.
        was_dissatisfied: Whether the creditor, when called back, disputed the amount. `is_determined_anew`: the office decided on it.
        promises: What the debtor has promised at interviews. `promised` is how many promises there have been.
        debtor_ordered_on: The day of the latest 督办书 to the debtor.
        called_in: Who was last summoned to an interview.
        withdrawal: The creditor's wish to withdraw, until the office has called about it.
        included_fen: The total that batches have ever included, whatever has gone back since; `bond_arrived_fen` likewise.
        batches: What the case still awaits from each bond batch. Never 0.
        cleared_fen: What the creditor has confirmed. `taken_in_fen` of it was paid before the case was entered here.
        duties: The open duties, in the order in which they were opened.
        commands: The latest commands that the case has carried out.
        times: How often people have caused each kind of fact. `domain.limits` bounds it.
    """

    case_no: str
    policy: Shown[str]
    calendar: str
    receipt: Receipt
    entered_on: date
    first_creditor: Creditor | None = None
    route: Shown[tuple[str, ...]]
    region: str
    returned_by: tuple[str, ...] = ()
    taken_over_from: str | None = None
    taken_over_by: tuple[str, ...] = ()
    handed_on: date | None = None
    seq: Shown[int] = 0
    stages: tuple[StageSpan, ...] = tuple(StageSpan(stage=stage) for stage in LIFE)
    ended: Stage | None = None
    ended_on: date | None = None
    ended_by: tuple[WrittenActor, ...] = ()
    merged_into: Shown[str | None] = None
    absorbed: tuple[Absorbed, ...] = ()
    appeal: Appeal | None = None
    has_appealed: bool = False
    reopened_on: date | None = None
    mode: Mode = Mode.TRANSFERRED
    suspension: Shown[Suspension | None] = None
    suspensions: tuple[Pause, ...] = ()
    court_stays: tuple[Pause, ...] = ()
    extensions: Mapping[str, tuple[Extension, ...]] = {}
    levels: Mapping[str, str] = {}
    unwritten: Mapping[str, str] = {}
    lapsed_with: Mapping[str, str] = {}
    gates: tuple[Gate, ...] = ()
    submissions: tuple[Submission, ...] = ()
    met_on: Mapping[str, date] = {}
    rests: Mapping[str, tuple[Pause, ...]] = {}
    documents: tuple[str, ...] = ()
    contacts: tuple[date, ...] = ()
    papers: tuple[Paper, ...] = ()
    attached_by: Mapping[str, int] = {}
    assigned_to: Shown[str | None] = None
    time_asked: Mapping[str, int] = {}

    intake_since: date | None = None
    accepted_on: date | None = None
    transfer_since: date | None = None
    correction_since: date | None = None
    corrections: tuple[Pause, ...] = ()
    forwarded_on: date | None = None
    acknowledged_on: date | None = None
    verification_since: date | None = None
    verification_begun_on: date | None = None
    ceiling_since: date | None = None
    ceiling_lapsed_on: date | None = None
    response_since: date | None = None
    recognition: Recognition | None = None
    recognition_stands: bool = False
    unanswered_on: date | None = None
    account: Shown[Account | None] = None
    objection_since: date | None = None
    has_objected_late: bool = False
    dated_parts: int = 0
    court: Court | None = None
    pay_by: date | None = None
    dispute_since: date | None = None
    court_since: date | None = None
    dating_since: date | None = None
    funding_since: date | None = None
    plan: Plan | None = None
    postponements: int = 0
    ineligible: tuple[SourceKind, ...] = ()
    bonding_since: date | None = None
    fallen: tuple[Counted, ...] = ()
    interest: Interest | None = None
    interest_since: date | None = None
    review_since: date | None = None
    called_back_on: date | None = None
    called_back_by: tuple[WrittenActor, ...] = ()
    called_back_accounts: tuple[int, ...] = ()
    was_dissatisfied: bool = False
    is_determined_anew: bool = False
    promises: Shown[tuple[Promise, ...]] = ()
    promised: int = 0
    debtor_ordered_on: date | None = None
    called_in: CalledIn | None = None
    withdrawal: Shown[Withdrawal | None] = None

    included_fen: int = 0
    bond_arrived_fen: int = 0
    batches: Mapping[str, Awaited] = {}
    available_fen: Shown[int] = 0
    in_transit_fen: Shown[int] = 0
    cleared_fen: Shown[int] = 0
    taken_in_fen: Shown[int] = 0
    payments: tuple[Payment, ...] = ()
    references: tuple[str, ...] = ()

    duties: tuple[Duty, ...] = ()
    commands: Remembered = ()
    times: Mapping[str, int] = {}

    @property
    def holder(self) -> str:
        """The office that handles the case now."""
        return self.route[-1]

    @property
    def governed(self) -> tuple[Governed, ...]:
        """Which articles govern it: by its first creditor, whoever has taken its place since (条例 Art 3: as of the signing)."""
        if self.first_creditor is None:
            return self.receipt.governed
        return self.receipt.model_copy(update={"creditor": self.first_creditor}).governed

    @property
    def ranked_on(self) -> date:
        """The day that ranks the case among others: its receipt, or an older receipt of a case that was merged into it."""
        return min(self.receipt.received_on, *(one.received_on for one in self.absorbed), date.max)

    @property
    def is_known_to_debtor(self) -> bool:
        """Whether the debtor knows of the case: it was served by the office or by a court, or its account stands."""
        return self.forwarded_on is not None or self.account is not None

    @property
    def suspended(self) -> bool:
        """Whether all clocks of the case stand still."""
        return self.suspension is not None

    def lit_on(self, kind: DutyKind, today: date) -> date:
        """The day by which a duty's light is judged. A suspension freezes it, except for a verification whose ceiling lapses."""
        if self.suspension is None:
            return today
        lapsed_on = self.ceiling_lapsed_on if kind is DutyKind.VERIFICATION else None
        return min(today, max(self.suspension.since, lapsed_on or date.min))

    @property
    def verification_rests(self) -> bool:
        """Whether the verification is paused because the creditor has to answer the debtor's statement: until that term or the ceiling
        lapses.
        """
        is_silent = self.recognition is not None and self.recognition.silent_on is not None
        return self.recognition_stands and not is_silent and self.ceiling_lapsed_on is None

    @property
    def stage(self) -> Stage:
        """How the case ended, or the earliest stage that is not finished."""
        if self.ended is not None:
            return self.ended
        return next(span.stage for span in self.stages if span.state in ("open", "waiting"))

    @property
    def is_over(self) -> bool:
        """Whether the case has ended and has no open duty left: no appeal and no submission still waits for an answer."""
        return self.ended is not None and not self.duties

    @property
    def undisputed_fen(self) -> int:
        """The undisputed debt by the latest statement. While no statement stands, it is at least what has been paid."""
        stated_fen = self.recognition.undisputed_fen if self.recognition else 0
        return stated_fen if self.recognition_stands else max(stated_fen, self.cleared_fen)

    @property
    def disputed_fen(self) -> int:
        """What debtor and creditor still disagree about."""
        return self.recognition.disputed_fen if self.recognition else 0

    @property
    def not_yet_due_fen(self) -> int:
        """What is recognised and not due yet, with a day or without."""
        return self.recognition.not_yet_due_fen if self.recognition else 0

    @property
    def judicial_fen(self) -> int:
        """What a court or arbitration is to decide on."""
        return self.recognition.judicial_fen if self.recognition else 0

    @property
    def dues(self) -> tuple[DatedPart, ...]:
        """The parts that will fall due, by their days; none before the account stands."""
        return self.recognition.dues if self.recognition and self.account else ()

    @property
    def undated_fen(self) -> int:
        """What is not due yet and has no day."""
        return self.not_yet_due_fen - sum(part.amount_fen for part in self.dues) if self.account else 0

    @property
    def outstanding_fen(self) -> int:
        """Undisputed and not cleared yet."""
        return self.undisputed_fen - self.cleared_fen

    @property
    def is_clear(self) -> bool:
        """Whether the principal is clear, and any fixed interest is paid or waived."""
        if not self.is_principal_clear:
            return False
        interest = self.interest_on(date.max)
        return interest is None or interest.outstanding_fen + interest.in_transit_fen == 0

    @property
    def is_principal_clear(self) -> bool:
        """Whether the account stands, is cleared to the last fen, and nothing is disputed, in court or not yet due."""
        return self.is_paid and self.not_yet_due_fen == 0

    def interest_on(self, day: date) -> Standing | None:
        """The interest as it stands on a day; None if none was fixed. Once the principal is clear it no longer changes."""
        if self.interest is None:
            return None
        changes = changes_of(self.undisputed_fen - self.taken_in_fen, self.fallen, self.payments)
        return standing(self.interest, changes, self.payments, day)

    @property
    def is_asleep(self) -> bool:
        """Whether nothing is left but parts that are not due yet."""
        return self.is_paid and bool(self.dues)

    @property
    def is_paid(self) -> bool:
        """Whether nothing of the account is due, disputed or in court."""
        open_fen = self.outstanding_fen + self.disputed_fen + self.judicial_fen
        return self.account is not None and open_fen == 0

    @property
    def unplanned_fen(self) -> int:
        """The undisputed debt that nobody has paid and no plan covers, including what was planned from bonds that may not pay it."""
        if self.account is None:
            return 0
        if self.plan is None:
            direct = (one.covers_fen - one.confirmed_fen for one in self.payments if one.direct)
            return max(self.outstanding_fen - sum(direct), 0)
        unfit_fen = sum(self.bond_remainder_of(kind) for kind in self.ineligible)
        beside_fen = max(self.plan.paid_since_fen(self.payments) - self.plan.total_fen, 0)
        to_pay_fen = self.undisputed_fen - self.plan.cleared_before_fen
        return to_pay_fen - self.plan.total_fen - beside_fen + unfit_fen

    @property
    def bond_awaited_fen(self) -> int:
        """Included in batches and still to arrive."""
        return sum(one.fen for one in self.batches.values())

    @property
    def in_bonds_fen(self) -> int:
        """Included in bond batches and not returned to them, whether it has arrived or is still to come."""
        return self.bond_arrived_fen + self.bond_awaited_fen

    def bond_awaited_of(self, kind: SourceKind) -> int:
        """Included in batches of that kind of bonds and still to arrive."""
        return sum(one.fen for one in self.batches.values() if one.source is kind)

    def bond_remainder_of(self, kind: SourceKind) -> int:
        """Planned from that kind of bonds, but neither included nor arrived."""
        source = self.plan.source(kind) if self.plan else None
        return source.planned_fen - source.arrived_fen - self.bond_awaited_of(kind) if source else 0

    def bond_wanted_of(self, kind: SourceKind) -> int:
        """The amount of the case's request in the region's pool for that kind of bonds."""
        return 0 if kind in self.ineligible or self.ended else self.bond_remainder_of(kind)

    @property
    def bond_wanted_fen(self) -> int:
        """What the case asks of both pools."""
        return sum(map(self.bond_wanted_of, BONDS))

    @property
    def committed_fen(self) -> int:
        """Cleared, on its way to the creditor, or awaited from bonds. The debt cannot be stated below this."""
        return self.cleared_fen + self.in_transit_fen + self.bond_awaited_fen

    @property
    def provided_fen(self) -> int:
        """What has been committed, and the money that is available but not paid out yet."""
        return self.committed_fen + self.available_fen

    @property
    def direct_in_transit_fen(self) -> int:
        """What the debtor has paid directly, without funding, and the creditor has not confirmed."""
        return sum(payment.in_transit_fen for payment in self.payments if payment.direct)

    @property
    def waiting(self) -> tuple[Submission, ...]:
        """The commands that wait for their second person."""
        return tuple(one for one in self.submissions if one.waits)

    def payment(self, voucher: str) -> Payment | None:
        """The payment with that voucher."""
        return next((payment for payment in self.payments if payment.voucher == voucher), None)

    @property
    def instalments(self) -> Iterator[Covered]:
        """The instalments of the plan, each with how much of it is cleared or paid. Payments since the plan fill them in order."""
        return self.plan.covered(self.payments) if self.plan else iter(())
