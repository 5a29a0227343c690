"""Working days, calendar days, and terms, held against the published calendar of 2004 to 2026."""

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import (
    SHANGHAI,
    Calendar,
    Due,
    Pause,
    Term,
    add_calendar_days,
    add_days,
    add_working_days,
    business_date,
    business_instant,
    parse_term,
    roll,
    term_end,
)
from office.calendar.loading import published_calendar

CHINA = published_calendar(date(2004, 1, 1))
WEEKDAYS_ONLY = CHINA.model_copy(update={"exceptions": frozenset()})
DAY = timedelta(days=1)

days = st.dates(date(2004, 6, 1), date(2026, 6, 30))


@st.composite
def pauses(draw: st.DrawFn) -> tuple[Pause, ...]:
    begun = draw(st.lists(st.dates(date(2015, 1, 1), date(2016, 12, 31)), max_size=3))
    return tuple(Pause(since, since + draw(st.integers(0, 40)) * DAY) for since in begun)


def is_paused(day: date, held: tuple[Pause, ...]) -> bool:
    return any(since < day <= until for since, until in held)


@pytest.mark.parametrize(
    ("start", "count", "end", "naive"),
    [
        ("2023-04-26", 3, "2023-05-04", "2023-05-01"),
        ("2023-04-26", 5, "2023-05-06", "2023-05-03"),
        ("2023-04-26", 10, "2023-05-12", "2023-05-10"),
        ("2023-09-28", 1, "2023-10-07", "2023-09-29"),
        ("2023-09-28", 3, "2023-10-09", "2023-10-03"),
        ("2025-01-20", 10, "2025-02-08", "2025-02-03"),
        ("2025-09-26", 10, "2025-10-16", "2025-10-10"),
        ("2026-02-06", 10, "2026-02-27", "2026-02-20"),
        ("2026-02-13", 1, "2026-02-14", "2026-02-16"),
        ("2026-09-18", 10, "2026-10-09", "2026-10-02"),
        ("2020-01-23", 3, "2020-02-05", "2020-01-28"),
    ],
)
def test_golden_vectors_of_the_published_years(start: str, count: int, end: str, naive: str) -> None:
    due = term_end(CHINA, date.fromisoformat(start), Term(count, working=True))
    assert due == Due(date.fromisoformat(end), date.fromisoformat(end))
    assert not CHINA.is_provisional(due.on)
    assert add_working_days(WEEKDAYS_ONLY, date.fromisoformat(start), count) == date.fromisoformat(naive)


@pytest.mark.parametrize(
    ("start", "count", "end", "raw"),
    [
        ("2023-05-12", 30, "2023-06-12", "2023-06-11"),
        ("2023-05-12", 90, "2023-08-10", "2023-08-10"),
        ("2023-08-30", 30, "2023-10-07", "2023-09-29"),
        ("2023-09-01", 30, "2023-10-07", "2023-10-01"),
        ("2023-12-01", 30, "2024-01-02", "2023-12-31"),
        ("2025-12-02", 30, "2026-01-04", "2026-01-01"),
        ("2026-01-15", 30, "2026-02-14", "2026-02-14"),
        ("2026-01-16", 30, "2026-02-24", "2026-02-15"),
        ("2020-01-01", 30, "2020-02-03", "2020-01-31"),
        ("2018-11-29", 30, "2018-12-29", "2018-12-29"),
        ("2018-12-01", 30, "2019-01-02", "2018-12-31"),
    ],
)
def test_golden_vectors_of_calendar_days(start: str, count: int, end: str, raw: str) -> None:
    due = term_end(CHINA, date.fromisoformat(start), Term(count, working=False))
    assert due == Due(date.fromisoformat(end), date.fromisoformat(raw))


@pytest.mark.parametrize(
    ("year", "worked"),
    [
        (2023, ["01-28", "01-29", "04-23", "05-06", "06-25", "10-07", "10-08"]),
        (2025, ["01-26", "02-08", "04-27", "09-28", "10-11"]),
        (2026, ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]),
    ],
)
def test_the_make_up_days_are_those_of_the_notices(year: int, worked: list[str]) -> None:
    of_the_year = (day for day in CHINA.exceptions if day.year == year and day.weekday() >= 5)
    assert sorted(of_the_year) == [date.fromisoformat(f"{year}-{day}") for day in worked]


def test_past_the_published_year_the_days_off_by_law_do_not_count_and_the_day_is_provisional() -> None:
    end = add_working_days(CHINA, date(2026, 12, 25), 10)
    assert end == date(2027, 1, 11), "元旦 is a Friday"
    assert term_end(CHINA, date(2026, 12, 1), Term(31, working=False)).on == date(2027, 1, 4)
    assert CHINA.is_provisional(end)
    assert not CHINA.is_provisional(date(2026, 12, 31))


def test_a_make_up_saturday_ends_a_term_of_calendar_days() -> None:
    assert term_end(CHINA, date(2023, 4, 6), Term(30, working=False)).on == date(2023, 5, 6)


def is_workday(day: date) -> bool:
    """What the notices say: the package's word, but for the day that it lacks."""
    return day == date(2005, 12, 31) or bool(chinese_calendar.is_workday(day))


def test_the_last_saturday_of_2005_was_worked() -> None:
    assert term_end(CHINA, date(2005, 12, 20), Term(10, working=True)).on == date(2006, 1, 4)


def test_every_day_from_2004_to_2026_is_as_published() -> None:
    day = date(2004, 1, 1)
    while day.year < 2027:
        assert CHINA.is_working(day) == is_workday(day), day
        day += DAY
    assert CHINA.horizon == date(2026, 12, 31)


