"""A case that nobody touches climbs the ladder by itself: each level on its day, once, even if no worker was running."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from domain.calendar import business_date, business_instant
from domain.case.ladder import spread
from domain.duty import DutyKind
from domain.events import Event
from domain.facts import NoticeIssued, OfDuty
from domain.refusal import Code, Refusal
from office.verification.verifying import verify
from tests.known import fact
from tests.stack import (
    CITY,
    CLERK,
    DISTRICT,
    HEAD,
    PROMPT,
    RULES,
    STATED_AGAIN,
    SUPERIOR,
    Desk,
    agreed,
    order,
    outline,
    until_objected,
)

NEAR, LAPSED = date(2023, 5, 23), date(2023, 5, 27)
SUPERVISED, KEY_SUPERVISED = date(2023, 5, 31), date(2023, 6, 9)
TAKEN_OVER, REFERRED = date(2023, 6, 26), date(2023, 7, 10)
"""30 days after 2023-04-26 is Friday 2023-05-26. The Dragon Boat Festival is off from 06-22 to 06-24, Sunday 06-25 is worked."""

CLIMB = [
    (NEAR, ["deadline_near", "notice_issued"], "transferred", "blue"),
    (LAPSED, ["deadline_lapsed", "notice_issued"], "transferred", "yellow"),
    (SUPERVISED, ["escalated", "notice_issued"], "supervised", "red"),
    (KEY_SUPERVISED, ["escalated", "step_proposed"], "key_supervised", "red"),
    (date(2023, 6, 13), ["deadline_near", "notice_issued"], "key_supervised", "red"),  # the interview's gate
    (date(2023, 6, 17), ["deadline_lapsed", "notice_issued"], "key_supervised", "red"),
    (TAKEN_OVER, ["escalated", "notice_issued"], "taken_over", "red"),
    (REFERRED, ["step_proposed"], "taken_over", "red"),
    (
        date(2023, 7, 12),
        ["deadline_near"],
        "taken_over",
        "red",
    ),  # the referral's gate: nobody is above the province
    (date(2023, 7, 18), ["deadline_lapsed"], "taken_over", "red"),
    (
        date(2023, 7, 26),
        ["deadline_lapsed"],
        "taken_over",
        "red",
    ),  # the ninety days: no level is reached by that
]
OWN = [(day.isoformat(), kind) for day, kinds, _, _ in CLIMB for kind in kinds]


async def silent(desk: Desk, **changes: Any) -> str:
    """A case whose creditor has objected, and in which the office never decides."""
    return await desk.open(*until_objected(), **({"rules": PROMPT} | changes))


def by_itself(events: list[Event]) -> list[Event]:
    """What happened after the objection."""
    objected = [event.kind for event in events].index("objected")
    return events[objected + 1 :]


def levels(events: list[Event], duty: DutyKind = DutyKind.VERIFICATION) -> list[tuple[str | None, date]]:
    """The levels that a duty reached, each with its day."""
    facts = [(event.fact, event.on) for event in events if event.kind != "notice_issued"]
    reached = [
        (fact.level, on)
        for fact, on in facts
        if isinstance(fact, OfDuty) and fact.duty is duty and fact.level
    ]
    return list(dict.fromkeys(reached))


ALL_LEVELS = list(
    zip(
        ["near", "lapsed", "supervised", "key_supervised", "taken_over", "referred"],
        [NEAR, LAPSED, SUPERVISED, KEY_SUPERVISED, TAKEN_OVER, REFERRED],
        strict=True,
    )
)


async def test_a_silent_case_is_pressed_harder_day_by_day(desk: Desk) -> None:
    case_no = await silent(desk)
    known = len(await desk.journal(case_no))
    for day, kinds, mode, light in CLIMB:
        await desk.move_to(day - timedelta(days=1), hour=23, minute=59)
        assert len(await desk.journal(case_no)) == known, f"something happened before {day}"
        await desk.move_to(day)
        events = (await desk.journal(case_no))[known:]
        assert outline(events) == [(day.isoformat(), kind) for kind in kinds]
        assert {(str(event.by), business_date(event.at)) for event in events} == {("system", day)}
        assert not any(event.fact.late for event in events if isinstance(event.fact, OfDuty))
        shown = await desk.show(case_no)
        assert (shown["mode"], shown["light"]) == (mode, light)
        assert shown["holder"] == (CITY if day >= TAKEN_OVER else DISTRICT)
        known += len(events)
    await desk.move_to(date(2024, 7, 18))
    assert outline(by_itself(await desk.journal(case_no))) == OWN
    assert levels(await desk.journal(case_no)) == ALL_LEVELS
    assert await desk.timers(case_no) == 0
    assert await verify(desk.client, desk.engine) == agreed(1)


@pytest.mark.long
async def test_a_lapse_and_a_level_come_at_their_hour(desk: Desk) -> None:
    case_no = await silent(desk)
    for day, hour in ((NEAR, 9), (LAPSED, 0), (SUPERVISED, 9)):
        last = business_instant(day, hour) - timedelta(minutes=1)
        await desk.move_to(last.date(), last.hour, last.minute)
        before = await desk.kinds(case_no)
        await desk.move_to(day, hour, minute=1)
        assert len(await desk.kinds(case_no)) == len(before) + 2


@pytest.mark.long
async def test_cases_are_woken_at_different_minutes_of_the_hour(desk: Desk) -> None:
    """The events have the same date; a command that comes before the wake-up finds them recorded."""
    case_nos = [await silent(desk, rules=RULES) for _ in range(3)]
    minutes = [spread(case_no, RULES) for case_no in case_nos]
    assert len(set(minutes)) == 3
    await desk.move_to(NEAR, hour=10)
    for case_no, later in zip(case_nos, minutes, strict=True):
        happened = by_itself(await desk.journal(case_no))
        assert outline(happened) == OWN[:2]
        woken = business_instant(NEAR, 9) + timedelta(seconds=later)
        assert woken <= happened[0].at <= woken + timedelta(seconds=60)
    await desk.move_to(LAPSED, hour=0, minute=1)
    assert outline(by_itself(await desk.journal(case_nos[0]))) == OWN[:2]
    wrong = order("extend", HEAD, duty="verification", days=5, reason="材料较多")
    with pytest.raises(Refusal) as refusal:
        await desk.cases.act(case_nos[0], wrong)
    assert refusal.value.code is Code.ALREADY_LAPSED
    await desk.cases.act(case_nos[0], order("suspend", CLERK, reason="等待批复"))
    kinds = [event.kind for event in by_itself(await desk.journal(case_nos[0]))]
    assert kinds == ["deadline_near", "notice_issued", "deadline_lapsed", "notice_issued", "suspended"]


@pytest.mark.long
async def test_what_fell_due_while_nobody_was_there_follows_at_once_in_its_order(desk: Desk) -> None:
    """Woken weeks after the first reminder was due. The term of a head's decision begins only now."""
    away = timedelta(days=45)
    case_no = "QQ-620105-2023-0001"
    minutes = next(
        minutes
        for minutes in range(60_000, 200_000)
        if abs(spread(case_no, RULES.model_copy(update={"spread": minutes})) - away.total_seconds()) < 3600
    )
    rules = RULES.model_copy(update={"spread": minutes})
    assert await silent(desk, rules=rules) == case_no
    woken = business_instant(NEAR, 9) + timedelta(seconds=spread(case_no, rules))
    await desk.move_to(woken.date(), woken.hour - 1)
    assert by_itself(await desk.journal(case_no)) == []
    await desk.move_to(woken.date(), woken.hour + 2)
    happened = by_itself(await desk.journal(case_no))
    assert levels(happened) == ALL_LEVELS[:5]
    assert outline(happened) == [
        ("2023-05-23", "deadline_near"),
        ("2023-05-27", "deadline_lapsed"),
        ("2023-05-31", "escalated"),
        ("2023-06-09", "escalated"),
        ("2023-06-09", "step_proposed"),
        ("2023-06-26", "escalated"),
        (woken.date().isoformat(), "notice_issued"),
    ]
    assert all(isinstance(event.fact, OfDuty) and event.fact.late for event in happened[:-1])
    assert len({event.at for event in happened}) == 1
    shown = await desk.show(case_no)
    assert (shown["mode"], shown["holder"]) == ("taken_over", CITY)
    gate = next(duty for duty in shown["duties"] if duty["duty"] == "gate")
    assert (gate["subject"], gate["opened_on"]) == ("interview", woken.date().isoformat())
    assert await verify(desk.client, desk.engine) == agreed(1)


