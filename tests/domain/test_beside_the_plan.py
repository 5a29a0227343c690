"""Money that is paid beside a plan, or had counted before one was made: what is left to plan, and what its sources are to bring."""

from datetime import date
from typing import Any

from domain.case.view import case_json
from tests.domain.story import WAN, Story, story_at

ATTEMPTS = [{"on": day, "how": "电话", "what": "无人接听"} for day in ("2023-06-21", "2023-06-28")]


def _planned_of(told: Story, amount: str) -> dict[str, Any]:
    return {
        "sources": [{"kind": "budget", "amount": amount}],
        "instalments": [{"due_on": "2023-09-28", "amount": amount}],
    }


def _sources_fen(told: Story) -> list[int]:
    return [source["planned_fen"] // WAN for source in case_json(told.case, date(2023, 7, 20))["sources"]]


def _after_a_rise() -> Story:
    """390万元 planned; then 10万元 more are recognised, which no plan covers."""
    told = story_at("recognised", recognise={"undisputed": "390万元", "disputed": "10万元"}).on("2023-06-01")
    told.do("endorse")
    told.do("plan", **_planned_of(told, "390万元"))
    told.do("resolve_dispute", recognised="10万元")
    assert told.owed() == ["funding", "instalment"]
    return told


def test_a_rise_that_the_debtor_pays_at_once_is_not_to_be_planned() -> None:
    told = _after_a_rise().on("2023-06-20")
    told.do("report_payment", amount="400万元", paid_on="2023-06-20", direct=True)
    assert (told.case.unplanned_fen, told.owed()) == (0, ["confirmation"])
    told.do("confirm_receipt")
    assert (told.case.stage, told.owed()) == ("review", ["review"])


def test_of_a_rise_only_what_is_not_paid_is_to_be_planned() -> None:
    told = _after_a_rise().on("2023-06-20")
    told.do("report_payment", amount="396万元", paid_on="2023-06-20", direct=True)
    assert (told.case.unplanned_fen, sorted(told.owed())) == (4 * WAN, ["confirmation", "funding"])
    told.do("dispute_receipt")
    assert (told.case.unplanned_fen, sorted(told.owed())) == (10 * WAN, ["answer", "funding", "instalment"])
    told.do("bounce")
    assert _sources_fen(told) == [390]


def test_what_is_paid_while_the_amount_is_verified_again_is_not_to_be_planned() -> None:
    told = story_at("cleared").on("2023-07-25")
    told.do("call_back", satisfied="no")
    told.do("report_payment", voucher="PZ-2", amount="5万元", paid_on="2023-07-25", direct=True)
    told.do("confirm_receipt", voucher="PZ-2")
    told.do("recognise", settled="1005万元", undisputed="405万元")
    told.do("endorse")
    assert (told.case.stage, told.case.cleared_fen, told.owed()) == ("review", 405 * WAN, ["review"])


def test_what_had_counted_before_the_plan_is_to_be_planned_when_it_is_reversed() -> None:
    told = story_at("endorsed").on("2023-06-20")
    told.do("report_payment", amount="100万元", paid_on="2023-06-20", direct=True)
    told.do("confirm_receipt")
    told.do("plan", **_planned_of(told, "300万元"))
    assert told.owed() == ["instalment"]
    told.approved("reverse")
    assert (told.case.unplanned_fen, told.owed()) == (100 * WAN, ["funding", "instalment"])
    assert _sources_fen(told) == [300]


def test_what_had_counted_before_the_plan_covers_none_of_it_when_it_is_denied() -> None:
    told = story_at("endorsed").on("2023-06-20")
    told.do("report_payment", amount="100万元", paid_on="2023-06-20", direct=True)
    told.on("2023-06-29")
    told.approved("attest_receipt", attempts=ATTEMPTS)
    told.do("plan", **_planned_of(told, "300万元"))
    told.do("dispute_receipt")
    told.do("answer")
    assert [(one.cleared_fen, one.covered_fen) for one in told.case.instalments] == [(0, 0)]
    assert (told.case.unplanned_fen, sorted(told.owed())) == (0, ["attestation", "instalment"])
    told.approved("attest_receipt", arrived=False, reference="回单2号")
    assert (told.case.unplanned_fen, told.owed()) == (100 * WAN, ["funding", "instalment"])


def test_of_what_had_counted_before_the_plan_in_part_only_the_rest_is_to_be_planned() -> None:
    told = story_at("endorsed").on("2023-06-20")
    told.do("report_payment", amount="100万元", paid_on="2023-06-20", direct=True)
    told.do("plan", **_planned_of(told, "300万元"))
    told.do("confirm_receipt", amount="60万元")
    told.do("bounce")
    assert (told.case.unplanned_fen, told.owed()) == (40 * WAN, ["funding", "instalment"])
    assert _sources_fen(told) == [300]


def test_the_sources_bring_again_what_the_debtor_had_paid_itself_when_it_is_reversed() -> None:
    told = story_at("planned").on("2023-06-20")
    told.do("report_payment", amount="150万元", paid_on="2023-06-20", direct=True)
    told.do("confirm_receipt")
    assert _sources_fen(told) == [250]
    told.approved("reverse")
    assert (_sources_fen(told), told.case.unplanned_fen, told.owed()) == ([400], 0, ["instalment"])
    told.do("fund")
    assert told.case.available_fen == 400 * WAN


def test_bonds_are_asked_for_again_when_what_the_debtor_had_paid_itself_is_reversed() -> None:
    told = story_at("bonding").on("2023-07-20")
    told.do("report_payment", amount="150万元", direct=True)
    told.do("confirm_receipt")
    assert told.case.bond_wanted_fen == 250 * WAN
    told.approved("reverse")
    assert (told.case.bond_wanted_fen, _sources_fen(told)) == (400 * WAN, [400])
