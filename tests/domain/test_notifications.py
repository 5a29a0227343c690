"""To whom of an office something is told that has happened."""

from datetime import timedelta
from typing import Any

import pytest

from domain.actors import Role, parse_actor
from domain.notifications import goes_on, notifications
from tests.domain.story import CITY_CLERK, CLERK, HEAD, USUAL, Story, story_at

HOLDER = "620105"
ROUTE = ("620100", HOLDER)
Told = list[tuple[str, str | None, str | None]]


def told_of(told: Story, do: str, by: str | None = None, **fields: Any) -> Told:
    was = told.case
    events = told.do(do, by, **fields)
    return [
        (one.office, one.role, one.person or one.mention)
        for event in events
        for one in notifications(was, event, told.case)
    ]


CLERKS: Told = [(HOLDER, Role.CLERK, None)]
HEADS: Told = [(HOLDER, Role.HEAD, None)]
ROWS: list[tuple[str, str, dict[str, Any], Told]] = [
    ("forwarded", "acknowledge", {}, []),
    ("recognised", "object", {}, CLERKS),
    ("recognised", "endorse", {}, CLERKS),
    ("recognised", "endorse", {"by": "creditor:赵", "entered_by": CLERK}, []),
    ("reported", "dispute_receipt", {}, CLERKS),
    ("reported", "confirm_receipt", {}, CLERKS),
    ("reported", "bounce", {}, CLERKS),
    ("planned", "ask_time", {}, HEADS),
    ("closed", "reverse", {}, [(office, Role.HEAD, None) for office in ("620100", "620000", "100000")]),
    ("recognised", "unfounded", {}, HEADS),
    ("planned", "assign", {"person": "赵"}, [(HOLDER, None, "赵")]),
    (
        "planned",
        "remark",
        {"text": "请@李敏核对付款。再看 ＠孙 @赵!@李敏核对付款。"},
        [
            (office, None, mention)
            for mention in ("李敏核对付款。再看", "孙", "赵!", "李敏核对付款。")
            for office in ROUTE
        ],
    ),
    ("planned", "remark", {"text": "邮箱无 @ 人"}, []),
    ("planned", "remark", {}, []),
    ("closed", "appeal", {}, [("620100", Role.HEAD, None)]),
    ("accepted", "forward", {"by": CITY_CLERK, "to": "620105"}, CLERKS),
    ("acknowledged", "return_up", {}, [("620100", Role.CLERK, None)]),
    ("handed_down", "forward", {}, []),
]


def test_a_submission_knows_who_is_told_where_nobody_else_can_approve() -> None:
    told = story_at("recognised")
    was = told.case
    (event, *_) = told.do("unfounded")
    (one,) = notifications(was, event, told.case)
    assert (one.office, one.instead, one.by) == (HOLDER, ("620100", "620000", "100000"), "李敏")


@pytest.mark.parametrize(("point", "do", "fields", "told"), ROWS)
def test_who_is_told(point: str, do: str, fields: dict[str, Any], told: Told) -> None:
    assert told_of(story_at(point), do, **fields) == told


def test_a_step_that_waits_is_told_to_the_head_who_decides() -> None:
    told = story_at("supervised")
    was = told.case
    events = told.until("2023-07-10")
    found = {one for event in events for one in notifications(was, event, told.case)}
    assert ("620100", Role.HEAD, None) in {(one.office, one.role, one.person) for one in found}


def test_what_is_returned_is_told_to_whoever_gave_it() -> None:
    told = story_at("recognised")
    told.do("unfounded")
    assert told_of(told, "return_submission", HEAD, submission="1") == [(HOLDER, None, "李敏")]


def test_what_falls_by_itself_is_told_to_nobody() -> None:
    told = story_at("recognised")
    told.do("unfounded")
    was = told.case
    events = told.withdrawn()
    assert "returned" in {event.kind for event in events}
    assert not [
        one for event in events if event.kind == "returned" for one in notifications(was, event, told.case)
    ]


def test_what_a_party_submitted_is_returned_to_nobody_of_the_office() -> None:
    told, sources = story_at("planned"), USUAL["plan"][1]["sources"]
    for day in ("2023-11-30", "2023-12-29"):
        later = [{"due_on": day, "amount": "400万元"}]
        told.do("plan", "debtor:李敏", sources=sources, instalments=later, reason="推迟")
    assert told.case.waiting
    assert told_of(told, "return_submission", HEAD, submission="1") == []


def test_a_receipt_is_told_where_no_person_registered_it() -> None:
    told = story_at("received")
    (received,) = [event for event in told.journal if event.kind == "received"]
    assert received.by.person is None
    found = list(notifications(None, received, told.case))
    assert [(one.office, one.role) for one in found] == [("620100", Role.CLERK)]
    by_clerk = received.model_copy(update={"by": parse_actor(CITY_CLERK)})
    assert not list(notifications(None, by_clerk, told.case))


def test_one_take_over_is_told_once_however_much_happened_meanwhile() -> None:
    told = story_at("objected")
    was = told.case
    events = told.away_until("2023-07-20")
    assert told.case.holder != was.holder
    assert [event.kind for event in events].count("escalated") > 1
    clerks = [
        one for event in events for one in notifications(was, event, told.case) if one.role is Role.CLERK
    ]
    assert [one.office for one in clerks] == [told.case.holder]


def test_papers_that_a_party_puts_on_file_one_after_another_are_one_piece_of_news() -> None:
    told = story_at("planned")
    before = told.journal[-1]
    (first,) = told.do("attach", "debtor:王强")
    assert not goes_on(before, first)
    assert goes_on(first, first)
    for other in (
        {"by": parse_actor(CLERK)},
        {"entered_by": parse_actor(CLERK)},
        {"on": first.on + timedelta(days=1)},
    ):
        assert not goes_on(first, first.model_copy(update=other))
        assert not goes_on(first.model_copy(update=other), first)
    assert not goes_on(first, before)
