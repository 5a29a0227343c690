"""Suspension: all clocks stop, every term grows by the days that were suspended, and nothing happens meanwhile."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import facts as e
from domain.calendar import Pause, business_instant
from domain.case.casefile import Case
from domain.case.contents import Suspension
from domain.case.duties import light_of_case
from domain.case.ladder import next_at
from domain.case.lastday import ceiling, dated
from domain.case.owing import owed
from domain.case.view import case_json
from domain.duty import Duty
from domain.value import Light
from tests.domain.story import CLERK, DEBTOR, Story, story_at

DAY: Final = timedelta(days=1)
POINTS: Final = [
    "received",
    "acknowledged",
    "recognised",
    "endorsed",
    "planned",
    "bonding",
    "reported",
    "proposed",
]
TOLD: Final = {point: story_at(point) for point in POINTS}


@st.composite
def _pauses(draw: st.DrawFn) -> list[Pause]:
    begun = draw(st.lists(st.dates(date(2023, 4, 20), date(2023, 12, 31)), min_size=1, max_size=4))
    return [Pause(since, since + draw(st.integers(0, 40)) * DAY) for since in begun]


def _duties(told: Story, pauses: Sequence[Pause]) -> list[Duty]:
    """What is owed, had the case been suspended like that."""
    case = told.case.model_copy(update={"suspensions": tuple(pauses)})
    return [dated(one, case, told.rules) for one in owed(case)]


def _days(pauses: Sequence[Pause]) -> set[date]:
    return {since + n * DAY for since, until in pauses for n in range(1, (until - since).days + 1)}


def _merged(days: set[date]) -> list[Pause]:
    """The fewest pauses that cover those days, in order."""
    merged: list[Pause] = []
    for day in sorted(days):
        if merged and merged[-1].until == day - DAY:
            merged[-1] = Pause(merged[-1].since, day)
        else:
            merged.append(Pause(day - DAY, day))
    return merged


@given(st.sampled_from(POINTS), _pauses(), st.randoms(use_true_random=False))
def test_only_the_days_count_not_how_they_were_paused(
    point: str, pauses: list[Pause], chance: random.Random
) -> None:
    told = TOLD[point]
    expected = _duties(told, pauses)
    chance.shuffle(pauses)
    assert _duties(told, pauses) == expected
    assert _duties(told, [*pauses, *pauses]) == expected
    nested = [Pause(since, since + (until - since) // 2) for since, until in pauses]
    assert _duties(told, [*nested, *pauses]) == expected
    split = [Pause(middle.until, whole.until) for middle, whole in zip(nested, pauses, strict=True)]
    assert _duties(told, [*split, *nested]) == expected
    assert _duties(told, _merged(_days(pauses))) == expected


@given(st.sampled_from(POINTS), _pauses())
def test_the_day_of_a_term_of_calendar_days_moves_by_the_days_suspended(
    point: str, pauses: list[Pause]
) -> None:
    told = TOLD[point]
    for before, after in zip(_duties(told, ()), _duties(told, pauses), strict=True):
        if after.due_on == ceiling(told.case, told.rules):
            continue
        paused = {day for day in _days(pauses) if before.opened_on < day <= after.due_raw}
        if before.term is None or not before.term.working:
            assert after.due_raw == before.due_raw + len(paused) * DAY
        else:
            assert after.due_on >= before.due_on + len(paused & _worked(told, before)) * DAY
        assert after.due_on not in _days(pauses)


def _worked(told: Story, duty: Duty) -> set[date]:
    days = (duty.opened_on + n * DAY for n in range(1, (duty.due_on - duty.opened_on).days + 1))
    return {day for day in days if told.rules.calendar.is_working(day)}


@given(st.sampled_from(POINTS), _pauses())
def test_no_rung_is_on_a_suspended_day_unless_the_duty_begins_there(point: str, pauses: list[Pause]) -> None:
    told = TOLD[point]
    for duty in _duties(told, pauses):
        paused = _days(pauses) - {duty.opened_on}
        assert not paused & {stone.on for stone in duty.milestones}
        days = [(stone.on, stone.hour) for stone in duty.milestones]
        assert days == sorted(days)
        levels = [rung.level for rung in told.rules.rungs(duty.duty)]
        assert [stone.level for stone in duty.milestones] in (levels, levels[1:])


def _clerk(case: Case) -> str:
    return f"clerk:李敏@{case.holder}"


@settings(max_examples=60)
@given(
    st.sampled_from(["acknowledged", "endorsed", "planned", "reported"]),
    st.lists(st.tuples(st.integers(0, 15), st.integers(0, 9), st.booleans()), min_size=1, max_size=3),
)
def test_any_suspensions_one_after_another_are_one_set_of_closed_intervals(
    point: str, holds: list[tuple[int, int, bool]]
) -> None:
    told, held = story_at(point), []
    for wait, length, by_itself in holds:
        told.until(str(told.today + wait * DAY))
        since, until = told.today, told.today + length * DAY
        held.append(Pause(since, until))
        if by_itself and length:
            told.do("suspend", by=_clerk(told.case), until=str(until))
            told.until(str(until))
        else:
            told.do("suspend", by=_clerk(told.case), until=str(until + DAY))
            assert told.until(str(until)) == []
            told.do("resume", by=_clerk(told.case))
    assert told.case.suspensions == tuple(held)
    assert {duty.key: duty for duty in told.case.duties} == {
        duty.key: duty for duty in _duties(told, _merged(_days(held)))
    }
    assert told.replayed() == told.case


@pytest.mark.parametrize(
    ("point", "kind", "subject", "since", "until", "due_on", "due_raw"),
    [
        # Verification of 30d from 5 May: raw 4 June; eleven days more are Thursday 15 June.
        ("acknowledged", "verification", None, "2023-05-18", "2023-05-29", "2023-06-15", "2023-06-15"),
        # One day more is Monday 5 June; what is suspended on the day it began does not count.
        ("acknowledged", "verification", None, "2023-05-17", "2023-05-18", "2023-06-05", "2023-06-05"),
        ("handed_down", "verification", None, "2023-05-05", "2023-05-05", "2023-06-05", "2023-06-04"),
        # Suspended over the last days until Sunday 11 June, which is the first day left; rolled to the Monday after it.
        ("objected", "verification", None, "2023-06-03", "2023-06-10", "2023-06-12", "2023-06-11"),
        # Endorsement of 5wd from 24 May: 25, 26, 29, 30, 31; without 26 to 30 May: 25, 31, 1, 2, 5.
        ("recognised", "endorsement", None, "2023-05-25", "2023-05-30", "2023-06-05", "2023-06-05"),
        # Only a weekend was suspended: no working day is lost.
        ("recognised", "endorsement", None, "2023-05-26", "2023-05-28", "2023-05-31", "2023-05-31"),
        # The plan's own day moves too.
        ("planned", "instalment", "1", "2023-06-30", "2023-07-29", "2023-10-27", "2023-10-27"),
        ("bonding", "bonding", None, "2023-06-30", "2023-07-29", "2023-11-22", "2023-11-22"),
        ("reported", "confirmation", "PZ-1", "2023-07-21", "2023-07-24", "2023-07-28", "2023-07-28"),
    ],
)
def test_a_suspension_moves_the_last_day(
    point: str, kind: str, subject: str | None, since: str, until: str, due_on: str, due_raw: str
) -> None:
    told = story_at(point)
    told.on(since).do("suspend")
    (resumed,) = [event for event in told.on(until).do("resume") if event.kind == "resumed"]
    duty = told.duty(kind, subject)
    assert (duty.due_on.isoformat(), duty.due_raw.isoformat()) == (due_on, due_raw)
    if due_on != story_at(point).duty(kind, subject).due_on.isoformat():
        assert duty in resumed.redated


def test_a_gate_waits_too() -> None:
    told = story_at("proposed")
    told.on("2023-06-20").do("suspend")
    told.on("2023-07-20")
    told.away_until("2023-07-20")
    # Five working days from 19 June: the 20th, and 21, 24, 25, 26 July.
    assert told.duty("gate", "interview").due_on == date(2023, 7, 26)


def test_a_correction_and_a_suspension_that_overlap_count_once() -> None:
    told = Story().on("2023-05-08")
    told.do("request_correction")
    told.on("2023-05-10").do("suspend", by="clerk:周@620100")
    told.on("2023-05-15").do("resume", by="clerk:周@620100")
    told.on("2023-05-16").do("supply_correction")
    # Six working days were used up to 8 May; four more after the 16th would be the 22nd, and an office gets five.
    assert told.duty("intake").due_on == date(2023, 5, 23)


def test_a_suspended_case_fires_nothing() -> None:
    told = story_at("objected").on("2023-06-01")
    told.do("suspend")
    assert next_at(told.case, told.rules) == business_instant(date(2023, 7, 1))
    before = told.case
    assert told.until("2023-06-30") == []
    assert told.away_until("2023-06-30") == []
    assert told.case is before
    assert (told.case.mode, light_of_case(told.case, told.today)) == ("transferred", Light.BLUE)
    assert told.refused("recognise").code == "suspended"
    shown = case_json(told.case, told.today)
    assert (shown["suspended"], shown["light"]) == (True, "blue")
    assert shown["suspension"] == {"since": "2023-06-01", "until": "2023-07-01", "ground": "other"}


def test_what_was_due_before_the_suspension_happens_first() -> None:
    told = story_at("objected").on("2023-06-07")
    kinds = [event.kind for event in told.do("suspend")]
    assert kinds == ["deadline_near", "deadline_lapsed", "notice_issued", "suspended"]


def test_what_has_been_reached_is_not_reached_again_after_a_suspension() -> None:
    told = story_at("objected")
    told.until("2023-06-06")
    told.do("suspend")
    told.until("2023-07-06")
    # Lapsed on 6 June, with one day over it; the third working day after 5 June that was not suspended is 10 July.
    levels = [
        (event.fact.level, event.on.isoformat())
        for event in told.until("2023-07-20")
        if isinstance(event.fact, e.OfDuty) and event.kind != "notice_issued"
    ]
    assert levels == [
        ("supervised", "2023-07-10"),
        ("key_supervised", "2023-07-19"),
        ("key_supervised", "2023-07-19"),
    ]
    assert told.duty("verification").due_on == date(2023, 6, 5)


def test_a_case_suspended_on_a_last_day_lapses_on_the_first_day_after() -> None:
    told = story_at("objected")
    told.until("2023-06-05")
    told.do("suspend")
    told.on("2023-06-25").do("resume")
    assert told.duty("verification").due_on == date(2023, 6, 5)
    lapsed, _ = told.until("2023-06-26")
    assert (lapsed.kind, lapsed.on) == ("deadline_lapsed", date(2023, 6, 26))


def test_a_case_resumes_by_itself_on_its_day() -> None:
    told = story_at("planned")
    (suspended,) = told.do("suspend", ground="appraisal")
    assert suspended.fact.kind == "suspended"
    suspension = Suspension(since=date(2023, 6, 26), until=date(2023, 7, 26), ground="appraisal")
    assert told.case.suspension == suspension
    assert next_at(told.case, told.rules) == business_instant(date(2023, 7, 26))
    (resumed,) = told.until("2023-07-26")
    assert (resumed.kind, resumed.on, str(resumed.by)) == ("resumed", date(2023, 7, 26), "system")
    assert resumed.fact == e.Resumed()
    assert told.case.suspensions == (Pause(date(2023, 6, 26), date(2023, 7, 26)),)
    assert told.duty("instalment", "1").due_raw == date(2023, 10, 28)


@pytest.mark.parametrize("day", ["2023-07-27", "2023-10-25", "2023-10-29", "2024-03-01"])
def test_a_case_resumes_on_its_day_however_late_that_is_noticed(day: str) -> None:
    there, away = story_at("planned"), story_at("planned")
    for told in (there, away):
        told.do("suspend", until="2023-07-26")
    there.until(day)
    resumed, *_ = away.away_until(day)
    assert (resumed.on, resumed.fact) == (date(2023, 7, 26), e.Resumed(late=True))
    assert away.case.suspensions == there.case.suspensions
    assert away.duty("instalment", "1") == there.duty("instalment", "1")
    assert (away.case.mode, away.case.levels.get("instalment/1/2023-06-26")) == (
        there.case.mode,
        there.case.levels.get("instalment/1/2023-06-26"),
    )


def test_a_command_after_the_day_finds_the_case_resumed() -> None:
    told = story_at("planned")
    told.do("suspend", until="2023-07-26")
    assert told.on("2023-07-25").refused("fund").code == "suspended"
    assert [event.kind for event in told.on("2023-08-01").do("fund")] == ["resumed", "funds_arrived"]


def test_a_case_is_resumed_before_its_day() -> None:
    told = story_at("planned")
    told.do("suspend", until="2023-07-26")
    told.on("2023-07-01").do("resume")
    assert told.case.suspensions == (Pause(date(2023, 6, 26), date(2023, 7, 1)),)
    assert told.until("2023-09-01") == []


def test_news_reaches_a_suspended_case_and_stops_no_suspension() -> None:
    told = story_at("bonding")
    told.do("suspend", until="2023-07-26")
    told.on("2023-07-01").hear("included", 400)
    assert told.case.suspended
    assert [event.kind for event in told.on("2023-08-01").hear("arrived", 400)] == [
        "resumed",
        "bond_funds_arrived",
    ]


def test_a_duty_that_begins_while_the_case_is_suspended_loses_only_the_days_after() -> None:
    told = story_at("bonding")
    told.do("suspend")
    told.on("2023-07-06").hear("ineligible")
    assert told.duty("funding").due_on == date(2023, 8, 7)
    told.on("2023-07-16").do("resume")
    assert (told.duty("funding").due_raw, told.duty("funding").opened_on) == (
        date(2023, 8, 15),
        date(2023, 7, 6),
    )


@pytest.mark.parametrize("do", ["confirm_withdrawal", "go_judicial"])
def test_a_suspended_case_can_be_given_up(do: str) -> None:
    told = story_at("suspended")
    told.do("withdraw")
    told.do(do)
    assert (told.case.ended is not None, told.owed()) == (True, [])
    assert next_at(told.case, told.rules) is None


def test_a_suspended_case_can_be_given_up_by_two_persons() -> None:
    told = story_at("suspended")
    told.approved("go_judicial", CLERK)
    assert (told.case.ended is not None, told.owed()) == (True, [])
    assert next_at(told.case, told.rules) is None


def test_a_suspended_case_hears_only_those_who_may_act() -> None:
    told = story_at("suspended")
    assert told.refused("resume", by=DEBTOR).code == "not_yours"
    assert told.refused("fund", by="finance:彭@620104").code == "not_yours"


def test_a_suspension_within_one_day_changes_no_day() -> None:
    told = story_at("planned")
    before = told.case.duties
    told.do("suspend")
    told.do("resume")
    assert told.case.duties == before
    assert told.case.suspensions == (Pause(date(2023, 6, 26), date(2023, 6, 26)),)