async def test_a_letter_that_lay_in_a_drawer_presses_nobody_on_its_first_day(desk: Desk) -> None:
    """受理 was due on 2023-05-12. The case is opened four months later, and has ten working days from then."""
    desk.now = business_instant(date(2023, 9, 1), 10)
    case_no = await desk.open()

    await desk.history_length(case_no)
    events = await desk.journal(case_no)
    assert outline(events) == [("2023-09-01", "received"), ("2023-09-01", "late_on_entry")]
    shown = await desk.show(case_no)
    assert (shown["mode"], shown["holder"], shown["light"]) == ("transferred", DISTRICT, "none")
    (intake,) = shown["duties"]
    assert (intake["due_on"], intake["was_due_on"]) == ("2023-09-15", "2023-05-12")
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_a_climb_costs_a_short_history_and_an_idle_case_one_timer(desk: Desk) -> None:
    """Five levels of one duty, not counting the gate that opens on the way."""
    case_no = await silent(desk)
    cost = 0
    for _, day in ALL_LEVELS[:5]:
        await desk.move_to(day - timedelta(days=1), hour=23)
        assert await desk.timers(case_no) == 1
        before = (await desk.history_events(case_no)).total()
        await desk.move_to(day)
        cost += (await desk.history_events(case_no)).total() - before
        assert await desk.timers(case_no) == 1
    assert levels(await desk.journal(case_no)) == ALL_LEVELS[:5]
    assert cost <= 36, f"five levels cost {cost} events"


