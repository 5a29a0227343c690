"""A case as every interface shows it."""

import json
from datetime import date
from typing import Any, Final

import pytest

from domain.case.casefile import Case
from domain.case.view import case_json
from tests.domain.story import CASE_NO, LIFE, WAN, Story, bonds_of, story_at

CONTRACT: Final = """case_no title stage suspended mode light office holder creditor debtor received_on ended_on
claimed_fen settled_fen paid_before_fen undisputed_fen disputed_fen not_yet_due_fen included_fen available_fen in_transit_fen
cleared_fen outstanding_fen duties stages payments instalments sources"""
DUTY: Final = "duty owner opened_on due_on due_raw provisional basis calendar light lapsed_on level"


def _shown(told: Story) -> dict[str, Any]:
    return case_json(told.case, told.today)


@pytest.mark.parametrize("point", ["received", *(step.point for step in LIFE)])
def test_every_case_is_shown_with_the_fields_of_the_contract(point: str) -> None:
    shown = _shown(story_at(point))
    assert set(CONTRACT.split()) <= set(shown)
    assert json.loads(json.dumps(shown)) == shown


@pytest.mark.parametrize("point", ["received", *(step.point for step in LIFE)])
def test_every_case_is_written_and_read_back(point: str) -> None:
    case = story_at(point).case
    assert Case.model_validate(json.loads(json.dumps(case.model_dump(mode="json")))) == case


def test_a_new_case_shows_its_claim_and_its_first_duty() -> None:
    shown = _shown(Story())
    assert (shown["case_no"], shown["stage"], shown["light"]) == (CASE_NO, "intake", "none")
    assert (shown["office"], shown["holder"], shown["ended_on"]) == ("620100", "620100", None)
    amounts = {name: fen for name, fen in shown.items() if name.endswith("_fen") and fen}
    assert amounts == {"claimed_fen": 450 * WAN}
    assert shown["creditor"] == {
        "name": "甲建筑公司",
        "code": "91620000MA7CDEF01K",
        "size": "small",
        "ownership": "private",
    }
    assert (shown["payments"], shown["instalments"], shown["sources"]) == ([], [], [])
    assert (shown["project"], shown["channel"], shown["kind"]) == ("道路维修工程", "hotline", "works")
    assert (shown["migrant_wages"], shown["livelihood"], shown["note"]) == (False, False, None)
    assert (shown["policy"], shown["route"], shown["seq"]) == ("gansu@2026.1", ["620100"], 1)
    (duty,) = shown["duties"]
    assert {*DUTY.split(), "subject"} <= set(duty)


def test_a_paid_case_shows_where_its_money_went() -> None:
    told = story_at("planned", plan=bonds_of("250万元", "150万元"))
    told.hear("included", 250 * WAN)
    told.hear("arrived", 250 * WAN)
    told.on("2023-07-20").do("report_payment", amount="200万元")
    shown = _shown(told)
    assert shown["sources"] == [{"kind": "bond", "planned_fen": 400 * WAN, "arrived_fen": 250 * WAN}]
    assert shown["instalments"] == [
        {
            "no": no,
            "due_on": "2023-10-23",
            "amount_fen": amount * WAN,
            "cleared_fen": 0,
            "covered_fen": covered * WAN,
            "level": None,
        }
        for no, amount, covered in ((1, 250, 200), (2, 150, 0))
    ]
    payment = {"voucher": "PZ-1", "amount_fen": 200 * WAN, "paid_on": "2023-07-20", "state": "reported"}
    payment |= {"entered_by": None, "form": "cash", "direct": False, "interest_fen": 0, "confirmed_fen": 0}
    payment |= {"matures_on": None, "transferred_on": None}
    assert shown["payments"] == [payment]
    told.do("confirm_receipt")
    shown = _shown(told)
    assert shown["payments"] == [payment | {"state": "confirmed", "confirmed_fen": 200 * WAN}]
    assert shown["instalments"][0]["cleared_fen"] == 200 * WAN
    amounts = {
        name: shown[f"{name}_fen"] // WAN for name in ("included", "available", "cleared", "outstanding")
    }
    assert amounts == {"included": 250, "available": 50, "cleared": 200, "outstanding": 200}


def test_the_stages_show_since_when() -> None:
    spans = [
        (span["stage"], span["state"], span["opened_on"], span["done_on"])
        for span in _shown(story_at("closed"))["stages"]
    ]
    assert spans == [
        ("intake", "done", "2023-04-26", "2023-04-27"),
        ("transfer", "done", "2023-04-27", "2023-05-16"),
        ("verification", "done", "2023-05-16", "2023-05-29"),
        ("funding", "done", "2023-05-29", "2023-06-26"),
        ("bonding", "skipped", None, None),
        ("payment", "done", "2023-06-26", "2023-07-21"),
        ("review", "done", "2023-07-21", "2023-07-26"),
        ("closed", "done", "2023-07-26", "2023-07-26"),
    ]


def test_a_reopened_case_shows_its_later_stages_waiting_again() -> None:
    told = story_at("closed").on("2023-08-01")
    told.do("reopen", voucher="PZ-1")
    shown = _shown(told)
    assert (shown["stage"], shown["ended_on"]) == ("payment", None)
    assert [(span["stage"], span["state"]) for span in shown["stages"][5:]] == [
        ("payment", "open"),
        ("review", "waiting"),
        ("closed", "waiting"),
    ]
    assert date.fromisoformat(shown["stages"][5]["opened_on"]) == date(2023, 6, 26)


def test_a_case_that_has_risen_shows_how_far() -> None:
    shown = _shown(story_at("taken_over"))
    assert (shown["mode"], shown["light"], shown["holder"]) == ("taken_over", "red", "620100")
    assert shown["route"] == ["620100", "620105", "620100"]
    verification, gate = shown["duties"]
    assert (verification["level"], verification["light"], verification["lapsed_on"]) == (
        "taken_over",
        "red",
        "2023-06-06",
    )
    assert (gate["duty"], gate["subject"], gate["owner"]) == ("gate", "interview", "head")
    assert (gate["level"], gate["light"]) == ("lapsed", "yellow")


@pytest.mark.parametrize(
    ("point", "duty", "office"),
    [
        ("received", "intake", "620100"),
        ("acknowledged", "verification", "620105"),
        ("acknowledged", "response", None),
        ("taken_over", "verification", "620100"),
        ("taken_over", "gate", "620100"),
        ("appealed", "appeal", "620100"),
    ],
)
def test_a_duty_shows_which_office_owes_it(point: str, duty: str, office: str | None) -> None:
    shown = {one["duty"]: one["office"] for one in _shown(story_at(point))["duties"]}
    assert shown[duty] == office


def test_a_suspended_case_shows_until_when() -> None:
    told = story_at("planned")
    told.do("suspend", until="2023-07-26")
    shown = _shown(told)
    suspension = {"since": "2023-06-26", "until": "2023-07-26", "ground": "other"}
    assert (shown["suspended"], shown["suspension"]) == (True, suspension)
    told.until("2023-07-26")
    assert (_shown(told)["suspended"], _shown(told)["suspension"]) == (False, None)
