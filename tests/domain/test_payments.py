"""Payments in all their forms: direct, in part, by bill and in kind; silence, denial and what is taken back."""

from datetime import date
from typing import Any

import pytest

from domain import facts as e
from domain.case.casefile import Case
from domain.case.view import case_json
from tests.domain.story import CITY_HEAD, CLERK, CREDITOR, DEBTOR, FINANCE, HEAD, WAN, Story, story_at
from tests.known import fact, there

ATTEMPTS = [{"on": day, "how": "电话", "what": "无人接听"} for day in ("2023-07-24", "2023-07-28")]


def _payment(case: Case, voucher: str = "PZ-1") -> Any:
    return next(one for one in case_json(case, date(2023, 7, 20))["payments"] if one["voucher"] == voucher)


def _amounts(told: Story) -> tuple[int, int, int]:
    return told.case.available_fen // WAN, told.case.in_transit_fen // WAN, told.case.cleared_fen // WAN


def test_a_debtor_that_pays_at_once_needs_no_plan_and_is_not_pressed() -> None:
    told = story_at("forwarded").on("2023-05-17")
    told.do("report_payment", amount="400万元", paid_on="2023-05-17", direct=True)
    told.do("confirm_receipt")
    told.on("2023-05-18")
    refusal = told.refused("recognise", undisputed="399万元", settled="999万元", as_of="2023-05-17")
    assert refusal.code == "amounts_do_not_add_up"
    told.do("recognise", as_of="2023-05-17")
    told.do("endorse")
    assert (told.case.stage, told.case.cleared_fen, told.owed()) == ("review", 400 * WAN, ["review"])


def test_a_direct_payment_rests_the_plan_until_it_is_confirmed() -> None:
    told = story_at("endorsed").on("2023-06-01")
    told.do("report_payment", amount="400万元", paid_on="2023-06-01", direct=True)
    assert (told.case.unplanned_fen, told.owed(), told.case.stage) == (0, ["confirmation"], "payment")
    told.do("dispute_receipt")
    assert told.owed() == ["answer", "funding"]
    told.do("bounce")
    assert (told.owed(), _amounts(told)) == (["funding"], (0, 0, 0))


