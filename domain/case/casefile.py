"""The case file (卷宗): everything the rules need to know of a case, as one immutable value."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Final, TypeVar

from domain.actors import WrittenActor
from domain.asked import Remembered
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
from domain.duty import Duty, DutyKind
from domain.facts import Absorbed, DatedPart, Promise
from domain.receipt import Creditor, Receipt
from domain.value import BONDS, LIFE, Mode, SourceKind, Stage, Value

T = TypeVar("T")
SHOWN: Final = "shown"
Shown = Annotated[T, SHOWN]
"""A field of a case that every interface shows under its own name, as it is."""


class Case(Value):
    """One arrears case. All amounts are fen.

    Attributes:
        first_creditor: Whoever was owed at first, where somebody has taken its place.
        route: The offices the case came through, the holder last; `returned_by` those that have returned it, and `taken_over_from` the
            one from which the holder took it over.
        taken_over_by: Those that have taken it over, and never return it.
        handed_on: The day on which the holder was given it by another office.
        region: The office whose bond batches serve the case: the latest to which it was given, whoever took it over since.
        ended_by: Who ended it, and who approved that. `has_appealed` is the creditor against this end, which happens once.
        merged_into: The case in which it goes on; `absorbed` are those that go on in this one.
        reopened_on: The day on which it went on where it had stood: no term of it began earlier.
        correction_since: The day a correction was asked for, while it is awaited. `corrections` are the closed ones.
        intake_since: Day zero of the intake, where that is not the day of receipt.
        transfer_since: Day zero of the transfer: acceptance, or the day on which the holder got the case unserved.
        verification_since: Day zero of the verification's term, by the office that handles it now; the other `…_since` likewise, None
            while nothing is owed. It was begun on the day on which that office got the case, or served it.
        ceiling_since: Day zero of the first office's, from which the ceiling is counted, and `ceiling_lapsed_on` the day on which that
            came by itself.
        recognition: The latest one; it stands until the creditor objects or a review puts the case back.
        response_since: Day zero of the debtor's statement, while it is owed; `unanswered_on` is the day on which its time lapsed.
        has_objected_late: Whether the creditor has objected to an account that was deemed to be endorsed.
        account: Set while the account stands: the creditor has endorsed it, or an authority decided.
        dated_parts: How many parts have been numbered.
        pay_by: By when the latest judgment wants its money paid.
        taken_in_fen: What of it had been paid before the case was brought in.
        cleared_fen: Confirmed by the creditor. `included_fen` and `bond_arrived_fen` are totals over all batches, whatever
            has gone back since.
        fallen: The parts that have fallen due, each with its day.
        principal_cleared_on: Since when nothing of the principal is left, whatever of the interest is.
        batches: Of each bond batch what is awaited. None of them is 0.
        ineligible: The kinds of bonds that turned out not to be allowed to pay it.
        postponements: How often a revision of the plan has moved money to a later day.
        called_back_on: When the creditor was first called back since the case came to review.
        was_dissatisfied: Whether it was with the amount, when it was called back: `is_determined_anew` once the office has decided on
            that.
        called_back_by: Who has called the creditor back since the case came to review, and by which accounts, where known.
        promises: What the debtor has promised at interviews; `promised` counts them.
        debtor_ordered_on: The day of the latest 督办书 to the debtor.
        called_in: Who was last called to an interview.
        withdrawal: That the creditor has asked to withdraw, until the office has called it about that.
        commands: The latest that it has carried out.
        times: How often people have caused each kind of fact: `domain.limits` says how often they may.
        suspensions: The closed ones; a day they cover counts in no term. `court_stays` are those of them that a court caused, which
            alone move a ceiling.
        extensions: By how many days duties have been extended, and when, by the duty's key.
        levels: The level of the ladder that each duty has reached, by its key, met or not: none is reached twice.
        unwritten: The latest level of each duty whose document waits for the calendar of a year to be published.
        lapsed_with: In whose hands what an office owes has lapsed, by the duty's key: until it is met, but for a verification, which
            may rest before it is done.
        met_on: The day on which each duty was met, by its key; `rests` how long those that came back counted as done.
        documents: The numbers of those that have been issued.
        contacts: The days of the contacts on record, in the order of their numbers.
        papers: The attachments that count; `attached_by` is how many each role has put on file.
        assigned_to: On whose desk it is, in the office that handles it.
        time_asked: For how many days more the debtor has asked, by the duty's key.
        duties: The open ones, in the order in which they were opened.
        seq: The number of the latest event.
    """

    case_no: str
    policy: Shown[str]
    calendar: str
    receipt: Receipt
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
    principal_cleared_on: date | None = None
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
    def entered_on(self) -> date:
        """The day on which the case was registered here, which is after its receipt where it was brought in later."""
        entered_on = self.stages[0].opened_on
        return self.receipt.received_on if entered_on is None else entered_on

    @property
    def ranked_on(self) -> date:
        """The day by which it has its place among others: that of the oldest receipt of what goes on in it."""
        return min(self.receipt.received_on, *(one.received_on for one in self.absorbed), date.max)

    @property
    def is_known_to_debtor(self) -> bool:
        """Whether the debtor has been told of the case: it was served on it, or a court has."""
        return self.forwarded_on is not None or self.account is not None

    @property
    def suspended(self) -> bool:
        """Whether all clocks of the case stand still."""
        return self.suspension is not None

    def lit_on(self, kind: DutyKind, today: date) -> date:
        """The day that decides the light of a duty: while the case is suspended it stays as it was, but for the lapse of a ceiling."""
        if self.suspension is None:
            return today
        lapsed_on = self.ceiling_lapsed_on if kind is DutyKind.VERIFICATION else None
        return min(today, max(self.suspension.since, lapsed_on or date.min))

    @property
    def verification_rests(self) -> bool:
        """Whether the creditor has the word on what is owed: until it is silent, or the ceiling comes."""
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
        """Whether it has ended, and nobody owes it an answer any more: neither to an appeal nor to a submission."""
        return self.ended is not None and not self.duties

    @property
    def undisputed_fen(self) -> int:
        """The total to be cleared, by the latest statement. While none stands, what has been paid was owed at least."""
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
        """Whether its principal is clear, and what is fixed of its interest is paid or waived."""
        if not self.is_principal_clear:
            return False
        interest = self.interest_on(date.max)
        return interest is None or interest.outstanding_fen + interest.in_transit_fen == 0

    @property
    def is_principal_clear(self) -> bool:
        """Whether the account stands, is cleared to the last fen, and nothing is disputed, in court or not yet due."""
        return self.is_paid and self.not_yet_due_fen == 0

    def interest_on(self, day: date) -> Standing | None:
        """How its interest stands on a day, if any is fixed. Once its principal is clear that is the same on every later one."""
        if self.interest is None:
            return None
        changes = changes_of(self.undisputed_fen - self.taken_in_fen, self.fallen, self.payments)
        return standing(self.interest, changes, self.payments, day)

    @property
    def is_asleep(self) -> bool:
        """Whether all that is left waits for its day."""
        return self.is_paid and bool(self.dues)

    @property
    def is_paid(self) -> bool:
        """Whether nothing of the account is due, disputed or in court."""
        open_fen = self.outstanding_fen + self.disputed_fen + self.judicial_fen
        return self.account is not None and open_fen == 0

    @property
    def unplanned_fen(self) -> int:
        """Undisputed money of the account that no plan covers; what a bond turned out not to be allowed to pay counts as uncovered."""
        if self.account is None:
            return 0
        if self.plan is None:
            direct = (one.covers_fen - one.confirmed_fen for one in self.payments if one.direct)
            return max(self.outstanding_fen - sum(direct), 0)
        unfit_fen = sum(self.bond_remainder_of(kind) for kind in self.ineligible)
        return self.undisputed_fen - self.plan.cleared_before_fen - self.plan.total_fen + unfit_fen

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
        """What the case asks of the region's pool of requests for that kind of bonds."""
        return 0 if kind in self.ineligible or self.ended else self.bond_remainder_of(kind)

    @property
    def bond_wanted_fen(self) -> int:
        """What the case asks of both pools."""
        return sum(map(self.bond_wanted_of, BONDS))

    @property
    def committed_fen(self) -> int:
        """Cleared, on its way to the creditor, or included in bonds and awaited: no less may be owed."""
        return self.cleared_fen + self.in_transit_fen + self.bond_awaited_fen

    @property
    def provided_fen(self) -> int:
        """What of the debt has been paid, or is there or coming to pay it with."""
        return self.committed_fen + self.available_fen

    @property
    def direct_in_transit_fen(self) -> int:
        """What the debtor has paid from its own account and nobody has confirmed."""
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
        """Each instalment of the plan, how much of it is cleared, and how much is paid: what came since fills them in their order."""
        return self.plan.covered(self.payments, self.cleared_fen) if self.plan else iter(())