@pytest.mark.long
async def test_a_command_that_meets_its_duty_stops_the_climb(desk: Desk) -> None:
    case_no = await silent(desk)
    await desk.move_to(SUPERVISED)
    answer = await desk.cases.act(case_no, STATED_AGAIN)
    assert (answer["mode"], answer["light"]) == ("supervised", "none")
    assert await desk.timers(case_no) == 1
    await desk.move_to(KEY_SUPERVISED)
    shown = await desk.show(case_no)
    assert (shown["mode"], shown["light"], shown["holder"]) == ("supervised", "red", DISTRICT)
    assert levels(await desk.journal(case_no)) == ALL_LEVELS[:3]
    assert [level for level, _ in levels(await desk.journal(case_no), DutyKind.ENDORSEMENT)] == [
        "near",
        "lapsed",
    ]


@pytest.mark.long
async def test_a_taken_over_case_is_the_superiors_to_handle(desk: Desk) -> None:
    case_no = await silent(desk)
    other = await desk.open(office=CITY)
    await desk.move_to(TAKEN_OVER)
    assert (await desk.cases.act(other, order("accept", "clerk:陈@620000")))["holder"] == "620000"
    listed = {}
    for office in (DISTRICT, CITY, "620000", "620102"):
        page = await desk.cases.cases(desk.now.date(), {"office": office})
        listed[office] = [case["case_no"] for case in page["cases"]]
    assert listed == {DISTRICT: [case_no], CITY: [other, case_no], "620000": [other], "620102": []}
    unfounded = {"reason": "并无合同"}
    for by in (CLERK, "clerk:李敏@620000"):
        with pytest.raises(Refusal) as refusal:
            await desk.cases.act(case_no, order("unfounded", by, **unfounded))
        assert refusal.value.code is Code.NOT_YOURS
    await desk.cases.act(case_no, order("unfounded", "clerk:陈@620100", **unfounded))
    answer = await desk.cases.act(case_no, order("approve", SUPERIOR))
    assert (answer["stage"], answer["route"]) == ("unfounded", [DISTRICT, CITY])


