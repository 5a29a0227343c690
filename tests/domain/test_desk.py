"""分办, 备注, 联系 and 送达: what is noted beside the case. It moves nothing, but for what a contact is good for."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from tests.domain.story import CITY_HEAD, CLERK, HEAD, WAN, Story, story_at

TALK = {"with": "赵总", "how": "电话"}


def test_a_clerk_takes_a_case_and_a_head_gives_it() -> None:
    told = story_at("planned")
    refusal = told.refused("assign", CLERK, person="王芳")
    assert (refusal.code, refusal.field) == ("not_yours", "person")
    told.do("assign", HEAD, person=" 王芳 ")
    assert told.case.assigned_to == "王芳"
    told.do("assign", CLERK, person=None)
    assert told.case.assigned_to == "李敏"


@pytest.mark.parametrize(
    ("do", "by", "fields"),
    [("escalate", CITY_HEAD, {"mode": "taken_over"}), ("reassign", CITY_HEAD, {}), ("return_up", CLERK, {})],
)
def test_another_office_has_desks_of_its_own(do: str, by: str, fields: dict[str, Any]) -> None:
    told = story_at("recognised")
    told.do("assign")
    told.do(do, by, **fields)
    assert told.case.assigned_to is None


def test_nobody_takes_a_case_without_a_name() -> None:
    assert story_at("planned").refused("assign", "head@620105", person=None).code == "malformed"


def test_texts_stand_in_the_journal_and_not_in_the_case() -> None:
    told = story_at("planned")
    told.do("remark", text="甲方财务称款已备")
    told.do("contact", **TALK, what="甲方财务称款已备")
    assert "甲方财务" not in told.case.model_dump_json()
    assert "甲方财务" in told.journal[-1].model_dump_json()


def test_a_thousand_remarks_and_no_more() -> None:
    told = story_at("planned")
    told.case = told.case.model_copy(update={"times": {**told.case.times, "remarked": 999}})
    told.do("remark", text="第一千条")
    assert told.refused("remark", text="再一条").code == "malformed"


def test_contacts_are_numbered_and_not_in_the_future() -> None:
    told = story_at("planned")
    assert told.refused("contact", day="2023-06-27").code == "date_in_future"
    told.do("contact", **TALK, on="2023-06-20")
    told.do("contact", **TALK)
    assert told.case.contacts == (date(2023, 6, 20), date(2023, 6, 26))
    event = told.journal[-1].fact.model_dump(mode="json")
    assert (event["no"], event["with"], event["day"]) == (2, "赵总", "2023-06-26")


def _silent() -> Story:
    told = story_at("recognised")
    for day in ("2023-05-26", "2023-06-01"):
        told.on(day).do("contact", **TALK, what="无人接听")
    told.until("2023-06-07")
    return told


def test_attempts_may_name_contacts() -> None:
    told = _silent()
    told.do("deem_endorsed", attempts=[{"contact": 1}, {"contact": 2}])
    assert told.owed() == ["approval", "endorsement"]


@pytest.mark.parametrize(
    ("attempts", "field"),
    [
        ([{"contact": 1}, {"contact": 1}], "attempts"),
        ([{"contact": 1}, {"contact": 3}], "attempts.1.contact"),
        ([{"contact": 2}, {"on": "2023-06-08", "how": "电话", "what": "无"}], "attempts.1.on"),
    ],
)
def test_attempts_are_real_and_on_two_days(attempts: list[dict[str, Any]], field: str) -> None:
    assert _silent().refused("deem_endorsed", attempts=attempts).field == field


@pytest.mark.parametrize(
    "attempt",
    [{}, {"contact": 1, "on": "2023-06-01"}, {"on": "2023-06-01"}, {"how": "电话", "what": "无"}],
)
def test_an_attempt_is_told_one_way(attempt: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="or the number of a contact alone"):
        story_at("silent").command("deem_endorsed", attempts=[attempt, attempt])


def test_whoever_follows_a_court_counts_from_the_last_contact() -> None:
    told = story_at("in_court")
    assert str(told.duty("follow_up").opened_on) == "2023-05-29"
    told.on("2023-06-12").do("contact", **TALK, day="2023-06-09")
    assert str(told.duty("follow_up").opened_on) == "2023-06-09"
    told.do("contact", **TALK, day="2023-06-01")
    assert str(told.duty("follow_up").opened_on) == "2023-06-09"


def test_only_what_was_issued_is_served_and_on_a_day_that_has_come() -> None:
    told = story_at("planned")
    assert told.refused("serve", document="清欠提〔2023〕620100-2023-0001-9号").field == "document"
    assert told.refused("serve", day="2023-06-27").code == "date_in_future"
    told.do("serve")


def test_the_debtor_asks_for_time_and_nothing_follows_but_that_it_is_seen() -> None:
    told = story_at("planned")
    before = told.duty("instalment", "1").due_on
    told.do("ask_time")
    key = str(told.duty("instalment", "1").key)
    assert (told.duty("instalment", "1").due_on, told.case.time_asked) == (before, {key: 30})
    told.do("extend", days=10)
    assert told.case.time_asked == {}
    told.do("ask_time", days=5)
    told.do("fund")
    told.on("2023-07-20").do("report_payment")
    assert told.case.time_asked == {}


def test_it_asks_for_what_it_owes_itself() -> None:
    told = story_at("lapsed")
    assert told.refused("ask_time", duty="verification").code == "wrong_stage"
    told = story_at("acknowledged")
    assert told.refused("ask_time", duty="verification").code == "not_yours"


def _late_plan(*instalments: tuple[str, str], at: str) -> Story:
    rows = [{"due_on": on, "amount": amount} for on, amount in instalments]
    told = story_at("planned", plan={"instalments": rows})
    told.until(at)
    return told


def test_a_revision_gives_another_day_and_no_fresh_start() -> None:
    told = _late_plan(("2023-07-14", "100万元"), ("2023-09-28", "300万元"), at="2023-07-20")
    rows = [
        {"due_on": "2023-08-31", "amount": "50万元"},
        {"due_on": "2023-09-28", "amount": "150万元"},
        {"due_on": "2023-10-31", "amount": "200万元"},
    ]
    told.approved("plan", reason="资金推迟", instalments=rows)
    levels = {
        key.split("/")[1]: level for key, level in told.case.levels.items() if key.startswith("instalment")
    }
    assert levels == {"1": "supervised", "2": "supervised"}
    happened = [event.fact for event in told.until("2023-09-15")]
    climbed = [
        fact.level for fact in happened if getattr(fact, "subject", None) == "1" and hasattr(fact, "level")
    ]
    assert set(climbed) == {"key_supervised"}, "it climbs on from where it stood"


def test_money_that_nobody_was_late_with_begins_at_the_foot() -> None:
    told = _late_plan(("2023-09-28", "400万元"), at="2023-09-26")
    told.do("plan", reason="提前", instalments=[{"due_on": "2023-09-27", "amount": "400万元"}])
    assert [key for key in told.case.levels if key.startswith("instalment")] == []
    assert told.case.outstanding_fen == 400 * WAN
