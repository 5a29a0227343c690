"""Silence never holds a case: the office decides without whoever does not speak, by two persons, and hears them later."""

from datetime import date
from typing import Any

import pytest

from domain.case.view import case_json
from tests.domain.laws import the_parts_add_up
from tests.domain.story import CLERK, CREDITOR, HEAD, WAN, Story, story_at
from tests.known import there


def _deemed() -> Story:
    told = story_at("silent")
    told.approved("deem_endorsed")
    return told


def test_a_silent_creditor_does_not_hold_up_what_it_is_owed() -> None:
    told = _deemed()
    shown = case_json(told.case, told.today)
    assert shown["account"] == {"by": "deemed", "on": "2023-06-07", "as_of": "2023-05-23"}
    assert (shown["stage"], told.owed()) == ("funding", ["funding"])


@pytest.mark.parametrize(
    ("point", "fields", "code"),
    [
        ("recognised", {}, "wrong_stage"),
        (
            "silent",
            {"attempts": [{"on": "2023-06-01", "how": "电话", "what": "无人"}] * 2},
            "evidence_missing",
        ),
    ],
)
def test_it_was_asked_on_two_days_after_its_time_lapsed(
    point: str, fields: dict[str, Any], code: str
) -> None:
    assert story_at(point).refused("deem_endorsed", **fields).code == code


def test_what_was_tried_before_the_silence_shows_nothing_of_it() -> None:
    told = story_at("silent")
    attempts = [
        {"on": day, "how": "电话", "what": "无人"} for day in ("2023-06-01", "2023-06-05", "2023-05-23")
    ]
    refusal = told.refused("deem_endorsed", attempts=attempts)
    assert (refusal.code, refusal.field) == ("evidence_missing", "attempts.2.on")
    told.do("contact", day="2023-05-23")
    refusal = told.refused("deem_endorsed", attempts=[*attempts[:2], {"contact": 1}])
    assert (refusal.code, refusal.field) == ("evidence_missing", "attempts.2.contact")
    told.do("deem_endorsed", attempts=attempts[:2])


def test_that_nothing_is_owed_is_not_deemed_to_be_endorsed() -> None:
    told = story_at("silent", recognise={"undisputed": 0, "disputed": "400万元"})
    assert told.refused("deem_endorsed").code == "not_eligible"
    told.approved("determine", undisputed="300万元", disputed="100万元")
    assert (told.case.stage, there(told.case.account).by, told.owed()) == (
        "funding",
        "determined",
        ["dispute", "funding"],
    )


def test_a_later_objection_is_heard_once_and_the_account_stands_meanwhile() -> None:
    told = _deemed().on("2023-07-03")
    told.do("object")
    assert (told.case.stage, told.owed()) == ("funding", ["funding", "objection"])
    assert told.duty("objection").due_on == date(2023, 7, 17)
    assert told.refused("object").code == "wrong_stage"
    told.approved("determine", settled="1010万元", undisputed="410万元")
    assert (told.owed(), told.case.undisputed_fen) == (["funding"], 410 * WAN)
    assert told.refused("object").code == "wrong_stage"


def test_an_objection_is_met_by_an_adjustment_too() -> None:
    told = _deemed()
    told.do("object")
    told.approved("adjust", settled="1010万元", undisputed="410万元")
    assert told.owed() == ["funding"]


def test_an_objection_is_met_by_what_both_parties_sign_and_by_a_judgment() -> None:
    told = story_at("silent", recognise={"undisputed": "360万元", "disputed": "40万元"})
    told.approved("deem_endorsed")
    told.do("object")
    signed = told.again()
    signed.do("resolve_dispute", recognised="40万元")
    assert signed.owed() == ["funding"]
    told.do("go_judicial", CLERK, part="disputed")
    told.approved("judgment", recognised="40万元")
    assert told.owed() == ["funding"]


def test_the_office_decides_where_the_debtor_says_nothing() -> None:
    told = story_at("acknowledged")
    assert told.refused("determine").code == "wrong_stage"
    told.until("2023-05-31")
    assert told.refused("determine").code == "wrong_stage"
    told.until("2023-06-01")
    told.approved("determine")
    assert (told.case.stage, told.case.undisputed_fen, told.owed()) == ("funding", 400 * WAN, ["funding"])


def test_the_office_decides_where_the_debtor_says_that_it_owes_nothing() -> None:
    told = story_at("recognised", recognise={"settled": "600万元", "undisputed": 0})
    told.do("object")
    told.do("recognise", settled="600万元", undisputed=0)
    told.approved("determine")
    assert (told.case.undisputed_fen, there(told.case.recognition).settled_fen) == (400 * WAN, 1000 * WAN)


def test_what_is_disputed_in_an_account_is_determined_and_the_plan_follows() -> None:
    told = story_at("partly_disputed")
    money = {"amount": "390万元"}
    told.do("plan", sources=[{"kind": "budget", **money}], instalments=[{"due_on": "2023-09-28", **money}])
    told.approved("determine", settled="995万元", undisputed="395万元")
    assert (told.case.disputed_fen, told.case.unplanned_fen, told.owed()) == (
        0,
        5 * WAN,
        ["funding", "instalment"],
    )
    the_parts_add_up(told)
    assert told.refused("determine").code == "wrong_stage"


def test_no_one_person_decides_what_is_owed() -> None:
    told = story_at("recognised")
    told.do("determine")
    assert told.refused("approve", "head:李敏@620105").code == "four_eyes"
    told.do("approve", HEAD)


def test_a_case_of_another_authority_is_handed_out_with_its_receipt() -> None:
    told = story_at("handed_down")
    told.approved("hand_out", CLERK)
    assert (told.case.ended, told.owed()) == ("handed_out", [])


@pytest.mark.parametrize("point", ["funded", "reported", "cleared"])
def test_what_has_money_is_not_handed_out(point: str) -> None:
    assert story_at(point).refused("hand_out").code == "wrong_stage"


def test_the_creditor_s_own_word_is_still_the_first() -> None:
    told = story_at("silent")
    told.do("endorse", CREDITOR)
    assert there(told.case.account).by == "endorsed"
