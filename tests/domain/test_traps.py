"""What a developer would get wrong: twenty facts of law and practice, each as this engine has it.

Two of them, on interest, stand in `test_interest.py`: that it is never assumed, and that it is counted apart from the debt.
"""

from datetime import date
from typing import Any

import pytest

from domain.basis import quoted
from domain.calendar import add_working_days
from domain.receipt import Receipt
from domain.reports.report import DEFINITIONS, percent
from domain.value import Mode
from office.calendar.loading import published_calendar
from tests.domain.climbing import papers_of
from tests.domain.story import CITY_HEAD, RECEIPT, WAN, Story, bonds_of, story_at


def _received(**changes: Any) -> Receipt:
    return RECEIPT.model_copy(update=changes)


def test_01_ninety_days_limit_the_result_and_not_the_payment() -> None:
    told = story_at("planned")
    told.on("2023-09-20").do(
        "plan", reason="预算推迟", instalments=[{"due_on": "2024-06-28", "amount": "400万元"}]
    )
    assert told.case.ended is None
    assert told.duty("instalment", "1").due_on > told.case.receipt.received_on.replace(year=2024)


def test_02_the_transfer_counts_from_acceptance_and_the_result_from_the_day_the_office_got_the_case() -> None:
    told = Story()
    assert str(told.duty("intake").opened_on) == "2023-04-26"
    told.on("2023-05-04").do("accept")
    assert str(told.duty("transfer").opened_on) == "2023-05-04"
    told.on("2023-05-10").do("forward", "clerk:周@620100", to="620105")
    told.on("2023-05-16").do("forward")
    assert str(told.duty("verification").opened_on) == "2023-05-10"


def test_03_working_days_are_not_days() -> None:
    calendar = published_calendar(date(2026, 2, 6))
    assert str(add_working_days(calendar, date(2026, 2, 6), 10)) == "2026-02-27"
    told = story_at("acknowledged")
    assert (str(told.duty("response").term), str(told.duty("verification").term)) == ("15d", "30d")


def test_04_ninety_days_include_the_first_thirty_and_nothing_is_extended_by_itself() -> None:
    told = story_at("objected")
    assert told.refused("extend", duty="verification", days=61).code == "beyond_ceiling"
    told.until("2023-06-06")
    assert told.duty("verification").light_from(told.duty("verification").milestones[1].light) == date(
        2023, 6, 6
    )
    assert told.refused("extend", duty="verification", days=1).code == "already_lapsed"


def test_05_some_saturdays_are_worked() -> None:
    calendar = published_calendar(date(2023, 4, 26))
    assert calendar.is_working(date(2023, 5, 6))
    assert add_working_days(calendar, date(2023, 4, 26), 5) == date(2023, 5, 6)


def test_06_a_day_beyond_the_published_years_is_provisional_and_neither_refused_nor_hidden() -> None:
    told = Story(_received(received_on=date(2026, 12, 25)), on="2026-12-25")
    assert told.duty("intake").provisional


@pytest.mark.parametrize(("size", "governed"), [("small", True), ("large", False)])
def test_07_what_counts_is_the_size_at_signing(size: str, governed: bool) -> None:
    receipt = _received(creditor=RECEIPT.creditor.model_copy(update={"size": size}))
    assert ("governed" in receipt.governed) is governed


def test_08_a_large_or_state_owned_creditor_is_not_turned_away() -> None:
    creditor = RECEIPT.creditor.model_copy(update={"size": "large", "ownership": "state"})
    told = Story(_received(creditor=creditor), on="2025-07-01")
    told.do("accept")
    rule = told.rules.duties[told.duty("transfer").duty]
    assert told.duty("transfer").basis == quoted(rule.basis, ["organ"], told.today)
    assert "中小企业" not in told.duty("transfer").basis


def test_09_what_is_claimed_is_not_what_is_recognised() -> None:
    case = story_at("endorsed").case
    assert (case.receipt.claimed, case.undisputed_fen) == (450 * WAN, 400 * WAN)


