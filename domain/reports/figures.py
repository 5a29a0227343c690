"""The figures of cases in a period. All are whole numbers of cases or of fen, so the figures of several offices can be added.

What happened in the period is read from the journal, and the state at its end from the cases as they were then. Entries count by the
instant at which they were recorded, so the figures of a past period never change.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Annotated, Any, Final, NamedTuple, get_args

from pydantic import AfterValidator, Field

from domain import facts as e
from domain.actors import Role
from domain.age import AGE_WORDS, age_on
from domain.case.casefile import Case
from domain.case.duties import light_of_case
from domain.case.evolve import begin, evolve
from domain.case.owing import verification
from domain.case.verified import is_verified
from domain.contract import owed_since
from domain.duty import Duty, DutyKey, DutyKind
from domain.events import ENDS, Event
from domain.receipt import Debtor
from domain.reports.payable import postponed_fen
from domain.reports.periods import Period
from domain.value import Light, Mode, NoticeKind, Stage, Value

LAST_STAGES: Final = (
    Stage.CLOSED,
    Stage.REFUSED,
    Stage.UNFOUNDED,
    Stage.WITHDRAWN,
    Stage.JUDICIAL,
    Stage.MERGED,
    Stage.HANDED_OUT,
)
STAGES: Final = tuple(stage for stage in Stage if stage not in LAST_STAGES)
LEVELS: Final = tuple(mode for mode in Mode if mode is not Mode.TRANSFERRED)
DEBTORS: Final[tuple[str, ...]] = get_args(Debtor.model_fields["kind"].annotation)

_VOID: Final = ("withdrawn", "went_judicial", "merged", "handed_out")
"""The facts that end a case's duties without their having been met."""


def _each_of(kinds: Iterable[Any], nothing: Any) -> AfterValidator:
    """A validator that lists every kind in this order, with a zero for those that do not occur."""
    known = tuple(kinds)
    return AfterValidator(lambda found: {kind: found.get(kind, nothing) for kind in known} | found)


NONE: Final[Any] = Field(default={}, validate_default=True)

ByEnd = Annotated[Mapping[Stage, int], _each_of(LAST_STAGES, 0)]
ByStage = Annotated[Mapping[Stage, int], _each_of(STAGES, 0)]
ByMode = Annotated[Mapping[Mode, int], _each_of(Mode, 0)]
ByLight = Annotated[Mapping[Light, int], _each_of(Light, 0)]
ByLevel = Annotated[Mapping[Mode, int], _each_of(LEVELS, 0)]
ByNotice = Annotated[Mapping[NoticeKind, int], _each_of(NoticeKind, 0)]


class CaseCounts(Value):
    """Numbers of cases. `received`, `accepted` and `ended_in_period` concern the period, the others its end.

    Attributes:
        total: All cases ever received: open, or ended in one of the ways of `ended`.
        suspended: How many of the open ones are suspended.
        ended_in_period: How many ended in the period, and had not been re-opened by its end.
    """

    received: int = 0
    accepted: int = 0
    ended_in_period: ByEnd = NONE
    total: int = 0
    open: int = 0
    suspended: int = 0
    open_by_stage: ByStage = NONE
    open_by_mode: ByMode = NONE
    open_by_light: ByLight = NONE
    ended: ByEnd = NONE