@pytest.mark.long
async def test_commands_that_race_with_a_level_find_it_reached_or_still_to_come(desk: Desk) -> None:
    """受理 comes near at nine; some moments before or after, the clerk accepts twice, and the head extends."""
    near = business_instant(date(2023, 5, 9), 9)

    async def race(no: int) -> str:
        case_no = await desk.open(rules=PROMPT, title=f"第{no}件")
        remaining = (near - desk.now - timedelta(milliseconds=no * 25 - 150)).total_seconds()
        await asyncio.sleep(max(remaining, 0))
        extend = order("extend", HEAD, duty="intake", days=2, reason="材料较多")
        await asyncio.gather(
            *(desk.cases.act(case_no, order("accept", CLERK)) for _ in range(2)),
            desk.cases.act(case_no, extend),
            return_exceptions=True,
        )
        return case_no

    desk.now = near - timedelta(milliseconds=600)
    case_nos = await asyncio.gather(*(race(no) for no in range(12)))
    await asyncio.sleep(1)
    for case_no in case_nos:
        await desk.history_length(case_no)
        kinds = await desk.kinds(case_no)
        assert kinds.count("accepted") == 1
        assert kinds.count("deadline_near") == kinds.count("notice_issued") <= 1
        assert kinds[1] in ("accepted", "extended", "deadline_near")
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_the_last_minute_of_the_last_day_is_in_time(desk: Desk) -> None:
    case_nos = [await silent(desk) for _ in range(2)]
    extend = order("extend", HEAD, duty="verification", days=10, reason="材料较多")
    await desk.move_to(date(2023, 5, 26), hour=23, minute=59)
    answer = await desk.cases.act(case_nos[0], extend)
    (duty,) = answer["duties"]
    assert (duty["due_on"], duty["term"], duty["light"], duty["level"]) == (
        "2023-06-05",
        "40d",
        "none",
        "near",
    )
    await desk.move_to(LAPSED, hour=0, minute=1)
    for case_no in case_nos:
        lapsed = [level for level, _ in levels(await desk.journal(case_no))]
        assert lapsed == (["near"] if case_no == case_nos[0] else ["near", "lapsed"])
    with pytest.raises(Refusal) as refusal:
        await desk.cases.act(case_nos[1], extend)
    assert refusal.value.code is Code.ALREADY_LAPSED
    await desk.move_to(date(2023, 6, 6))
    assert levels(await desk.journal(case_nos[0])) == [("near", NEAR), ("lapsed", date(2023, 6, 6))]
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_gates_wait_for_the_head_above(desk: Desk) -> None:
    """Interview and referral are proposed. They happen if they are approved, and not if they are declined."""
    approved, declined = [await silent(desk) for _ in range(2)]
    await desk.move_to(KEY_SUPERVISED)
    approve = order("approve_step", SUPERIOR, step="interview")
    for given, code in (
        (order("approve_step", HEAD, "own", step="interview"), Code.NOT_YOURS),
        (order("approve_step", SUPERIOR, "early", step="referred"), Code.WRONG_STAGE),
    ):
        with pytest.raises(Refusal) as refusal:
            await desk.cases.act(approved, given)
        assert refusal.value.code is code
    answer = await desk.cases.act(approved, approve)
    assert [duty["duty"] for duty in answer["duties"]] == ["verification"]
    last = fact((await desk.journal(approved))[-1], NoticeIssued)
    assert (last.kind, last.notice, last.office) == ("notice_issued", "interview", CITY)
    no = order("decline_step", SUPERIOR, step="interview", reason="已有书面说明")
    await desk.cases.act(declined, no)
    await desk.move_to(REFERRED)
    province = "head:何@620000"
    refer = order("approve_step", province, "refer", step="referred", reason="久拖不决")
    with pytest.raises(Refusal) as refusal:
        await desk.cases.act(approved, refer.model_copy(update={"by": approve.by}))
    assert refusal.value.code is Code.NOT_YOURS
    assert (await desk.cases.act(approved, refer))["mode"] == "referred"
    stay = order("decline_step", province, "stay", step="referred", reason="继续督办")
    assert (await desk.cases.act(declined, stay))["mode"] == "taken_over"
    await desk.move_to(date(2023, 9, 1))
    for case_no in (approved, declined):
        assert levels(await desk.journal(case_no)) == ALL_LEVELS
        kinds = await desk.kinds(case_no)
        assert kinds.count("step_proposed") == 2
        assert "gate" not in [duty["duty"] for duty in (await desk.show(case_no))["duties"]]
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_after_relief_the_next_duty_climbs_from_below(desk: Desk) -> None:
    case_no = await silent(desk)
    relieve = order("relieve", HEAD, reason="已提交佐证材料")
    with pytest.raises(Refusal) as refusal:
        await desk.cases.act(case_no, relieve)
    assert refusal.value.code is Code.WRONG_STAGE
    await desk.move_to(SUPERVISED)
    assert (await desk.cases.act(case_no, relieve))["mode"] == "transferred"
    await desk.move_to(KEY_SUPERVISED)
    shown = await desk.show(case_no)
    assert (shown["mode"], shown["duties"][0]["level"]) == ("key_supervised", "key_supervised")
    assert levels(await desk.journal(case_no)) == ALL_LEVELS[:4]
