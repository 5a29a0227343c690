"""What is recognised has parts that live side by side, and add up to the fen whatever happens to them."""

from datetime import date
from typing import Any

import pytest

from domain.case.ladder import forecast
from domain.case.view import case_json
from domain.facts import Adjusted, FellDue, OfDuty
from tests.domain.climbing import levels_of
from tests.domain.laws import the_parts_add_up
from tests.domain.story import CLERK, CREDITOR, DEBTOR, HEAD, WAN, Story, bonds_of, story_at
from tests.known import fact, there

RETENTION = {"amount": "9万元", "due_on": "2024-05-31", "what": "质保金"}


def _with_retention(*dues: dict[str, Any], until: str = "endorsed") -> Story:
    """A debt of 400万元, 9万元 of which are not due yet."""
    stated = {"undisputed": "391万元", "not_yet_due": "9万元", "dues": list(dues)}
    plan = {
        "sources": [{"kind": "budget", "amount": "391万元"}],
        "instalments": [{"due_on": "2023-09-28", "amount": "391万元"}],
    }
    more = {"fund": {"amount": "391万元"}, "report_payment": {"amount": "391万元"}}
    return story_at(until, recognise=stated, plan=plan, **more)


def _kinds(told: Story) -> list[str]:
    return [event.kind for event in told.journal]


def test_a_dated_part_is_awaited_and_presses_nobody() -> None:
    told = _with_retention(RETENTION)
    duty = told.duty("falling_due", "#1")
    assert (duty.owner, duty.due_on, [stone.level for stone in duty.milestones]) == (
        "debtor",
        date(2024, 5, 31),
        ["near"],
    )
    assert told.owed() == ["falling_due", "funding"]


def test_what_only_waits_for_its_day_is_asleep() -> None:
    told = _with_retention(RETENTION, until="cleared")
    shown = case_json(told.case, told.today)
    assert (shown["asleep"], shown["stage"], shown["outstanding_fen"]) == (True, "payment", 0)
    assert (told.owed(), shown["light"], shown["not_yet_due_fen"]) == (["falling_due"], "none", 9 * WAN)
    assert [event.kind for event in forecast(told.case, told.rules, told.now)][:3] == [
        "deadline_near",
        "notice_issued",
        "fell_due",
    ]


def test_on_its_day_a_part_is_owed_planned_and_paid() -> None:
    told = _with_retention(RETENTION, until="cleared")
    told.until("2024-05-31")
    fell = next(event for event in told.journal if event.kind == "fell_due")
    part = fact(fell, FellDue)
    assert (fell.on, fell.at.hour, part.part, part.amount_fen) == (
        date(2024, 5, 31),
        0,
        1,
        9 * WAN,
    )
    assert (told.case.stage, told.owed(), told.case.outstanding_fen) == ("funding", ["funding"], 9 * WAN)
    money = {"amount": "9万元"}
    told.do(
        "plan",
        sources=[{"kind": "budget", **money}],
        instalments=[{"due_on": "2024-06-28", **money}],
        reason="质保金到期",
    )
    told.do("fund", reference="安财预2号", **money)
    told.on("2024-06-20").do("report_payment", voucher="PZ-2", paid_on="2024-06-20", **money)
    told.do("confirm_receipt", voucher="PZ-2")
    assert (told.case.stage, told.case.cleared_fen) == ("review", 400 * WAN)


def test_a_part_without_a_day_is_the_office_s_to_date_once_the_rest_is_paid() -> None:
    told = _with_retention()
    assert told.owed() == ["funding"]
    told = _with_retention(until="cleared")
    assert told.owed() == ["dating"]
    told.approved(
        "adjust",
        CLERK,
        why="supplement",
        undisputed="391万元",
        not_yet_due="9万元",
        dues=[RETENTION],
        reference="补充协议",
    )
    assert (told.owed(), told.case.is_asleep) == (["falling_due"], True)


def test_a_day_that_passed_before_the_account_stood_falls_due_when_it_stands() -> None:
    told = story_at("forwarded")
    due = RETENTION | {"due_on": "2023-05-20"}
    told.do("recognise", undisputed="391万元", not_yet_due="9万元", as_of="2023-05-15", dues=[due])
    told.on("2023-06-01").do("endorse")
    fell = told.journal[-1]
    assert (fell.kind, fell.on, told.case.undisputed_fen) == ("fell_due", date(2023, 6, 1), 400 * WAN)