def test_10_one_debt_has_parts_that_go_different_ways() -> None:
    told = story_at("in_court")
    assert {"funding", "follow_up"} <= set(told.owed())
    told.do(
        "plan",
        sources=[{"kind": "budget", "amount": "390万元"}],
        instalments=[{"due_on": "2023-09-28", "amount": "390万元"}],
    )
    assert (told.case.judicial_fen, told.case.plan is not None) == (10 * WAN, True)


def test_13_the_law_has_versions() -> None:
    basis = Story().rules.duties[Story().duty("intake").duty].basis
    assert "投诉处理暂行办法" not in quoted(basis, ["governed"], date(2021, 12, 29))
    assert "投诉处理暂行办法" in quoted(basis, ["governed"], date(2021, 12, 30))


def test_14_a_quota_is_not_money() -> None:
    told = story_at("bonding")
    told.hear("included", 400 * WAN)
    assert (told.case.included_fen, told.case.available_fen) == (400 * WAN, 0)
    assert told.on("2023-07-27").refused("report_payment").code == "funds_not_available"
    told.hear("arrived", 400 * WAN)
    assert told.case.available_fen == 400 * WAN


def test_15_general_bonds_do_not_pay_for_a_canteen() -> None:
    told = Story(_received(spending="recurrent"))
    for do, by, fields in (
        ("accept", None, {}),
        ("forward", "clerk:周@620100", {}),
        ("recognise", None, {"as_of": "2023-04-26"}),
        ("endorse", None, {}),
    ):
        told.do(do, by, **fields)
    assert told.refused("plan", **bonds_of("400万元")).code == "not_eligible"


def test_16_paid_is_what_arrived_and_a_voucher_counts_once() -> None:
    told = story_at("reported")
    assert (told.case.cleared_fen, told.case.in_transit_fen) == (0, 400 * WAN)
    told.do("bounce")
    assert (told.case.available_fen, told.case.outstanding_fen) == (400 * WAN, 400 * WAN)
    assert told.refused("report_payment").code == "voucher_reused"


def test_17_what_interrupts_the_limitation_is_on_record_with_its_day_and_whose_word_it_is() -> None:
    told = story_at("reported")
    words = {event.kind: (str(event.on), event.by.role) for event in told.journal}
    assert words["planned"] == ("2023-06-26", "debtor")
    assert words["payment_reported"] == ("2023-07-20", "debtor")


def test_18_a_suit_ends_the_complaint_and_not_the_debt_and_a_call_back_may_reopen() -> None:
    told = story_at("planned")
    told.do("go_judicial")
    assert (told.case.ended, told.case.outstanding_fen) == ("judicial", 400 * WAN)
    told = story_at("cleared")
    told.do("call_back", satisfied="no", note="漏计")
    assert told.case.stage == "verification"


def test_19_pressure_may_jump_and_a_referral_is_for_people() -> None:
    told = story_at("planned")
    told.do("escalate", CITY_HEAD, mode="key_supervised")
    assert told.case.mode is Mode.KEY_SUPERVISED
    assert told.refused("escalate", CITY_HEAD, mode="referred").code == "wrong_stage"
    papers = papers_of(story_at("acknowledged").until("2023-06-02"))
    assert [paper.notice for paper in papers if paper.duty == "response"] == ["prompt", "supervision"]
    assert story_at("acknowledged").refused("publicise").code == "wrong_stage"
    assert all(rung.mode is not Mode.REFERRED for rung in told.rules.ladder)


def test_20_a_rate_names_what_it_is_of_and_nothing_is_no_rate() -> None:
    left = {"figure": 1494406260, "of": 1516739260}
    assert (percent(*left.values()), percent(left["figure"], left["figure"])) == ("98.53%", "100.00%")
    assert percent(0, 0) is None
    rates = [sentence for figure, sentence in DEFINITIONS.items() if figure.startswith("rates.")]
    assert rates
    assert all("÷" in sentence for sentence in rates)
