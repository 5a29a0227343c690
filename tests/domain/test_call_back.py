"""回访 and 销号: who owes what once a case is clear, and what comes of a creditor that is not content, or not to be reached."""

from typing import Any

import pytest

from tests.domain.climbing import EVERY_LEVEL, levels_of
from tests.domain.story import CLERK, HEAD, WAN, story_at

_TWICE = [
    {"on": "2023-07-24", "how": "电话", "what": "无人接听"},
    {"on": "2023-07-26", "how": "上门", "what": "已搬离"},
]


def test_after_the_call_back_the_head_owes_and_not_the_clerk() -> None:
    told = story_at("called_back")
    (duty,) = told.case.duties
    days = (duty.opened_on.isoformat(), duty.due_on.isoformat())
    assert (duty.duty, duty.owner, days) == ("strike_off", "head", ("2023-07-25", "2023-08-01"))
    happened = told.until("2024-01-01")
    assert [level for level, _ in levels_of(happened, "strike_off")] == EVERY_LEVEL
    assert levels_of(happened, "review") == []


def test_a_second_call_back_moves_no_day() -> None:
    told = story_at("called_back").on("2023-07-31")
    told.do("call_back", satisfied="basically")
    assert told.duty("strike_off").opened_on.isoformat() == "2023-07-25"


@pytest.mark.parametrize("attempts", [[], _TWICE[:1], [_TWICE[0], _TWICE[0]]])
def test_who_is_not_reached_was_sought_on_two_days(attempts: list[dict[str, Any]]) -> None:
    told = story_at("cleared").on("2023-07-26")
    refusal = told.refused("call_back", satisfied="unreachable", attempts=attempts)
    assert (refusal.code, refusal.field) == ("evidence_missing", "attempts")


def test_a_creditor_that_is_gone_does_not_hold_the_case() -> None:
    told = story_at("cleared").on("2023-07-26")
    told.do("call_back", satisfied="unreachable", attempts=_TWICE)
    told.do("close", report="多次联系未果,款项已全部到账")
    assert told.case.ended == "closed"


def test_what_the_office_has_decided_on_a_no_is_not_stopped_by_the_next() -> None:
    told = story_at("cleared").on("2023-07-25")
    told.do("call_back", satisfied="no", note="漏计变更签证")
    told.do("recognise", as_of="2023-07-24")
    told.approved("determine", as_of="2023-07-24")
    assert (told.case.stage, told.owed()) == ("review", ["review"])
    told.do("call_back", satisfied="no", note="仍认为漏计")
    assert (told.case.stage, told.owed()) == ("review", ["strike_off"])
    told.do("close")


def test_a_payment_that_is_denied_stops_it_all_the_same() -> None:
    told = story_at("cleared").on("2023-07-25")
    told.do("call_back", satisfied="no", note="漏计变更签证")
    told.do("recognise", as_of="2023-07-24")
    told.approved("determine", as_of="2023-07-24")
    told.do("call_back", satisfied="no", note="未到账", voucher="PZ-1")
    assert (told.case.stage, told.case.outstanding_fen) == ("payment", 400 * WAN)


def test_what_is_owed_again_takes_another_call_back() -> None:
    told = story_at("called_back")
    told.do("adjust", CLERK, why="supplement", settled="1010万元", undisputed="410万元", agreed_by_both=True)
    told.do("approve", HEAD)
    assert (told.case.stage, told.case.called_back_by) == ("funding", ())
    told.approved("adjust", why="error")
    assert told.owed() == ["review"]
    assert told.refused("close").code == "wrong_stage"