def test_a_suspended_case_lets_nothing_fall_due_until_it_goes_on() -> None:
    told = _with_retention(RETENTION | {"due_on": "2023-09-01"}, until="planned")
    told.on("2023-08-15").do("suspend", until="2023-09-14")
    told.until("2023-10-10")
    fell = next(event for event in told.journal if event.kind == "fell_due")
    assert (fell.on, fact(fell, FellDue).due_on) == (date(2023, 9, 14), date(2023, 9, 1))


@pytest.mark.parametrize(
    ("amounts", "code", "field"),
    [
        ({"not_yet_due": "8万元", "undisputed": "392万元"}, "amounts_do_not_add_up", "dues"),
        (
            {"as_of": "2023-05-20", "dues": [RETENTION | {"due_on": "2023-05-20"}]},
            "malformed",
            "dues.0.due_on",
        ),
        ({"judicial": "1万元"}, "amounts_do_not_add_up", "undisputed"),
    ],
)
def test_dated_parts_are_part_of_what_is_not_yet_due(amounts: dict[str, Any], code: str, field: str) -> None:
    told = story_at("acknowledged").on("2023-05-24")
    stated = {"undisputed": "391万元", "not_yet_due": "9万元", "dues": [RETENTION]}
    refusal = told.refused("recognise", **(stated | amounts))
    assert (refusal.code, refusal.field) == (code, field)