def test_a_direct_payment_needs_less_of_the_last_source_and_is_back_when_it_bounces() -> None:
    sources = [{"kind": "budget", "amount": "300万元"}, {"kind": "loan", "amount": "100万元"}]
    told = story_at("planned", plan={"sources": sources}).on("2023-07-20")
    refusal = told.refused("report_payment", amount="400.01万元", direct=True)
    assert (refusal.code, refusal.field) == ("exceeds_owed", "amount")
    told.do("report_payment", amount="150万元", direct=True)
    planned = [(one.kind, one.planned_fen // WAN) for one in there(told.case.plan).sources]
    assert planned == [("budget", 250), ("loan", 0)]
    assert [one.covered_fen // WAN for one in told.case.instalments] == [150]
    told.do("bounce")
    assert [(one.kind, one.planned_fen // WAN) for one in there(told.case.plan).sources] == [
        ("budget", 250),
        ("loan", 150),
    ]
    assert told.case.unplanned_fen == 0


def test_a_bond_asks_for_less_and_for_more_again() -> None:
    told = story_at("bonding").on("2023-07-20")
    assert told.do("report_payment", amount="150万元", direct=True)[-1].fact.kind == "bond_requested"
    assert told.case.bond_wanted_fen == 250 * WAN
    assert told.do("bounce")[-1].fact.kind == "bond_requested"
    assert told.case.bond_wanted_fen == 400 * WAN


def test_surplus_money_goes_back_when_the_debtor_pays_itself() -> None:
    told = story_at("funded").on("2023-07-20")
    events = told.do("report_payment", amount="400万元", direct=True)
    assert [event.kind for event in events] == ["funds_returned", "payment_reported"]
    told.do("confirm_receipt")
    assert (told.case.stage, _amounts(told)) == ("review", (0, 0, 400))


def test_a_plan_leaves_out_what_the_debtor_has_paid_itself_and_counts_it_when_it_bounces() -> None:
    told = story_at("endorsed").on("2023-06-20")
    told.do("report_payment", amount="100万元", paid_on="2023-06-20", direct=True)
    money = {"amount": "300万元"}
    told.do("plan", sources=[{"kind": "budget", **money}], instalments=[{"due_on": "2023-09-28", **money}])
    assert [(one.cleared_fen, one.covered_fen) for one in told.case.instalments] == [(0, 0)]
    told.do("bounce")
    assert (told.case.unplanned_fen, told.owed()) == (100 * WAN, ["funding", "instalment"])


def test_of_money_that_arrived_in_part_the_rest_is_disputed() -> None:
    told = story_at("reported")
    events = told.do("confirm_receipt", amount="250万元")
    assert [event.kind for event in events] == ["receipt_confirmed", "receipt_disputed"]
    assert (_amounts(told), told.owed()) == ((0, 150, 250), ["answer", "instalment"])
    assert (_payment(told.case)["state"], _payment(told.case)["confirmed_fen"]) == ("disputed", 250 * WAN)
    assert told.refused("confirm_receipt", amount="150.01万元").code == "exceeds_owed"
    told.do("confirm_receipt", amount="150万元")
    assert (told.case.stage, told.case.cleared_fen) == ("review", 400 * WAN)


def _by_bill(until: str = "2023-12-20") -> Story:
    told = story_at("funded").on("2023-07-20")
    told.do("report_payment", form="bill", matures_on=until)
    return told


def test_a_bill_counts_when_it_matures() -> None:
    told = _by_bill()
    assert told.owed() == ["confirmation", "instalment"]
    told.do("confirm_receipt")
    assert (_payment(told.case)["state"], _amounts(told), told.owed()) == (
        "maturing",
        (0, 400, 0),
        ["falling_due"],
    )
    assert told.refused("confirm_receipt").code == "already_lapsed"
    told.until("2023-12-20")
    honoured = next(event for event in told.journal if event.kind == "payment_honoured")
    assert (honoured.on, told.case.stage, told.case.cleared_fen) == (date(2023, 12, 20), "review", 400 * WAN)


def test_a_bill_that_is_not_honoured_is_owed_again() -> None:
    told = _by_bill()
    told.do("confirm_receipt")
    told.until("2023-12-20")
    told.approved("reverse", FINANCE, why="dishonoured", reference="拒付证明1号")
    assert (_payment(told.case)["state"], told.case.stage) == ("reversed", "payment")
    assert (_amounts(told), told.owed()) == ((400, 0, 0), ["instalment"])


def test_a_bill_may_be_returned_before_its_day() -> None:
    told = _by_bill()
    told.do("confirm_receipt")
    told.again().approved("reverse", CLERK, why="returned")
    told.do("bounce", reason="出票人账户不足")
    assert (_amounts(told), told.owed()) == ((400, 0, 0), ["instalment"])


@pytest.mark.parametrize(
    "fields",
    [
        {"form": "bill"},
        {"form": "bill", "matures_on": "2024-07-20"},
        {"form": "e_voucher", "matures_on": "2023-07-19"},
        {"form": "cash", "matures_on": "2023-08-20"},
    ],
)
def test_a_promise_to_pay_has_a_day_within_a_year_and_money_has_none(fields: dict[str, Any]) -> None:
    refusal = story_at("funded").on("2023-07-20").refused("report_payment", **fields)
    assert (refusal.code, refusal.field) == ("malformed", "matures_on")


def test_property_counts_when_it_was_transferred() -> None:
    told = story_at("funded").on("2023-07-20")
    told.do("report_payment", form="in_kind")
    told.do("confirm_receipt")
    assert (_payment(told.case)["state"], _payment(told.case)["matures_on"]) == ("maturing", "2023-08-19")
    told.until("2023-08-19")
    assert told.journal[-1].fact.kind == "fell_due"
    assert told.owed() == ["confirmation"]
    assert told.refused("confirm_receipt", transferred_on="2023-08-20").code == "date_in_future"
    told.do("confirm_receipt", transferred_on="2023-08-18")
    shown = case_json(told.case, told.today)
    assert (shown["stage"], shown["cleared_fen"], shown["in_kind_fen"]) == ("review", 400 * WAN, 400 * WAN)


def test_property_may_be_handed_over_before_its_day() -> None:
    told = story_at("funded").on("2023-07-20")
    told.do("report_payment", form="in_kind", matures_on="2023-12-31")
    told.do("confirm_receipt")
    assert told.duty("falling_due", "PZ-1").due_on == date(2023, 12, 31)
    told.on("2023-09-01").do("confirm_receipt", transferred_on="2023-08-31")
    assert told.case.cleared_fen == 400 * WAN


def test_a_bill_counts_as_a_whole() -> None:
    told = _by_bill()
    refusal = told.refused("confirm_receipt", amount="100万元")
    assert (refusal.code, refusal.field) == ("malformed", "amount")


def test_a_silent_creditor_presses_nobody_and_the_office_stands_for_the_payment() -> None:
    told = story_at("reported")
    told.until("2023-07-27")
    assert told.refused("attest_receipt", attempts=ATTEMPTS).code == "unknown_voucher"
    told.until("2024-03-01")
    of_debtor = [event for event in told.journal if getattr(event.fact, "duty", None) == "instalment"]
    assert of_debtor == []
    told = story_at("reported")
    told.until("2023-07-31")
    assert told.owed() == ["attestation", "confirmation"]
    assert told.duty("attestation", "PZ-1").due_on == date(2023, 8, 11)
    for attempts in ([], ATTEMPTS[:1], [ATTEMPTS[0]] * 2, [ATTEMPTS[0], ATTEMPTS[1] | {"on": "2023-07-19"}]):
        assert told.refused("attest_receipt", attempts=attempts).code == "evidence_missing"
    late = [ATTEMPTS[0], ATTEMPTS[1] | {"on": "2023-08-01"}]
    assert told.refused("attest_receipt", attempts=late).code == "date_in_future"
    told.approved("attest_receipt", attempts=ATTEMPTS)
    shown = case_json(told.case, told.today)
    assert (shown["stage"], shown["cleared_fen"], shown["attested_fen"]) == ("review", 400 * WAN, 400 * WAN)


def test_what_did_not_arrive_is_found_out_too() -> None:
    told = story_at("answered")
    told.approved("attest_receipt", arrived=False, reference="未见入账")
    assert (_payment(told.case)["state"], _amounts(told), told.owed()) == (
        "bounced",
        (400, 0, 0),
        ["instalment"],
    )


def test_an_attested_receipt_may_be_denied_once_unless_it_was_answered() -> None:
    told = story_at("reported")
    told.until("2023-07-31")
    told.approved("attest_receipt", attempts=ATTEMPTS)
    told.do("dispute_receipt", reason="账户已注销")
    assert (told.case.stage, told.owed(), _amounts(told)) == (
        "payment",
        ["answer", "instalment"],
        (0, 400, 0),
    )
    told.do("answer")
    assert told.owed() == ["attestation"]
    assert told.refused("answer").code == "unknown_voucher"
    told.approved("attest_receipt")
    assert told.case.cleared_fen == 400 * WAN
    assert told.refused("dispute_receipt").code == "unknown_voucher"


def test_a_denied_payment_lives_again_with_its_old_day() -> None:
    told = story_at("planned", plan={"instalments": [{"due_on": "2023-08-01", "amount": "400万元"}]})
    told.on("2023-07-10").do("fund")
    told.on("2023-07-20").do("report_payment")
    assert "instalment" not in told.owed()
    told.until("2023-08-10")
    told.do("dispute_receipt")
    assert told.duty("instalment", "1").due_on == date(2023, 8, 1)
    assert told.case.mode == "transferred"


def test_a_bill_that_the_office_stands_for_matures_as_well() -> None:
    told = _by_bill("2023-08-20")
    told.until("2023-07-31")
    told.approved("attest_receipt", attempts=ATTEMPTS)
    assert _payment(told.case)["state"] == "maturing"
    told.until("2023-08-21")
    assert (_payment(told.case)["state"], told.case.cleared_fen) == ("attested", 400 * WAN)


def test_a_reversal_opens_a_closed_case_again_and_the_office_above_approves_it() -> None:
    told = story_at("closed")
    told.do("reverse")
    assert (told.case.ended, [duty.duty for duty in told.case.duties]) == ("closed", ["approval"])
    assert told.refused("approve", HEAD).code == "not_yours"
    told.do("approve", CITY_HEAD)
    assert (told.case.ended, told.case.stage, told.owed()) == (None, "payment", ["instalment"])
    assert told.refused("close").code == "wrong_stage"


@pytest.mark.parametrize("do", ["confirm_receipt", "bounce"])
def test_what_was_on_its_way_when_a_case_ended_is_still_settled(do: str) -> None:
    told = story_at("reported")
    told.withdrawn()
    told.do(do)
    assert told.case.in_transit_fen == 0
    assert told.case.ended == "withdrawn"


def test_what_a_clerk_gives_of_a_party_is_the_party_s_word_on_paper() -> None:
    told = story_at("funded").on("2023-07-20")
    (reported,) = told.do("report_payment", CLERK)
    assert (str(reported.by), str(reported.entered_by)) == ("debtor", CLERK)
    assert told.refused("confirm_receipt", entered_by=CLERK).code == "four_eyes"
    assert told.refused("report_payment", "clerk:冯@620104", voucher="PZ-2").field == "entered_by"


def test_nobody_confirms_or_denies_what_is_not_theirs() -> None:
    told = story_at("reported")
    assert told.refused("confirm_receipt", DEBTOR).code == "not_yours"
    assert told.refused("answer", CREDITOR).code == "not_yours"


def test_no_more_is_funded_than_is_still_to_pay() -> None:
    told = story_at("planned").on("2023-07-20")
    told.do("report_payment", amount="150万元", direct=True)
    assert told.refused("fund", amount="250.01万元").code == "exceeds_plan"
    told.do("fund", amount="250万元")


def test_the_office_that_gets_a_case_has_its_own_days_to_stand_for_a_payment() -> None:
    told = story_at("reported")
    told.until("2023-07-31")
    told.approved("attest_receipt", attempts=ATTEMPTS)
    told.do("call_back", satisfied="no", note="漏计")
    told.on("2023-08-01").do("dispute_receipt", reason="账户已注销")
    told.do("answer")
    told.on("2023-08-04").do("return_up")
    assert told.duty("attestation", "PZ-1").opened_on == date(2023, 8, 4)


def test_what_the_creditor_confirmed_of_a_payment_is_not_shown_as_attested() -> None:
    told = story_at("reported")
    told.do("confirm_receipt", amount="250万元")
    told.do("answer")
    told.approved("attest_receipt")
    shown = case_json(told.case, told.today)
    assert (shown["cleared_fen"], shown["attested_fen"]) == (400 * WAN, 150 * WAN)
    assert _payment(told.case)["state"] == "attested"


def test_what_bounces_after_the_end_goes_back_to_its_source() -> None:
    told = story_at("judicial")
    told.do("confirm_receipt", amount="250万元")
    events = told.do("bounce")
    assert [event.kind for event in events] == ["payment_bounced", "funds_returned"]
    assert fact(events[-1], e.FundsReturned).amount_fen == 150 * WAN
    assert _amounts(told) == (0, 0, 250)
    assert told.replayed() == told.case
