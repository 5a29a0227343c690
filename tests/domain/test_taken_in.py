"""接入: a case that lived elsewhere goes on where it stood, and nobody is pressed for what was before the day of entry."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.case.duties import light_of_case
from domain.case.view import case_json
from domain.money import PEOPLE
from domain.receipt import Receipt
from domain.refusal import Refusal
from domain.registration import registrable
from domain.value import Light
from tests.domain.climbing import EVERY_LEVEL, levels_of, received_at
from tests.domain.laws import LAWS
from tests.domain.story import CREDITOR, DEBTOR, RECEIPT, WAN, Story

ENTERED = "2023-11-06"
OWED = {"settled": "1000万元", "paid": "600万元", "undisputed": "400万元", "as_of": "2023-05-23"}
PLAN = {
    "sources": [{"kind": "budget", "amount": "300万元"}],
    "instalments": [
        {"due_on": "2023-09-28", "amount": "100万元"},
        {"due_on": "2024-01-31", "amount": "200万元"},
    ],
}
BONDS = PLAN | {"sources": [{"kind": "bond", "amount": "300万元"}]}
ASLEEP = OWED | {"undisputed": "391万元", "not_yet_due": "9万元"}
RETENTION = {"amount": "9万元", "due_on": "2024-03-01", "what": "质保金"}


def _receipt(**taken: Any) -> Receipt:
    known = {"as_of": "2023-10-31", "source": "区清欠台账", **taken}
    written = RECEIPT.model_dump(mode="json") | {"office": "620105", "taken_in": known}
    return Receipt.model_validate(written, context=PEOPLE)


def _told(**taken: Any) -> Story:
    return Story(_receipt(**taken), on=ENTERED)


@pytest.mark.parametrize(
    ("taken", "owed", "outstanding"),
    [
        ({"stage": "transfer"}, ["transfer"], 0),
        (
            {"stage": "verification", "acknowledged_on": "2023-05-05"},
            ["response", "verification"],
            0,
        ),
        ({"stage": "verification"}, ["acknowledgement", "response", "verification"], 0),
        (
            {"stage": "verification", "acknowledged_on": "2023-05-05", "recognition": OWED},
            ["endorsement"],
            400,
        ),
        ({"stage": "funding", "recognition": OWED, "cleared": "100万元"}, ["funding"], 300),
        (
            {"stage": "bonding", "recognition": OWED, "plan": BONDS, "cleared": "100万元"},
            ["bonding", "instalment", "instalment"],
            300,
        ),
        (
            {"stage": "payment", "recognition": OWED, "plan": PLAN, "cleared": "100万元"},
            ["instalment", "instalment"],
            300,
        ),
        (
            {"stage": "payment", "recognition": ASLEEP | {"dues": [RETENTION]}, "cleared": "391万元"},
            ["falling_due"],
            0,
        ),
        ({"stage": "payment", "recognition": ASLEEP, "cleared": "391万元"}, ["dating"], 0),
        ({"stage": "review", "recognition": OWED, "cleared": "400万元"}, ["review"], 0),
    ],
)
def test_it_goes_on_in_its_stage_with_its_amounts(
    taken: dict[str, Any], owed: list[str], outstanding: int
) -> None:
    told = _told(**taken)
    assert [event.kind for event in told.journal][:2] == ["received", "taken_in"]
    assert (told.case.stage, told.owed()) == (taken["stage"], owed)
    assert told.case.outstanding_fen == outstanding * WAN
    assert told.case.mode == "transferred"
    assert {event.on.isoformat() for event in told.journal} == {ENTERED}
    assert {duty.opened_on.isoformat() for duty in told.case.duties} == {ENTERED}
    assert told.until(ENTERED) == []
    assert light_of_case(told.case, told.today) is Light.NONE
    for law in LAWS:
        law(told)
    shown = case_json(told.case, told.today)
    assert (shown["entered_on"], shown["taken_in"]["source"]) == (ENTERED, "区清欠台账")


def test_what_general_bonds_may_not_pay_is_not_brought_in_with_them() -> None:
    receipt = _receipt(stage="bonding", recognition=OWED, plan=BONDS, cleared="100万元")
    today = date.fromisoformat(ENTERED)
    registrable(receipt, today)
    with pytest.raises(Refusal, match="may not be paid from general bonds"):
        registrable(receipt.model_copy(update={"spending": "recurrent"}), today)


def test_no_day_of_a_plan_that_is_brought_in_lies_beyond_thirty_years() -> None:
    instalments = [{"due_on": "2054-01-01", "amount": "300万元"}]
    receipt = _receipt(
        stage="payment", recognition=OWED, plan=PLAN | {"instalments": instalments}, cleared="100万元"
    )
    with pytest.raises(Refusal, match="more than 30 years") as refused:
        registrable(receipt, date.fromisoformat(ENTERED))
    assert refused.value.field == "taken_in.plan.instalments.0.due_on"


def test_an_instalment_that_had_lapsed_has_ten_days_more_and_says_so() -> None:
    told = _told(stage="payment", recognition=OWED, plan=PLAN, cleared="100万元", mode="supervised")
    (late,) = [event.fact for event in told.journal if event.kind == "late_on_entry"]
    assert late.model_dump(exclude={"kind"}) == {
        "duty": "instalment",
        "subject": "1",
        "due_on": date(2023, 9, 28),
    }
    first, second = told.duty("instalment", "1"), told.duty("instalment", "2")
    assert (first.due_on, first.was_due_on) == (date(2023, 11, 20), date(2023, 9, 28))
    longer = told.again()
    longer.do("extend", duty="instalment", subject="1", days=5)
    assert longer.duty("instalment", "1").due_on == date(2023, 11, 27), "five days, a weekend among them"
    assert (second.due_on, second.was_due_on) == (date(2024, 1, 31), None)
    assert told.case.mode == "supervised"
    happened = told.until("2023-11-25")
    assert levels_of(happened, "instalment", "1") == [
        ("near", "2023-11-15"),
        ("lapsed", "2023-11-21"),
        ("supervised", "2023-11-23"),
    ]


def test_a_complaint_that_was_received_long_ago_is_examined_from_now_on() -> None:
    told = received_at("620100", "2023-04-26", on="2023-06-12")
    assert [event.kind for event in told.journal] == ["received", "late_on_entry"]
    intake = told.duty("intake")
    assert (intake.due_on, intake.was_due_on) == (date(2023, 6, 27), date(2023, 5, 12))
    assert (told.until("2023-06-12"), light_of_case(told.case, told.today)) == ([], Light.NONE)
    levels = [level for level, _ in levels_of(told.until("2023-12-01"), "intake")]
    assert levels == EVERY_LEVEL


def test_what_was_brought_in_goes_on_like_any_other() -> None:
    told = _told(stage="payment", recognition=OWED, plan=PLAN, cleared="100万元")
    told.do("fund", amount="300万元")
    told.do("report_payment", amount="300万元", paid_on=ENTERED)
    told.do("confirm_receipt", by=CREDITOR)
    assert (told.case.stage, told.case.cleared_fen) == ("review", 400 * WAN)
    assert [one.cleared_fen // WAN for one in told.case.instalments] == [100, 200]
    shown = case_json(told.case, told.today)
    assert (shown["taken_in_fen"], shown["account"]["by"]) == (100 * WAN, "taken_in")
    verified = _told(stage="verification", acknowledged_on="2023-05-05", recognition=OWED)
    verified.do("endorse", by=CREDITOR)
    assert verified.case.stage == "funding"


def test_a_statement_that_was_brought_in_can_be_objected_to_and_stated_anew() -> None:
    told = _told(stage="verification", acknowledged_on="2023-05-05", recognition=OWED)
    told.do("object", by=CREDITOR)
    told.do("recognise", by=DEBTOR)
    assert told.owed() == ["endorsement"]


@pytest.mark.parametrize(
    ("taken", "why"),
    [
        ({"stage": "intake"}, "Input should be"),
        ({"stage": "closed"}, "Input should be"),
        ({"stage": "transfer", "as_of": "2023-04-25"}, "as_of is not before received_on"),
        ({"stage": "transfer", "mode": "referred"}, "Input should be"),
        ({"stage": "transfer", "recognition": OWED}, "recognition: is there from funding on"),
        (
            {"stage": "verification", "acknowledged_on": "2023-11-01"},
            "as_of: nothing is known of a later day",
        ),
        ({"stage": "funding", "recognition": OWED | {"as_of": "2023-11-01"}}, "as_of: nothing is known of"),
        ({"stage": "funding"}, "recognition: is there from funding on"),
        ({"stage": "verification", "cleared": "1万元"}, "cleared: nothing is recognised yet"),
        ({"stage": "funding", "recognition": OWED, "cleared": "401万元"}, "cleared: is no more than"),
        ({"stage": "funding", "recognition": OWED | {"undisputed": "399万元"}}, "undisputed: settled − paid"),
        (
            {"stage": "funding", "recognition": ASLEEP | {"dues": [RETENTION | {"amount": "10万元"}]}},
            "dues: add up",
        ),
        (
            {"stage": "funding", "recognition": ASLEEP | {"dues": [RETENTION | {"due_on": "2023-05-23"}]}},
            "dues: each falls due after as_of",
        ),
        ({"stage": "funding", "recognition": OWED, "plan": PLAN}, "plan: is there in bonding and payment"),
        ({"stage": "payment", "recognition": OWED}, "plan: is there in bonding and payment"),
        ({"stage": "payment", "recognition": OWED, "plan": PLAN}, "plan: adds up to undisputed − cleared"),
        (
            {"stage": "payment", "recognition": OWED, "plan": BONDS, "cleared": "100万元"},
            "stage: is bonding where the plan has bonds",
        ),
        ({"stage": "review", "recognition": ASLEEP, "cleared": "391万元"}, "in review nothing is left"),
        ({"stage": "payment", "recognition": OWED, "cleared": "400万元"}, "it is payment, or review"),
        ({"stage": "funding", "recognition": OWED, "cleared": "400万元"}, "it is payment, or review"),
    ],
)
def test_what_cannot_have_stood_like_that_is_refused(taken: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        _receipt(**taken)


def test_it_tells_of_no_day_to_come() -> None:
    assert (RECEIPT.known_on, RECEIPT.told_last) == (RECEIPT.received_on, "received_on")
    taken = _receipt(stage="transfer")
    assert (taken.known_on, taken.told_last) == (date(2023, 10, 31), "taken_in.as_of")


def test_an_office_that_had_taken_it_over_does_not_return_it() -> None:
    told = _told(stage="verification", mode="taken_over")
    assert told.refused("return_up").code == "wrong_stage"
    assert _told(stage="verification", mode="supervised").do("return_up")