class Amounts(Value):
    """Sums over all cases, also ended ones, at the period's end. Of an unfounded case only what was cleared counts, and of a merged
    one nothing, because it counts where it goes on.

    Attributes:
        claimed_fen: The sum of the claims that have an amount; `unverified` is the number of cases whose claim has none.
        unrecognised: The number of open cases whose debt has not been stated. They are in none of the sums that follow.
        recognised_fen: The sum of the parts: undisputed, disputed, not yet due, and in court.
        cleared_in_period_fen: What was confirmed in the period, less what had been confirmed before and was denied in it; may be
            negative.
        taken_in_in_period_fen: What had been cleared elsewhere before cases were brought in. It is part of what is cleared, but not of
            what was cleared in the period.
        outstanding_fen: Undisputed and not cleared, in open cases, and in cases that were withdrawn, went to court, or were handed
            out.
        payable_fen: 应还: what is cleared, and the outstanding amounts that no plan promises for later.
    """

    claimed_fen: int = 0
    unverified: int = 0
    unrecognised: int = 0
    recognised_fen: int = 0
    undisputed_fen: int = 0
    disputed_fen: int = 0
    not_yet_due_fen: int = 0
    judicial_fen: int = 0
    included_fen: int = 0
    cleared_in_period_fen: int = 0
    taken_in_in_period_fen: int = 0
    cleared_fen: int = 0
    outstanding_fen: int = 0
    outstanding_open_fen: int = 0
    outstanding_withdrawn_fen: int = 0
    outstanding_judicial_fen: int = 0
    outstanding_handed_out_fen: int = 0
    payable_fen: int = 0


class Share(Value):
    """A number of cases or duties out of a total."""

    numerator: int = 0
    denominator: int = 0


class MoneyShare(Value):
    """An amount out of a total, in fen."""

    numerator_fen: int = 0
    denominator_fen: int = 0


class Rates(Value):
    """The published rates, each as its two numbers.

    Attributes:
        cleared_of_undisputed: 无分歧欠款清偿率.
        cleared_of_owed: 清偿率, of everything that is recognised.
        cleared_of_payable: 应还尽还率, of what should have been paid by then (`domain.reports.payable`).
        transferred_in_time: 按期转办率, of the transfers that were made or lapsed in the period.
        verified_in_time: 按期办结率, of the verifications that were completed or lapsed in the period.
        lapsed: 逾期率, of all duties of debtors and offices that were met or lapsed in the period.
    """

    cleared_of_undisputed: MoneyShare = MoneyShare()
    cleared_of_owed: MoneyShare = MoneyShare()
    cleared_of_payable: MoneyShare = MoneyShare()
    transferred_in_time: Share = Share()
    verified_in_time: Share = Share()
    lapsed: Share = Share()


class OfDebtors(Value):
    """The cases of one kind of debtor at the period's end."""

    cases: int = 0
    open: int = 0
    claimed_fen: int = 0
    unverified: int = 0
    unrecognised: int = 0
    undisputed_fen: int = 0
    cleared_fen: int = 0
    outstanding_fen: int = 0


class OfAge(Value):
    """The open cases in one band of age (账龄) at the period's end."""

    open: int = 0
    unrecognised: int = 0
    outstanding_fen: int = 0


ByAge = Annotated[Mapping[str, OfAge], _each_of(AGE_WORDS, OfAge())]
ByDebtor = Annotated[Mapping[str, OfDebtors], _each_of(DEBTORS, OfDebtors())]


class Figures(Value):
    """The figures of some cases in a period."""

    cases: CaseCounts = CaseCounts()
    amounts: Amounts = Amounts()
    rates: Rates = Rates()
    escalations: ByLevel = NONE
    notices: ByNotice = NONE
    by_debtor: ByDebtor = NONE
    by_age: ByAge = NONE


class Turn(NamedTuple):
    """A journal entry, and the case before and after it. `before` is None at the receipt."""

    before: Case | None
    event: Event
    after: Case


class Past(NamedTuple):
    """A case as it stood at the end of a period, and what happened to it in the period."""

    case: Case
    turns: tuple[Turn, ...] = ()


def past(case_no: str, events: Iterable[Event], period: Period) -> Past | None:
    """Rebuild a case from its journal as of a period's end. None if it was received later."""
    case: Case | None = None
    turns = []
    for event in events:
        if event.at >= period.closes:
            break
        after = evolve(case, event) if case else begin(case_no, [event])
        if event.at >= period.begins:
            turns.append(Turn(case, event, after))
        case = after
    return Past(case, tuple(turns)) if case else None


