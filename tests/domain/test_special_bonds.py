"""Two kinds of bonds: each source of a plan asks its own pool, is served by its own batches, and gets back what is not needed."""

from typing import Any, Final

import pytest

from domain.facts import BondRequested, FundsReturned
from domain.value import BONDS, BondKind, SourceKind
from tests.domain.story import BATCH_NO, RECEIPT, WAN, Story, story_at

BOND, SPECIAL = SourceKind.BOND, SourceKind.SPECIAL_BOND
SPECIAL_BATCH: Final = "BB-620105-2023-02"
BOTH: Final[dict[str, Any]] = {
    "sources": [{"kind": "bond", "amount": "300万元"}, {"kind": "special_bond", "amount": "100万元"}]
}


def _both() -> Story:
    return story_at("planned", plan=BOTH)


def _hear_special(told: Story, news: str, fen: int = 0) -> None:
    told.hear(news, fen, source="special_bond", batch_no=SPECIAL_BATCH)


def _wanted(told: Story) -> tuple[int, ...]:
    return tuple(told.case.bond_wanted_of(kind) // WAN for kind in BONDS)


def test_each_kind_of_batch_brings_one_kind_of_money() -> None:
    assert {kind: BONDS[kind] for kind in BONDS} == {BOND: BondKind.GENERAL, SPECIAL: BondKind.SPECIAL}


def test_a_plan_asks_the_pool_of_each_of_its_kinds() -> None:
    told = _both()
    asked = [event.fact for event in told.journal if isinstance(event.fact, BondRequested)]
    assert asked == [
        BondRequested(source=BOND, amount_fen=300 * WAN),
        BondRequested(source=SPECIAL, amount_fen=100 * WAN),
    ]
    assert (_wanted(told), told.case.bond_wanted_fen) == ((300, 100), 400 * WAN)


def test_special_bonds_bring_a_case_to_its_end_as_general_ones_do() -> None:
    told = story_at("planned", plan={"sources": [{"kind": "special_bond", "amount": "400万元"}]})
    assert (told.case.stage, told.owed()) == ("bonding", ["bonding", "instalment"])
    _hear_special(told, "included", 400 * WAN)
    assert (told.case.stage, told.case.in_bonds_fen) == ("bonding", 400 * WAN)
    _hear_special(told, "arrived", 400 * WAN)
    assert (told.case.stage, told.case.available_fen) == ("payment", 400 * WAN)


def test_a_kind_of_batch_serves_only_what_was_asked_of_its_pool() -> None:
    told = _both()
    _hear_special(told, "included", 400 * WAN)
    assert (_wanted(told), told.case.bond_awaited_of(SPECIAL)) == ((300, 0), 100 * WAN)
    told.hear("included", 50 * WAN)
    assert (_wanted(told), told.case.bond_awaited_of(BOND)) == ((250, 0), 50 * WAN)
    _hear_special(told, "arrived", 100 * WAN)
    assert told.case.plan is not None
    assert [one.arrived_fen for one in told.case.plan.sources] == [0, 100 * WAN]
    assert told.case.stage == "bonding"


@pytest.mark.parametrize("debtor", ["organ", "institution", "soe", "platform", "large_enterprise"])
@pytest.mark.parametrize("spending", ["capital", "recurrent", None])
def test_special_bonds_pay_whatever_their_notice_names(debtor: str, spending: str | None) -> None:
    told = story_at("endorsed")
    owing = RECEIPT.debtor.model_copy(update={"kind": debtor})
    receipt = RECEIPT.model_copy(update={"debtor": owing, "spending": spending})
    told.case = told.case.model_copy(update={"receipt": receipt})
    told.do("plan", sources=[{"kind": "special_bond", "amount": "400万元"}])
    assert _wanted(told) == (0, 400)


def test_what_one_kind_may_not_pay_the_other_may() -> None:
    told = _both()
    _hear_special(told, "ineligible")
    _hear_special(told, "ineligible")
    assert (_wanted(told), told.case.unplanned_fen) == ((300, 0), 100 * WAN)
    assert told.case.ineligible == (SPECIAL,)
    assert told.refused("plan", **BOTH, reason="重报").code == "funds_not_available"
    sources = [{"kind": "bond", "amount": "400万元"}]
    told.do("plan", sources=sources, reason="专项债券不可用")
    assert (_wanted(told), told.case.unplanned_fen) == ((400, 0), 0)


def test_a_revision_keeps_what_each_kind_has_included() -> None:
    told = _both()
    _hear_special(told, "included", 60 * WAN)
    less = [{"kind": "bond", "amount": "350万元"}, {"kind": "special_bond", "amount": "50万元"}]
    assert told.refused("plan", sources=less, reason="调整").code == "amounts_do_not_add_up"
    fit = [{"kind": "bond", "amount": "340万元"}, {"kind": "special_bond", "amount": "60万元"}]
    told.do("plan", sources=fit, reason="调整")
    assert _wanted(told) == (340, 0)


def test_what_both_kinds_have_included_goes_back_to_where_it_came_from() -> None:
    told = _both()
    told.hear("included", 200 * WAN)
    told.hear("arrived", 80 * WAN)
    _hear_special(told, "included", 90 * WAN)
    _hear_special(told, "arrived", 40 * WAN)
    *returned, _ = told.withdrawn()
    assert [event.fact for event in returned] == [
        FundsReturned(source=BOND, amount_fen=120 * WAN, batch_no=BATCH_NO),
        FundsReturned(source=SPECIAL, amount_fen=50 * WAN, batch_no=SPECIAL_BATCH),
        FundsReturned(source=BOND, amount_fen=80 * WAN),
        FundsReturned(source=SPECIAL, amount_fen=40 * WAN),
    ]


def test_when_less_is_owed_the_last_kind_is_asked_for_less() -> None:
    told = _both()
    told.on("2023-07-20").do("report_payment", amount="150万元", direct=True)
    asked = [event.fact for event in told.journal if isinstance(event.fact, BondRequested)][2:]
    assert asked == [
        BondRequested(source=BOND, amount_fen=250 * WAN),
        BondRequested(source=SPECIAL, amount_fen=0),
    ]
    told.do("bounce")
    last = told.journal[-1].fact
    assert (last, _wanted(told)) == (BondRequested(source=SPECIAL, amount_fen=150 * WAN), (250, 150))
