"""What is true of every case at every moment, whatever has happened to it."""

import json
from collections import Counter
from itertools import pairwise
from typing import Final

from domain.casefile import Case
from domain.duties import dated, owed
from domain.events import BondFundsArrived, Event, FundsArrived
from domain.ledger import available, in_transit, included, received, transfers
from domain.rules import DutyKind
from domain.value import LIFE, Stage
from tests.domain.story import CASE_NO, Story

_SHAPES: Final = {
    "open": (True, False),
    "done": (True, True),
    "waiting": (False, False),
    "skipped": (False, False),
}


def somebody_owes_the_next_step_until_the_end(told: Story) -> None:
    assert (told.case.duties == ()) is (told.case.ended is not None)
    assert (told.case.ended_on is not None) is (told.case.ended is not None)


def the_open_duties_are_what_is_owed(told: Story) -> None:
    case, pauses = told.case, {DutyKind.INTAKE: told.case.corrections}
    assert Counter(case.duties) == Counter(
        dated(one, told.rules, pauses.get(one.kind, ())) for one in owed(case)
    )
    assert len({(duty.duty, duty.subject) for duty in case.duties}) == len(case.duties)


def no_amount_is_below_zero(told: Story) -> None:
    case = told.case
    assert case.outstanding_fen == case.undisputed_fen - case.cleared_fen
    assert min(case.available_fen, case.in_transit_fen, case.cleared_fen) >= 0
    assert min(case.outstanding_fen, case.disputed_fen, case.unplanned_fen) >= 0
    assert min(case.bond_awaited_fen, case.bond_remainder_fen, case.bond_wanted_fen) >= 0


def no_fen_is_lost(told: Story) -> None:
    case, arrived, paid = told.case, 0, Counter[str]()
    for event in told.journal:
        if isinstance(event.fact, FundsArrived | BondFundsArrived):
            arrived += event.fact.amount_fen
    for payment in case.payments:
        paid[payment.state] += payment.amount_fen
    assert case.cleared_fen + case.in_transit_fen + case.available_fen == arrived
    assert (case.cleared_fen, case.in_transit_fen) == (paid["confirmed"], paid["reported"] + paid["disputed"])
    if case.plan is not None:
        assert sum(one.arrived_fen for one in case.plan.sources) == arrived - case.plan.cleared_before_fen


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


def the_journal_tells_the_whole_case(told: Story) -> None:
    assert told.replayed() == told.case
    assert told.case.seq == len(told.journal)


def it_is_written_and_read_back(told: Story) -> None:
    case, last = told.case, told.journal[-1]
    assert Case.model_validate(json.loads(json.dumps(case.model_dump(mode="json")))) == case
    assert Event.model_validate(json.loads(json.dumps(last.model_dump(mode="json")))) == last


def a_case_in_review_or_closed_is_paid(told: Story) -> None:
    case = told.case
    if case.stage in (Stage.REVIEW, Stage.CLOSED):
        assert (case.outstanding_fen, case.disputed_fen) == (0, 0)
        assert (case.available_fen, case.in_transit_fen, case.bond_awaited_fen) == (0, 0, 0)


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


LAWS: Final = [
    somebody_owes_the_next_step_until_the_end,
    the_open_duties_are_what_is_owed,
    no_amount_is_below_zero,
    no_fen_is_lost,
    the_ledger_says_the_same,
    the_journal_tells_the_whole_case,
    it_is_written_and_read_back,
    a_case_in_review_or_closed_is_paid,
    its_stages_are_consistent,
]
