"""What is true of every case at every moment, whatever has happened to it."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeGuard

from domain.actors import SYSTEM
from domain.calendar import business_date
from domain.case.casefile import Case
from domain.case.evolve import begin, fold
from domain.case.ladder import fallen_due, next_at
from domain.case.lastday import ceiling, dated
from domain.case.owing import owed
from domain.case.papers import KINDS, documents_in
from domain.case.pool import wage_wanted_fen
from domain.duty import Duty, DutyKey, DutyKind
from domain.events import ENDS, Event
from domain.facts import (
    BondFundsArrived,
    DeadlineLapsed,
    Escalated,
    Forwarded,
    FundsArrived,
    FundsReturned,
    InterestFixed,
    InterestWaived,
    NoticeIssued,
    OfDuty,
    Planned,
    Reassigned,
    Relieved,
    Resumed,
    ReturnedUp,
    Suspended,
)
from domain.postings import available, in_transit, included, interest, received, transfers
from domain.rate import per_day
from domain.rules import is_below
from domain.value import BONDS, LIFE, Ground, Mode, Stage
from tests.domain.story import CASE_NO, Story

_SHAPES: Final = {
    "open": (True, False),
    "done": (True, True),
    "waiting": (False, False),
    "skipped": (False, False),
}


def somebody_owes_the_next_step_until_the_end(told: Story) -> None:
    """After it, at most a head owes a decision: on what was submitted then, or on an appeal."""
    decided = (DutyKind.APPROVAL, DutyKind.APPEAL)
    owing = [duty for duty in told.case.duties if duty.duty not in (*decided, DutyKind.GATE)]
    waiting = [duty for duty in told.case.duties if duty.duty in decided]
    assert len(waiting) == len(told.case.waiting) + (told.case.appeal is not None)
    if told.case.ended is not None:
        assert list(told.case.duties) == waiting
    else:
        assert owing or waiting
    assert (told.case.ended_on is not None) is (told.case.ended is not None)


def the_open_duties_are_what_is_owed(told: Story) -> None:
    case = told.case
    counted = [dated(one, case, told.rules) for one in owed(case)]
    assert sorted(case.duties, key=str) == sorted(counted, key=str)
    assert len({duty.key for duty in case.duties}) == len(case.duties)
    assert len({(duty.duty, duty.subject) for duty in case.duties}) == len(case.duties)


def no_amount_is_below_zero(told: Story) -> None:
    case = told.case
    assert case.outstanding_fen == case.undisputed_fen - case.cleared_fen
    assert min(case.available_fen, case.in_transit_fen, case.cleared_fen) >= 0
    assert min(case.outstanding_fen, case.disputed_fen, case.unplanned_fen) >= 0
    assert case.unplanned_fen <= case.outstanding_fen
    for kind in BONDS:
        assert min(case.bond_awaited_of(kind), case.bond_remainder_of(kind), case.bond_wanted_of(kind)) >= 0
        assert 0 <= wage_wanted_fen(case, kind) <= case.bond_wanted_of(kind)


def the_parts_add_up(told: Story) -> None:
    known = told.case.recognition
    if known is not None:
        parts_fen = known.undisputed_fen + known.disputed_fen + known.not_yet_due_fen + known.judicial_fen
        assert known.settled_fen - known.paid_fen == parts_fen
        assert min(known.disputed_fen, known.not_yet_due_fen, known.judicial_fen, told.case.undated_fen) >= 0


def no_fen_is_lost(told: Story) -> None:
    case, arrived = told.case, 0
    for event in told.journal:
        if isinstance(event.fact, FundsArrived | BondFundsArrived):
            arrived += event.fact.amount_fen
        elif isinstance(event.fact, FundsReturned) and event.fact.batch_no is None:
            arrived -= event.fact.amount_fen
    counted = sum(payment.confirmed_fen for payment in case.payments)
    assert case.cleared_fen == case.taken_in_fen + counted
    assert case.in_transit_fen == sum(payment.in_transit_fen for payment in case.payments)
    direct = [payment for payment in case.payments if payment.direct]
    own = sum(payment.confirmed_fen + payment.in_transit_fen for payment in direct)
    assert counted + case.in_transit_fen + case.available_fen == arrived + own
    if case.plan is not None:
        assert sum(one.arrived_fen for one in case.plan.sources) == arrived - case.plan.spent_before_fen


def nobody_is_pressed_for_what_was_paid(told: Story) -> None:
    """An instalment that is cleared, or paid and not denied, is owed by nobody."""
    owed = {duty.subject for duty in told.case.duties if duty.duty is DutyKind.INSTALMENT}
    for instalment, cleared_fen, covered_fen in told.case.instalments:
        assert 0 <= cleared_fen <= covered_fen <= instalment.amount_fen
        if covered_fen == instalment.amount_fen:
            assert str(instalment.no) not in owed


def the_ledger_says_the_same(told: Story) -> None:
    case, balance = told.case, Counter[str]()
    for seq, event in enumerate(told.journal, 1):
        for entry in transfers(CASE_NO, seq, event):
            balance[entry.debit] -= entry.fen
            balance[entry.credit] += entry.fen
    assert balance[included(CASE_NO)] == case.bond_awaited_fen
    assert balance[available(CASE_NO)] == case.available_fen
    assert balance[in_transit(CASE_NO)] == case.in_transit_fen
    assert balance[received(CASE_NO)] == case.cleared_fen
    assert balance[interest(CASE_NO)] == sum(payment.interest_paid_fen for payment in case.payments)


def the_journal_tells_the_whole_case(told: Story) -> None:
    assert told.replayed() == told.case
    assert told.case.seq == len(told.journal)


def a_case_that_has_ended_holds_no_money(told: Story) -> None:
    """What has been paid and awaits the creditor's word is not the case's any more."""
    if told.case.ended is not None:
        assert (told.case.available_fen, told.case.bond_awaited_fen, told.case.batches) == (0, 0, {})


def it_is_written_and_read_back(told: Story) -> None:
    case, last = told.case, told.journal[-1]
    assert Case.model_validate(json.loads(json.dumps(case.model_dump(mode="json")))) == case
    assert Event.model_validate(json.loads(json.dumps(last.model_dump(mode="json")))) == last


def a_case_in_review_or_closed_is_paid(told: Story) -> None:
    case = told.case
    if case.stage in (Stage.REVIEW, Stage.CLOSED):
        assert (case.outstanding_fen, case.disputed_fen) == (0, 0)
        assert (case.not_yet_due_fen, case.judicial_fen) == (0, 0)
        assert (case.available_fen, case.in_transit_fen, case.bond_awaited_fen) == (0, 0, 0)
        owed = case.interest_on(told.today)
        assert owed is None or owed.outstanding_fen + owed.in_transit_fen == 0


def interest_is_apart_from_what_is_owed(told: Story) -> None:
    """No amount of the debt is another for it: not even, had it never been fixed."""
    case = told.case
    if case.interest is None:
        return
    without = fold(
        begin(CASE_NO, told.journal[:1]),
        [event for event in told.journal[1:] if not isinstance(event.fact, InterestFixed | InterestWaived)],
    )
    assert _debt(without) == _debt(case)


def _debt(case: Case) -> list[int]:
    cleared = (case.cleared_fen, case.outstanding_fen, case.unplanned_fen, case.in_transit_fen)
    return [*cleared, case.available_fen, case.committed_fen, *(one.cleared_fen for one in case.instalments)]


def the_lines_of_interest_add_up(told: Story) -> None:
    """Day by day in their order, on no more than what is owed, each to the nearest fen."""
    case, owed = told.case, told.case.interest_on(told.today)
    if case.interest is None or owed is None:
        return
    assert owed.accrued_fen == (case.interest.amount_fen or 0) + sum(one.interest_fen for one in owed.lines)
    assert min(owed.accrued_fen, owed.paid_fen, owed.in_transit_fen, owed.waived_fen, owed.pressed_fen) >= 0
    assert owed.paid_fen <= sum(payment.interest_fen for payment in case.payments)
    for line in owed.lines:
        assert case.interest.rate is not None
        assert 0 < line.principal_fen <= case.undisputed_fen
        assert case.interest.since <= line.since < line.until <= told.today
        exact = line.principal_fen * line.days * per_day(case.interest.rate)
        assert abs(line.interest_fen - exact) <= Fraction(1, 2)
    assert all(one.until <= other.since for one, other in pairwise(owed.lines))


def its_stages_are_consistent(told: Story) -> None:
    case = told.case
    assert tuple(span.stage for span in case.stages) == LIFE
    for span in case.stages:
        assert (span.opened_on is not None, span.done_on is not None) == _SHAPES[span.state]
        days = [day for day in (span.opened_on, span.done_on, told.today) if day is not None]
        assert all(earlier <= later for earlier, later in pairwise(days))
    unfinished = [span.stage for span in case.stages if span.state in ("open", "waiting")]
    assert case.stage is (case.ended or unfinished[0])
    assert (unfinished == []) is (case.ended is not None)


def essence(events: Iterable[Event]) -> list[tuple[Any, ...]]:
    """What does not depend on anybody's being there: levels and their days, modes and holders. Gates begin, and documents are dated,
    when they are made.
    """
    return [
        (event.on, event.kind, *fact.key, fact.level, *_raised(fact))
        for event in events
        if isinstance(fact := event.fact, OfDuty) and fact.key and fact.duty is not DutyKind.GATE
        if not isinstance(fact, NoticeIssued)
    ]


def _raised(fact: OfDuty) -> tuple[Any, ...]:
    return (fact.was, fact.mode, fact.holder) if isinstance(fact, Escalated) else ()


class Reached(NamedTuple):
    """A duty reached a level of the ladder: as the duty was then, and what the event says."""

    duty: Duty
    fact: OfDuty
    event: Event


def _reached(told: Story) -> Iterator[Reached]:
    """Every level that was reached by itself, but for a verification that lapses at its ceiling while it rests. A lapse may be all
    that was waited for, as with a correction: its notice follows all the same.
    """
    open_then: dict[DutyKey, Duty] = {}
    just_over: dict[DutyKey, Duty] = {}
    for event in told.journal:
        if isinstance(event.fact, OfDuty) and event.fact.key is not None:
            duty = open_then.get(event.fact.key) or just_over.get(event.fact.key)
            if duty is not None:
                yield Reached(duty, event.fact, event)
            else:
                assert isinstance(event.fact, DeadlineLapsed)
                assert event.fact.at_ceiling
        just_over = {key: open_then.pop(key) for key in event.met}
        open_then |= {duty.key: duty for duty in (*event.opened, *event.redated)}


def each_level_is_reached_once_and_in_its_order(told: Story) -> None:
    levels = [rung.level for rung in told.rules.ladder]
    climbed: dict[DutyKey, list[str]] = {}
    said = Counter[tuple[object, ...]]()
    for duty, fact, event in _reached(told):
        if fact.level is None:
            assert isinstance(fact, DeadlineLapsed)
            assert fact.at_ceiling
            assert climbed[duty.key]
            continue
        climbed.setdefault(duty.key, []).append(fact.level)
        said[event.kind, duty.key, fact.level] += 1
    assert set(said.values()) <= {1}
    for reached in climbed.values():
        assert [levels.index(level) for level in reached] == sorted(map(levels.index, reached))
    reached_last = {
        str(key): reached[-1] for key, reached in climbed.items() if not _is_of_an_earlier_plan(told, key)
    }
    at_ceilings = {
        str(event.fact.key): "lapsed"
        for event in told.journal
        if isinstance(event.fact, DeadlineLapsed) and event.fact.at_ceiling
    }
    assert told.case.levels == at_ceilings | _kept_by_the_plan(told) | reached_last


def _kept_by_the_plan(told: Story) -> dict[str, str]:
    """The levels that instalments of the plan in force began with: none, if another debtor has taken it on since."""
    planned = [(event.on, event.fact) for event in told.journal if isinstance(event.fact, Planned)]
    if not planned or (told.case.plan is not None and told.case.plan.taken_on is not None):
        return {}
    on, plan = planned[-1]
    return {str(DutyKey(DutyKind.INSTALMENT, str(no), on)): level for no, level in plan.levels.items()}


def _is_of_an_earlier_plan(told: Story, key: DutyKey) -> bool:
    """Whether it is an instalment that can never come back."""
    plan = told.case.plan
    return key.duty is DutyKind.INSTALMENT and plan is not None and key.opened_on != plan.owed_since


def what_happens_by_itself_is_dated_by_its_own_day(told: Story) -> None:
    """Documents are dated by the day on which they are made."""
    for duty, fact, event in _reached(told):
        assert (event.by, event.command_id) == (SYSTEM, None)
        assert fact.late is (event.on < business_date(event.at))
        if isinstance(fact, NoticeIssued):
            assert event.on == business_date(event.at)
        elif isinstance(fact, DeadlineLapsed) and fact.at_ceiling:
            assert event.on == max(fact.due_on, duty.opened_on) + timedelta(days=1)
        else:
            (stone,) = [stone for stone in duty.milestones if stone.level == fact.level]
            assert (event.on, fact.due_on) == (stone.on, duty.due_on)


def a_verification_is_over_decided_or_late_by_its_ceiling(told: Story) -> None:
    """条例 (2025) Art 25: ninety days in all, whoever has had the case, and whatever was suspended or extended: but for a court."""
    case = told.case
    last = ceiling(case, told.rules)
    if (
        last is None
        or case.ended
        or case.account
        or case.verification_since is None  # unserved again: its transfer is owed instead
        or case.court_stays
        or told.today <= last
        or fallen_due(case, told.rules, told.now).events  # nobody has looked at it since
    ):
        return
    if case.suspension is None or case.suspension.ground is not Ground.COURT:
        assert "lapsed" in {event.fact.level for event in told.journal if _is_of_verification(event)}


def _is_of_verification(event: Event) -> TypeGuard[Any]:
    return isinstance(event.fact, OfDuty) and event.fact.duty is DutyKind.VERIFICATION


def duties_of_the_enterprise_and_gates_never_rise_above_yellow(told: Story) -> None:
    for duty, fact, _ in _reached(told):
        if duty.duty is DutyKind.GATE or duty.owner == "creditor":
            assert fact.level in ("near", "lapsed")


def the_mode_falls_by_relief_alone_and_the_holder_changes_by_two_events(told: Story) -> None:
    mode, route = Mode.TRANSFERRED, [told.case.receipt.office]
    for event in told.journal:
        if isinstance(event.fact, Escalated):
            assert event.fact.was is mode
            assert event.fact.mode.rank >= mode.rank
            mode = event.fact.mode
            if event.fact.holder is not None:
                assert is_below(route[-1], event.fact.holder)
                route.append(event.fact.holder)
        elif isinstance(event.fact, Relieved):
            assert event.fact.was is mode
            mode = Mode.TRANSFERRED
        elif isinstance(event.fact, Forwarded) and event.fact.to != "debtor":
            assert is_below(event.fact.to, route[-1])
            route.append(event.fact.to)
            mode = Mode.TRANSFERRED if mode is Mode.TAKEN_OVER else mode
        elif isinstance(event.fact, ReturnedUp):
            assert is_below(route[-1], event.fact.to)
            route.append(event.fact.to)
        elif isinstance(event.fact, Reassigned):
            route.append(event.fact.to)
            mode = mode if mode is Mode.REFERRED else Mode.TRANSFERRED
    assert (told.case.mode, told.case.route) == (mode, tuple(route))


def a_suspended_case_stands_still(told: Story) -> None:
    """Until it is resumed, or ends: it may be withdrawn or go to court meanwhile. Nothing but a ceiling lapses."""
    suspended = False
    for event in told.journal:
        if isinstance(event.fact, Suspended | Resumed):
            assert suspended is isinstance(event.fact, Resumed)
            suspended = not suspended
        elif event.kind in ENDS:
            suspended = False
        elif isinstance(event.fact, OfDuty):
            assert not (suspended and event.fact.duty) or event.fact.duty is DutyKind.VERIFICATION
    assert told.case.suspended is suspended
    assert not suspended or next_at(told.case, told.rules) is not None


def each_document_has_a_number_of_its_own(told: Story) -> None:
    papers = [paper for event in told.journal for paper in documents_in(event)]
    assert tuple(paper.number for paper in papers) == told.case.documents
    assert len(set(told.case.documents)) == len(papers)
    for paper in papers:
        assert paper.office in told.rules.offices
        assert set(paper.recipients) <= set(told.rules.offices)
    assert {event.kind for event in told.journal if any(documents_in(event))} <= set(KINDS)


LAWS: Final = [
    somebody_owes_the_next_step_until_the_end,
    the_open_duties_are_what_is_owed,
    no_amount_is_below_zero,
    the_parts_add_up,
    no_fen_is_lost,
    nobody_is_pressed_for_what_was_paid,
    the_ledger_says_the_same,
    the_journal_tells_the_whole_case,
    it_is_written_and_read_back,
    a_case_that_has_ended_holds_no_money,
    a_case_in_review_or_closed_is_paid,
    interest_is_apart_from_what_is_owed,
    the_lines_of_interest_add_up,
    its_stages_are_consistent,
    each_level_is_reached_once_and_in_its_order,
    what_happens_by_itself_is_dated_by_its_own_day,
    a_verification_is_over_decided_or_late_by_its_ceiling,
    duties_of_the_enterprise_and_gates_never_rise_above_yellow,
    the_mode_falls_by_relief_alone_and_the_holder_changes_by_two_events,
    a_suspended_case_stands_still,
    each_document_has_a_number_of_its_own,
]