def total(figures: Iterable[Figures]) -> Figures:
    """Add up figures."""
    return Figures.model_validate(
        reduce(_added, (one.model_dump() for one in figures), Figures().model_dump())
    )


def _added(one: Any, other: Any) -> Any:
    if isinstance(one, dict):
        return {key: _added(one[key], other[key]) for key in one}
    return one + other


def figures_of(told: Past, period: Period) -> Figures:
    """The figures of one case."""
    case, turns = told
    amounts = amounts_of(told, period.end)
    return Figures(
        cases=_counts(told, period),
        amounts=amounts,
        rates=_rates(amounts, turns),
        escalations=Counter(
            turn.event.fact.mode
            for turn in turns
            if isinstance(turn.event.fact, e.Escalated) and _rises(turn.event.fact)
        ),
        notices=Counter(
            turn.event.fact.notice for turn in turns if isinstance(turn.event.fact, e.NoticeIssued)
        ),
        by_debtor={case.receipt.debtor.kind: _of_debtor(case, amounts)},
        by_age=_of_age(case, amounts, period.end) if case.ended is None else {},
    )


def _rises(fact: e.Escalated) -> bool:
    """Whether an event escalates the case: to a higher mode, or to another office."""
    return fact.mode is not fact.was or fact.holder is not None


def _counts(told: Past, period: Period) -> CaseCounts:
    case, turns = told
    kinds = [turn.event.kind for turn in turns]
    is_open = case.ended is None
    ended = {case.ended: 1} if case.ended else {}
    return CaseCounts(
        received=kinds.count("received"),
        accepted=kinds.count("accepted"),
        ended_in_period=ended if any(kind in ENDS for kind in kinds) else {},
        total=1,
        open=int(is_open),
        suspended=int(is_open and case.suspended),
        open_by_stage={case.stage: 1} if is_open else {},
        open_by_mode={case.mode: 1} if is_open else {},
        open_by_light={light_of_case(case, period.end): 1} if is_open else {},
        ended=ended,
    )


def amounts_of(told: Past, day: date) -> Amounts:
    """The sums of one case; `day` is the last day of the period."""
    case, turns = told
    before = turns[0].before.cleared_fen if turns and turns[0].before else case.taken_in_fen
    is_owed = case.ended not in (Stage.UNFOUNDED, Stage.MERGED)
    claimed_fen = 0 if case.ended is Stage.MERGED else case.receipt.claimed
    undisputed_fen = case.undisputed_fen if is_owed else case.cleared_fen
    disputed_fen = case.disputed_fen if is_owed else 0
    not_yet_due_fen = case.not_yet_due_fen if is_owed else 0
    judicial_fen = case.judicial_fen if is_owed else 0
    outstanding_fen = undisputed_fen - case.cleared_fen
    return Amounts(
        claimed_fen=claimed_fen or 0,
        unverified=int(claimed_fen is None),
        unrecognised=int(case.ended is None and not is_verified(case)),
        recognised_fen=undisputed_fen + disputed_fen + not_yet_due_fen + judicial_fen,
        undisputed_fen=undisputed_fen,
        disputed_fen=disputed_fen,
        not_yet_due_fen=not_yet_due_fen,
        judicial_fen=judicial_fen,
        included_fen=case.in_bonds_fen,
        cleared_in_period_fen=case.cleared_fen - before if turns else 0,
        taken_in_in_period_fen=case.taken_in_fen if turns and turns[0].before is None else 0,
        cleared_fen=case.cleared_fen,
        outstanding_fen=outstanding_fen,
        outstanding_open_fen=outstanding_fen if case.ended is None else 0,
        outstanding_withdrawn_fen=outstanding_fen if case.ended is Stage.WITHDRAWN else 0,
        outstanding_judicial_fen=outstanding_fen if case.ended is Stage.JUDICIAL else 0,
        outstanding_handed_out_fen=outstanding_fen if case.ended is Stage.HANDED_OUT else 0,
        payable_fen=undisputed_fen - (postponed_fen(case, day) if is_owed else 0),
    )