def test_the_parts_are_shown_one_by_one() -> None:
    told = story_at(
        "endorsed",
        recognise={
            "undisputed": "300万元",
            "disputed": "60万元",
            "not_yet_due": "30万元",
            "judicial": "10万元",
            "dues": [RETENTION],
        },
    )
    told.do("go_judicial", CREDITOR, part="disputed", hearing_on="2023-07-03")
    parts = case_json(told.case, told.today)["parts"]
    assert [(part["no"], part["kind"], part["amount_fen"] // WAN, part["due_on"]) for part in parts] == [
        (None, "undisputed", 300, None),
        (1, "not_yet_due", 9, "2024-05-31"),
        (None, "not_yet_due", 21, None),
        (None, "judicial", 70, None),
    ]
    assert (parts[1]["what"], parts[3]["court"], parts[3]["hearing_on"]) == (
        "质保金",
        "安宁区人民法院",
        "2023-07-03",
    )


def test_what_is_rejected_leaves_what_is_settled_and_is_kept_apart() -> None:
    told = story_at("partly_disputed")
    told.do("resolve_dispute", recognised="4万元", rejected="6万元")
    shown = case_json(told.case, told.today)
    assert (shown["settled_fen"], shown["rejected_fen"], shown["undisputed_fen"]) == (
        994 * WAN,
        6 * WAN,
        394 * WAN,
    )
    the_parts_add_up(told)


def test_a_discount_takes_both_parties_and_cuts_the_plan() -> None:
    told = story_at("funded", plan=_two_instalments())
    less = {"settled": "990万元", "undisputed": "390万元", "reference": "和解协议1号"}
    refusal = told.refused("adjust", why="discount", **less)
    assert (refusal.code, refusal.field) == ("not_eligible", "agreed_by_both")
    events = told.approved("adjust", why="discount", agreed_by_both=True, **less)
    assert [event.kind for event in events] == ["approved", "funds_returned", "adjusted"]
    shown = case_json(told.case, told.today)
    assert (shown["discounted_fen"], shown["outstanding_fen"], shown["available_fen"]) == (
        10 * WAN,
        390 * WAN,
        390 * WAN,
    )
    assert [one["amount_fen"] // WAN for one in shown["instalments"]] == [300, 90]
    assert [(one["planned_fen"] // WAN, one["arrived_fen"] // WAN) for one in shown["sources"]] == [
        (390, 390)
    ]
    the_parts_add_up(told)
    adjusted = fact(events[-1], Adjusted)
    assert (adjusted.was.settled_fen, adjusted.now.settled_fen) == (1000 * WAN, 990 * WAN)


def _two_instalments() -> dict[str, Any]:
    return {
        "instalments": [
            {"due_on": "2023-09-28", "amount": "300万元"},
            {"due_on": "2023-10-30", "amount": "100万元"},
        ]
    }


def test_a_discount_to_what_has_been_paid_clears_the_case() -> None:
    """90 were accepted for 100: the case clears at 90, and the discount is no payment."""
    told = story_at("funded", plan=_two_instalments()).on("2023-07-20")
    told.do("report_payment", amount="360万元")
    told.do("confirm_receipt")
    told.approved("adjust", why="discount", settled="960万元", undisputed="360万元", agreed_by_both=True)
    assert (told.case.stage, told.case.cleared_fen, told.case.available_fen) == ("review", 360 * WAN, 0)


def test_what_was_recognised_too_much_is_corrected_and_a_rise_is_planned_anew() -> None:
    told = story_at("planned")
    told.approved("adjust", settled="1050万元", undisputed="450万元")
    assert (told.case.stage, told.case.unplanned_fen, told.owed()) == (
        "funding",
        50 * WAN,
        ["funding", "instalment"],
    )
    told.approved("adjust", settled="900万元", undisputed="300万元")
    assert (told.case.stage, told.case.unplanned_fen) == ("payment", 0)
    assert [(one.planned_fen, one.arrived_fen) for one in there(told.case.plan).sources] == [(300 * WAN, 0)]


def test_a_bond_asks_for_less_when_less_is_owed() -> None:
    told = story_at("planned", plan=bonds_of("100万元", "300万元"))
    told.hear("included", 150 * WAN)
    assert told.refused("adjust", settled="700万元", undisputed="100万元").code == "amounts_do_not_add_up"
    told.approved("adjust", settled="800万元", undisputed="200万元")
    assert (told.case.bond_wanted_fen, told.case.bond_awaited_fen) == (50 * WAN, 150 * WAN)
    assert _kinds(told)[-1] == "bond_requested"
    assert [one.amount_fen for one in there(told.case.plan).instalments] == [100 * WAN, 100 * WAN]


@pytest.mark.parametrize("why", ["deduction", "error"])
def test_a_deduction_is_shown_apart_and_a_slip_is_not(why: str) -> None:
    told = story_at("endorsed")
    told.approved("adjust", why=why, settled="980万元", undisputed="380万元")
    shown = case_json(told.case, told.today)
    assert (shown["deducted_fen"], shown["discounted_fen"]) == (20 * WAN if why == "deduction" else 0, 0)


def test_a_part_keeps_its_number_when_the_account_is_adjusted() -> None:
    other = {"amount": "1万元", "due_on": "2024-01-31", "what": "尾款"}
    told = _with_retention(RETENTION)
    told.approved("adjust", undisputed="390万元", not_yet_due="10万元", dues=[RETENTION, other], why="error")
    assert [(part.no, part.what) for part in told.case.dues] == [(2, "尾款"), (1, "质保金")]
    assert told.duty("falling_due", "#1").due_on == date(2024, 5, 31)


def test_the_disputed_part_goes_to_court_and_the_rest_goes_on() -> None:
    told = story_at("partly_disputed")
    told.do("go_judicial", CREDITOR, part="disputed")
    assert (told.case.ended, told.owed()) == (None, ["follow_up", "funding"])
    assert (told.case.disputed_fen, told.case.judicial_fen) == (0, 10 * WAN)
    money = {"amount": "390万元"}
    told.do(
        "plan",
        sources=[{"kind": "budget", **money}],
        instalments=[{"due_on": "2023-09-28", **money}],
    )
    told.do("fund", **money)
    told.on("2023-07-20").do("report_payment", **money)
    told.do("confirm_receipt")
    assert (told.case.stage, told.owed(), told.case.is_asleep) == ("payment", ["follow_up"], False)
    told.approved("judgment", recognised="6万元", rejected="4万元", pay_by="2023-08-04")
    assert (told.case.outstanding_fen, told.case.judicial_fen, told.owed()) == (6 * WAN, 0, ["funding"])
    assert told.duty("funding").due_on == date(2023, 8, 4)
    the_parts_add_up(told)


def test_a_court_is_followed_and_nobody_is_pressed_for_it() -> None:
    told = story_at("in_court")
    told.do(
        "plan",
        sources=[{"kind": "budget", "amount": "390万元"}],
        instalments=[{"due_on": "2024-05-28", "amount": "390万元"}],
    )
    told.until("2024-05-25")
    pressed = [event.fact for event in told.journal if isinstance(event.fact, OfDuty)]
    assert {said.level for said in pressed if said.duty == "follow_up"} == {"near", "lapsed"}
    assert told.case.mode == "transferred"


@pytest.mark.parametrize(
    ("point", "by", "fields", "code"),
    [
        ("recognised", CREDITOR, {"part": "disputed"}, "wrong_stage"),
        ("endorsed", CLERK, {"part": "disputed"}, "wrong_stage"),
        ("partly_disputed", DEBTOR, {"part": "disputed"}, "not_yours"),
    ],
)
def test_only_what_is_disputed_in_an_account_that_stands_goes_to_court_alone(
    point: str, by: str, fields: dict[str, Any], code: str
) -> None:
    assert story_at(point).refused("go_judicial", by, **fields).code == code


@pytest.mark.parametrize(
    ("point", "amounts", "code"),
    [
        ("in_court", {"recognised": "11万元"}, "exceeds_owed"),
        ("in_court", {"recognised": "5万元", "rejected": "5.01万元"}, "exceeds_owed"),
        ("in_court", {"recognised": 0}, "malformed"),
        ("judicial", {"recognised": "300万元"}, "amounts_do_not_add_up"),
        ("judicial", {"recognised": "401万元"}, "exceeds_owed"),
        ("withdrawn", {}, "wrong_stage"),
    ],
)
def test_a_court_decides_on_what_is_in_court(point: str, amounts: dict[str, Any], code: str) -> None:
    told = story_at(point)
    assert told.refused("judgment", **amounts).code == code


def test_a_case_that_went_to_court_comes_back_with_the_judgment() -> None:
    told = story_at("planned")
    told.do("go_judicial", CREDITOR)
    told.approved("judgment", recognised="250万元", rejected="100万元")
    assert (told.case.ended, told.case.stage, told.case.judicial_fen) == (None, "payment", 50 * WAN)
    assert (told.case.outstanding_fen, told.owed()) == (250 * WAN, ["follow_up", "instalment"])
    known = there(told.case.recognition)
    assert (known.settled_fen, known.rejected_fen) == (900 * WAN, 100 * WAN)
    the_parts_add_up(told)


@pytest.mark.parametrize(
    ("until", "reminded_on"),
    [("2023-06-26", "2023-06-27"), ("2023-06-28", "2023-06-28"), ("2023-07-10", None)],
)
def test_nobody_is_reminded_of_what_fell_due_while_the_case_was_suspended(
    until: str, reminded_on: str | None
) -> None:
    due = {"amount": "100万元", "due_on": "2023-06-30", "what": "质保金"}
    told = story_at("endorsed", recognise={"undisputed": "300万元", "not_yet_due": "100万元", "dues": [due]})
    told.on("2023-06-20").do("suspend", until=until)
    near = levels_of(told.until("2023-07-10"), "falling_due", "#1")
    assert near == ([("near", reminded_on)] if reminded_on else [])


def test_the_days_in_court_are_nobody_s() -> None:
    told = story_at("endorsed")
    told.do("go_judicial", CREDITOR)
    told.until("2023-07-20")
    told.approved("judgment", recognised="400万元")
    assert (told.owed(), told.duty("funding").opened_on) == (["funding"], told.today)
    assert told.duty("funding").due_on.isoformat() == "2023-08-21"
    assert [event.kind for event in told.until("2023-08-15")] == []


def test_a_judgment_makes_an_account_where_there_was_none() -> None:
    told = story_at("acknowledged")
    told.do("go_judicial", CREDITOR)
    told.approved("judgment", recognised="250万元", rejected="100万元")
    shown = case_json(told.case, told.today)
    assert shown["account"] == {"by": "judgment", "on": "2023-05-17", "as_of": "2023-05-17"}
    assert (shown["stage"], shown["settled_fen"], shown["undisputed_fen"]) == (
        "funding",
        250 * WAN,
        250 * WAN,
    )
    assert told.owed() == ["funding"]


def test_no_one_person_enters_a_judgment_or_an_adjustment() -> None:
    for point, do in (("in_court", "judgment"), ("endorsed", "adjust")):
        told = story_at(point)
        told.do(do)
        assert told.refused("approve", "head:李敏@620105").code == "four_eyes"
        told.do("approve", HEAD)
