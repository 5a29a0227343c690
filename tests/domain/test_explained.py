"""How a last day was found: the days that did not count and why, and the weekend days that did."""

from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Due, Pause, Term, add_days, counting, term_end
from domain.case.view import case_json
from office.calendar.loading import published_calendar
from tests.domain.story import Story, story_at

CHINA: Final = published_calendar(date(2022, 1, 1))
DAY: Final = timedelta(days=1)
WORKED: Final = {day for day in CHINA.exceptions if day.weekday() >= 5}

terms = st.builds(Term, st.integers(1, 40), st.booleans())
starts = st.dates(date(2022, 12, 1), date(2026, 3, 31))


@st.composite
def pauses(draw: st.DrawFn) -> tuple[Pause, ...]:
    begun = draw(st.lists(st.dates(date(2022, 12, 1), date(2026, 5, 31)), max_size=3))
    return tuple(Pause(since, since + draw(st.integers(0, 60)) * DAY) for since in begun)


Row = tuple[str, str, list[Pause], str, list[tuple[str, str, str]], list[str]]

TABLE: Final[list[Row]] = [
    # May holiday 2023: Saturday 29 April to Wednesday 3 May are off, Saturday 6 May is worked.
    (
        "2023-04-26",
        "10wd",
        [],
        "2023-05-12",
        [
            ("2023-04-29", "2023-04-30", "weekend"),
            ("2023-05-01", "2023-05-03", "holiday"),
            ("2023-05-07", "2023-05-07", "weekend"),
        ],
        ["2023-05-06"],
    ),
    # Spring Festival 2026: Sunday 15 to Monday 23 February are off, the Saturdays 14 and 28 are worked.
    (
        "2026-02-06",
        "10wd",
        [],
        "2026-02-27",
        [
            ("2026-02-07", "2026-02-08", "weekend"),
            ("2026-02-15", "2026-02-15", "weekend"),
            ("2026-02-16", "2026-02-20", "holiday"),
            ("2026-02-21", "2026-02-22", "weekend"),
            ("2026-02-23", "2026-02-23", "holiday"),
        ],
        ["2026-02-14"],
    ),
    ("2023-03-06", "4wd", [], "2023-03-10", [], []),
    ("2023-03-06", "30d", [], "2023-04-06", [("2023-04-05", "2023-04-05", "holiday")], []),
    ("2023-05-12", "30d", [], "2023-06-12", [("2023-06-11", "2023-06-11", "weekend")], []),
    ("2023-05-12", "90d", [], "2023-08-10", [], []),
    # 30 days after 6 April is a Saturday that is worked.
    ("2023-04-06", "30d", [], "2023-05-06", [], []),
    (
        "2023-03-06",
        "4wd",
        [Pause(date(2023, 3, 7), date(2023, 3, 14))],
        "2023-03-17",
        [("2023-03-08", "2023-03-14", "paused")],
        [],
    ),
    (
        "2023-03-06",
        "5d",
        [Pause(date(2023, 3, 7), date(2023, 3, 9))],
        "2023-03-13",
        [("2023-03-08", "2023-03-09", "paused")],
        [],
    ),
    (
        "2023-03-06",
        "5d",
        [Pause(date(2023, 3, 7), date(2023, 3, 8)), Pause(date(2023, 3, 11), date(2023, 3, 14))],
        "2023-03-15",
        [("2023-03-08", "2023-03-08", "paused"), ("2023-03-12", "2023-03-14", "paused")],
        [],
    ),
]


@pytest.mark.parametrize(("start", "term", "held", "end", "skipped", "worked"), TABLE)
def test_a_last_day_is_explained(
    start: str,
    term: str,
    held: list[Pause],
    end: str,
    skipped: list[tuple[str, str, str]],
    worked: list[str],
) -> None:
    begun, length = date.fromisoformat(start), Term(int(term.rstrip("wd")), term.endswith("wd"))
    due = term_end(CHINA, begun, length, held)
    explained = counting(CHINA, begun, length.working, due, held)
    shown = [(one.since.isoformat(), one.until.isoformat(), one.why) for one in explained.skipped]
    assert due.on.isoformat() == end
    assert shown == skipped
    assert [day.isoformat() for day in explained.worked] == worked


@given(starts, terms, pauses())
def test_the_days_that_count_make_up_the_term(start: date, term: Term, held: tuple[Pause, ...]) -> None:
    due = term_end(CHINA, start, term, held)
    explained = counting(CHINA, start, term.working, due, held)
    passed_over = [
        one.since + n * DAY for one in explained.skipped for n in range((one.until - one.since).days + 1)
    ]
    assert len(set(passed_over)) == len(passed_over)
    counted = {start + n * DAY for n in range(1, (due.on - start).days + 1)} - set(passed_over)
    assert len(counted) == term.days
    assert due.on in counted
    if term.working:
        assert all(CHINA.is_working(day) for day in counted)
        assert set(explained.worked) == counted & WORKED
    else:
        assert explained.worked == ()


@given(starts, terms, pauses())
def test_each_stretch_of_days_has_one_reason(start: date, term: Term, held: tuple[Pause, ...]) -> None:
    due = term_end(CHINA, start, term, held)
    for since, until, why in counting(CHINA, start, term.working, due, held).skipped:
        days = [since + n * DAY for n in range((until - since).days + 1)]
        paused = {day for day in days if any(one.since < day <= one.until for one in held)}
        assert start < since <= until <= due.on
        if why == "paused":
            assert paused == set(days)
        else:
            assert paused == set()
            assert not any(CHINA.is_working(day) for day in days)
            assert {day.weekday() >= 5 for day in days} == {why == "weekend"}


@given(starts, st.integers(0, 200), pauses())
def test_the_day_of_a_plan_is_passed_over_only_by_pauses(
    start: date, count: int, held: tuple[Pause, ...]
) -> None:
    day = add_days(start, count, held)
    explained = counting(CHINA, start, False, Due(day, day), held)
    assert {one.why for one in explained.skipped} <= {"paused"}
    assert all(one.until < day for one in explained.skipped)


def test_an_instalment_that_is_due_in_the_holidays_is_due_after_them() -> None:
    """民法典 Art 203. The week of the National Day ends on 6 October; Saturday the 7th is worked."""
    told = story_at("planned", plan={"instalments": [{"due_on": "2023-10-01", "amount": "400万元"}]})
    instalment = told.duty("instalment", "1")
    assert (instalment.due_on, instalment.due_raw) == (date(2023, 10, 7), date(2023, 10, 1))
    assert (instalment.term, instalment.skipped[-1].until) == (None, date(2023, 10, 6))


def test_a_case_shows_how_its_deadlines_were_found() -> None:
    (shown,) = case_json(Story().case, date(2023, 4, 26))["duties"]
    assert (shown["term"], shown["due_on"], shown["rules"]) == ("10wd", "2023-05-12", "gansu@2026.1")
    assert shown["skipped"] == [
        {"since": "2023-04-29", "until": "2023-04-30", "why": "weekend"},
        {"since": "2023-05-01", "until": "2023-05-03", "why": "holiday"},
        {"since": "2023-05-07", "until": "2023-05-07", "why": "weekend"},
    ]
    assert shown["worked"] == ["2023-05-06"]
    instalment = case_json(story_at("planned").case, date(2023, 6, 26))["duties"][0]
    assert instalment["term"] is None