def _of_debtor(case: Case, amounts: Amounts) -> OfDebtors:
    return OfDebtors(
        cases=1,
        open=int(case.ended is None),
        claimed_fen=amounts.claimed_fen,
        unverified=amounts.unverified,
        unrecognised=amounts.unrecognised,
        undisputed_fen=amounts.undisputed_fen,
        cleared_fen=amounts.cleared_fen,
        outstanding_fen=amounts.outstanding_fen,
    )


def _of_age(case: Case, amounts: Amounts, day: date) -> Mapping[str, OfAge]:
    since = owed_since(case.receipt.contract, case.governed)
    age = age_on(day, since.on if since else None)
    return {age: OfAge(open=1, unrecognised=amounts.unrecognised, outstanding_fen=amounts.outstanding_fen)}


def _rates(amounts: Amounts, turns: Sequence[Turn]) -> Rates:
    kept, lapsed = _outcomes(turns)

    def in_time(kind: DutyKind) -> Share:
        done = sum(key.duty is kind for key in kept)
        return Share(numerator=done, denominator=done + sum(key.duty is kind for key in lapsed))

    late = sum(owner is not Role.CREDITOR for owner in lapsed.values())
    done = sum(owner is not Role.CREDITOR for owner in kept.values())
    return Rates(
        cleared_of_undisputed=MoneyShare(
            numerator_fen=amounts.cleared_fen, denominator_fen=amounts.undisputed_fen
        ),
        cleared_of_owed=MoneyShare(numerator_fen=amounts.cleared_fen, denominator_fen=amounts.recognised_fen),
        cleared_of_payable=MoneyShare(numerator_fen=amounts.cleared_fen, denominator_fen=amounts.payable_fen),
        transferred_in_time=in_time(DutyKind.TRANSFER),
        verified_in_time=in_time(DutyKind.VERIFICATION),
        lapsed=Share(numerator=late, denominator=late + done),
    )


_Owners = dict[DutyKey, Role]


def _outcomes(turns: Sequence[Turn]) -> tuple[_Owners, _Owners]:
    """The owners whose duties were met in time, and those whose duties lapsed in the period. Earlier lapses were counted in their own
    period.
    """
    kept: _Owners = {}
    lapsed: _Owners = {}
    for before, event, after in turns:
        if before is None:
            continue
        if event.met or isinstance(event.fact, e.OfDuty):
            for duty in (*before.duties, *event.opened):
                if _has_lapsed(before, duty, event.on):
                    continue
                is_met = duty.key in event.met and event.kind not in _VOID
                if _has_lapsed(after, duty, event.on) or (is_met and event.on > duty.due_on):
                    lapsed[duty.key] = duty.owner
                elif is_met and (duty.duty is not DutyKind.VERIFICATION or _has_result(event, after)):
                    kept[duty.key] = duty.owner
        if _has_result(event, after) and (rested := _at_rest(before)) is not None:
            kept[rested] = Role.CLERK
    return {key: owner for key, owner in kept.items() if key not in lapsed}, lapsed


def _has_result(event: Event, after: Case) -> bool:
    """Whether a verification is complete. Until its result is established it is paused, or another office's."""
    return event.kind not in _VOID and (after.account is not None or after.ended is not None)


def _at_rest(before: Case) -> DutyKey | None:
    """The key of a verification that is paused and had not lapsed; None if there is none."""
    if before.account is not None or before.ended is not None or before.verification_since is None:
        return None
    key = verification(before).key()
    is_open = any(duty.key == key for duty in before.duties)
    return None if is_open or str(key) in before.lapsed_with else key


def _has_lapsed(case: Case, duty: Duty, on: date) -> bool:
    """Whether the duty has reached a rung after its last day. An instalment of a revised plan may have reached it before, with its
    money.
    """
    level = case.levels.get(str(duty.key))
    return on > duty.due_on and any(
        stone.level == level and stone.on > duty.due_on for stone in duty.milestones
    )