def test_a_case_carries_only_the_years_it_can_need() -> None:
    carried = published_calendar(date(2023, 4, 26))
    assert min(carried.exceptions) == date(2023, 1, 2)
    assert carried.exceptions == {day for day in CHINA.exceptions if day.year >= 2023}


@given(days, st.integers(1, 60))
def test_so_many_working_days_lie_after_the_start(start: date, count: int) -> None:
    end = add_working_days(CHINA, start, count)
    passed = (start + n * DAY for n in range(1, (end - start).days + 1))
    assert sum(map(is_workday, passed)) == count
    assert is_workday(end)


@given(days, st.integers(1, 60))
def test_counting_back_mirrors_counting_on(start: date, count: int) -> None:
    end = add_working_days(CHINA, start, -count)
    passed = (end + n * DAY for n in range((start - end).days))
    assert sum(map(is_workday, passed)) == count
    if CHINA.is_working(start):
        assert add_working_days(CHINA, end, count) == start


def _one_by_one(start: date, count: int, held: tuple[Pause, ...], *, working: bool) -> date:
    """The day on which so many days are full, found by looking at each."""
    day, left, step = start, abs(count), DAY if count > 0 else -DAY
    while left:
        day += step
        left -= not is_paused(day, held) and (not working or CHINA.is_working(day))
    return day


@given(st.dates(date(2015, 1, 1), date(2015, 3, 1)), st.integers(-60, 90), pauses())
def test_a_pause_is_passed_at_once_and_not_one_day_is_miscounted(
    start: date, count: int, held: tuple[Pause, ...]
) -> None:
    assert add_days(start, count, held) == _one_by_one(start, count, held, working=False)
    assert add_working_days(CHINA, start, count, held) == _one_by_one(start, count, held, working=True)


@given(st.dates(date(2015, 1, 1), date(2016, 12, 31)), st.integers(1, 40), pauses())
def test_paused_days_do_not_count(start: date, count: int, held: tuple[Pause, ...]) -> None:
    end = add_working_days(CHINA, start, count, held)
    passed = [start + n * DAY for n in range(1, (end - start).days + 1)]
    assert sum(CHINA.is_working(day) and not is_paused(day, held) for day in passed) == count
    assert not is_paused(end, held)

    due = term_end(CHINA, start, Term(count, working=False), held)
    passed = [start + n * DAY for n in range(1, (due.raw - start).days + 1)]
    assert sum(not is_paused(day, held) for day in passed) == count
    assert due.on >= due.raw
    assert CHINA.is_working(due.on)


def test_a_pause_does_not_count_its_days_but_the_day_it_began() -> None:
    asked, answered = date(2023, 3, 7), date(2023, 3, 9)
    held = [Pause(asked, answered)]
    assert add_working_days(CHINA, date(2023, 3, 6), 1, held) == date(2023, 3, 7)
    assert add_working_days(CHINA, date(2023, 3, 6), 2, held) == date(2023, 3, 10)
    assert add_calendar_days(CHINA, date(2023, 3, 6), 2, held).on == date(2023, 3, 10)


def test_no_days_are_no_time() -> None:
    saturday = date(2023, 3, 4)
    assert add_working_days(CHINA, saturday, 0) == saturday
    assert add_calendar_days(CHINA, saturday, 0) == Due(date(2023, 3, 6), saturday)


@given(days)
def test_rolling_stops_at_the_first_working_day(day: date) -> None:
    rolled = roll(CHINA, day)
    assert CHINA.is_working(rolled)
    assert not any(CHINA.is_working(day + n * DAY) for n in range((rolled - day).days))


@pytest.mark.parametrize(
    ("written", "term"),
    [("10wd", Term(10, True)), ("30d", Term(30, False)), ("-3wd", Term(-3, True)), ("+10wd", Term(10, True))],
)
def test_a_term_is_read(written: str, term: Term) -> None:
    assert parse_term(written) == term
    assert parse_term(str(term)) == term


@pytest.mark.parametrize("written", ["", "10", "wd", "10w", "1.5d", "ten d", "10 wd", "--1d", "12345d"])
def test_what_is_no_term_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a term"):
        parse_term(written)


def test_a_business_day_begins_at_midnight_in_shanghai() -> None:
    assert business_date(datetime.fromisoformat("2023-05-12T15:59:59+00:00")) == date(2023, 5, 12)
    assert business_date(datetime.fromisoformat("2023-05-12T16:00:00+00:00")) == date(2023, 5, 13)
    assert business_instant(date(2023, 5, 12), 9).isoformat() == "2023-05-12T09:00:00+08:00"
    assert business_instant(date(2023, 5, 12)) == datetime(2023, 5, 12, tzinfo=SHANGHAI)


@given(days, st.integers(0, 23))
def test_an_instant_of_a_day_is_on_that_day(day: date, hour: int) -> None:
    assert business_date(business_instant(day, hour)) == day


def test_a_calendar_is_written_in_order_and_read_back() -> None:
    written = CHINA.model_dump(mode="json")
    assert written["exceptions"] == sorted(written["exceptions"])
    assert Calendar.model_validate(written) == CHINA


def test_counting_back_passes_over_a_pause() -> None:
    pause = Pause(date(2023, 6, 5), date(2023, 6, 9))
    counted = [add_days(date(2023, 6, 15), -days, (pause,)) for days in (5, 6, 10)]
    assert counted == [date(2023, 6, 10), date(2023, 6, 5), date(2023, 6, 1)]
