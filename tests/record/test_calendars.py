"""The calendar is built from notices: the latest one counts, and what has been loaded does not change."""

import asyncio
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.calendar import Calendar, add_working_days
from domain.holidays import LAW
from office.calendar import loading as in_use
from office.calendar.files import NoticeFile, read_notice
from office.calendar.loading import (
    LoadedCalendar,
    Published,
    calendar_of,
    overview,
    published,
    published_calendar,
)
from office.faults import Faults
from office.redating import load_notice
from runtime.connect import connect_database
from schema import calendars
from schema.calendars import Kind
from schema.tables import calendar_day, calendar_version

SINCE = date(2023, 4, 26)
PACKAGE = published().release

NOTICE_2027 = """
year = 2027
off = [2027-01-01, "2027-02-05..2027-02-11", "2027-04-05", "2027-05-01..2027-05-05", "2027-06-09",
       "2027-09-15", "2027-10-01..2027-10-07"]
work = [2027-02-14, 2027-02-20, 2027-05-08, 2027-09-26, 2027-10-09]
"""
"""Invented, because there is no notice for 2027 yet."""


@pytest.fixture
def written(tmp_path: Path) -> "Written":
    return Written(tmp_path)


class Written:
    """Notices written by a test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def notice(self, text: str, notice: str, amends: str | None = None) -> NoticeFile:
        path = self._folder / f"{notice}.toml"
        path.write_text(text, "utf-8")
        return read_notice(path, notice, amends)


async def load(engine: AsyncEngine, file: NoticeFile, *, keep: bool = True) -> LoadedCalendar:
    return (await load_notice(engine, file, SINCE, keep=keep)).calendar


async def versions(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return [one.notice for one in await calendars.notices(connection)]


async def current(engine: AsyncEngine) -> Calendar | None:
    async with engine.connect() as connection:
        return await calendars.current(connection, SINCE)


async def test_an_empty_record_is_filled_from_the_package_once(engine: AsyncEngine) -> None:
    assert await current(engine) is None
    for _ in range(2):
        assert await calendar_of(engine, SINCE) == published_calendar(SINCE)
    assert await versions(engine) == [PACKAGE]
    assert await calendar_of(engine, date(2004, 1, 1)) == published_calendar(date(2004, 1, 1))
    async with engine.connect() as connection:
        (notice,) = await calendars.notices(connection)
        days = (await connection.execute(select(func.count()).select_from(calendar_day))).scalar_one()
    assert (notice.version, notice.days, notice.horizon) == (1, days, date(2026, 12, 31))
    assert days == len(published().days)


async def test_many_fill_it_together_and_only_one_does(engine: AsyncEngine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    async with connect_database(url) as other:
        found = await asyncio.gather(*(calendar_of(each, SINCE) for each in (engine, other) * 4))
    assert set(found) == {published_calendar(SINCE)}
    assert await versions(engine) == [PACKAGE]


def published_exceptions(calendar: Calendar) -> set[date]:
    """Those that a notice makes, without those that the law makes later."""
    return {day for day in calendar.exceptions if not calendar.is_provisional(day)}


async def test_a_notice_ends_what_was_provisional(engine: AsyncEngine, written: Written) -> None:
    before = await calendar_of(engine, SINCE)
    guessed = add_working_days(before, date(2027, 2, 1), 10)
    assert (guessed, before.is_provisional(guessed)) == (date(2027, 2, 17), True)

    loaded = await load(engine, written.notice(NOTICE_2027, "国办发明电〔2026〕9号"))
    assert (loaded.version, loaded.horizon, len(loaded.days)) == (2, date(2027, 12, 31), 28)
    assert date(2027, 2, 9) in loaded.changed
    assert not {date(2027, 1, 1), date(2027, 2, 6)} & set(loaded.changed), (
        "元旦 and a Saturday are off anyway"
    )

    after = await calendar_of(engine, SINCE)
    known = add_working_days(after, date(2027, 2, 1), 10)
    assert (known, after.is_provisional(known)) == (date(2027, 2, 19), False)
    assert after.version == "国办发明电〔2026〕9号"
    assert after.is_working(date(2027, 2, 14))
    assert {day for day in after.exceptions if day.year < 2027} == published_exceptions(before)


async def test_of_two_notices_the_later_one_counts(engine: AsyncEngine, written: Written) -> None:
    """The Spring Festival of 2020 was extended after it had begun; here that of 2026 is, and a make-up day is dropped."""
    changing = written.notice(
        'year = 2026\noff = ["2026-02-24..2026-02-25", 2026-02-28]\nwork = [2026-10-07]',
        "国办发明电〔2026〕1号",
        PACKAGE,
    )
    loaded = await load(engine, changing)
    assert loaded.changed == (date(2026, 2, 24), date(2026, 2, 25), date(2026, 2, 28), date(2026, 10, 7))
    after = await calendar_of(engine, SINCE)
    assert (after.version, after.horizon) == ("国办发明电〔2026〕1号", date(2026, 12, 31))
    working = {day: after.is_working(day) for day in loaded.days}
    assert working == dict(zip(loaded.changed, [False, False, False, True], strict=True))

    again = written.notice("year = 2026\nwork = [2026-02-25]\n", "国办发明电〔2026〕2号", changing.notice)
    assert (await load(engine, again)).changed == (date(2026, 2, 25),)
    latest = await calendar_of(engine, SINCE)
    assert latest.exceptions == after.exceptions - {date(2026, 2, 25)}

    async with engine.connect() as connection:
        first = await calendars.settings(connection, 1, date(2004, 1, 1))
        found = await calendars.settings(connection, 3, date(2026, 2, 24), date(2026, 2, 25))
    assert {day: setting.kind for day, setting in first.items()} == published().days
    assert [setting.notice for setting in found.values()] == [changing.notice, again.notice]


async def test_a_notice_may_set_the_last_days_of_the_december_before(
    engine: AsyncEngine, written: Written
) -> None:
    loaded = await load(
        engine, written.notice('year = 2027\noff = ["2026-12-31..2027-01-02"]\nwork = [2026-12-27]', "九号")
    )
    assert loaded.changed == (date(2026, 12, 27), date(2026, 12, 31))
    calendar = await calendar_of(engine, SINCE)
    assert calendar.is_working(date(2026, 12, 27))
    assert not calendar.is_working(date(2026, 12, 31))


def upgraded(monkeypatch: pytest.MonkeyPatch, days: Mapping[date, Kind]) -> None:
    """Pretend that a later release of the package is installed, which knows 2027 and has corrected the past."""
    corrected = {day: kind for day, kind in published().days.items() if day != date(2023, 10, 6)}
    later = Published("chinesecalendar-1.12.0", date(2027, 12, 31), {**corrected, **days})
    monkeypatch.setattr(in_use, "published", lambda: later)


async def test_an_upgraded_package_adds_its_new_year_and_leaves_the_past(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await calendar_of(engine, SINCE)
    new: dict[date, Kind] = {date(2026, 12, 31): "off", date(2027, 1, 1): "off", date(2027, 2, 20): "work"}
    upgraded(monkeypatch, {**new, date(2023, 4, 27): "off"})
    calendars_found = await asyncio.gather(*(calendar_of(engine, SINCE) for _ in range(4)))
    assert await versions(engine) == [PACKAGE, "chinesecalendar-1.12.0"]
    (after,) = set(calendars_found)
    assert (after.version, after.horizon) == ("chinesecalendar-1.12.0", date(2027, 12, 31))
    assert published_exceptions(after) == published_exceptions(before) | set(new)


async def test_an_upgraded_package_does_not_override_a_notice(
    engine: AsyncEngine, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(engine, written.notice(NOTICE_2027, "九号"))
    loaded = await calendar_of(engine, SINCE)
    upgraded(monkeypatch, {date(2027, 1, 4): "off"})
    assert await calendar_of(engine, SINCE) == loaded
    assert await versions(engine) == [PACKAGE, "九号"]


async def test_a_package_that_is_behind_leaves_the_horizon(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        upgraded(later, {date(2027, 1, 1): "off"})
        ahead = await calendar_of(engine, SINCE)
    assert await calendar_of(engine, SINCE) == ahead
    assert ahead.horizon == date(2027, 12, 31)


async def test_two_who_load_the_same_notice_load_it_once(engine: AsyncEngine, written: Written) -> None:
    files = [written.notice(NOTICE_2027, name) for name in ("九号", "九号", "十号")]
    answers = await asyncio.gather(*(load(engine, file) for file in files), return_exceptions=True)
    refused = [answer.faults[0] for answer in answers if isinstance(answer, Faults)]
    assert len(refused) == 2
    assert all("loaded already" in fault or "published already" in fault for fault in refused)
    assert len(await versions(engine)) == 2


async def test_a_dry_run_answers_the_same_and_changes_nothing(engine: AsyncEngine, written: Written) -> None:
    file = written.notice(NOTICE_2027, "九号")
    would = await load(engine, file, keep=False)
    assert await versions(engine) == []
    assert await load(engine, file) == would


@pytest.mark.parametrize(
    ("notice", "amends", "text", "fault"),
    [
        ("九号", None, "year = 2028\noff = [2028-01-01]", "year: 2028 leaves a gap"),
        ("九号", None, "year = 2026\noff = [2026-01-01]", "year: 2026 is published already"),
        (
            "九号",
            "八号",
            "year = 2026\noff = [2026-01-01]",
            "amends: no notice 八号 has been loaded; there are",
        ),
        ("九号", PACKAGE, "year = 2027\noff = [2027-01-01]", f"amends: {PACKAGE} sets no day of 2027"),
        ("九号", PACKAGE, "year = 2026\nwork = [2026-03-04]", "work[1]: 2026-03-04 is an ordinary Wednesday"),
        (
            "九号",
            None,
            "year = 2027\noff = [2027-01-01]\nwork = [2027-01-02, 2027-01-04]",
            "work[2]: 2027-01-04 is an ordinary Monday",
        ),
    ],
)
async def test_what_does_not_fit_the_record_is_not_loaded(
    engine: AsyncEngine, written: Written, notice: str, amends: str | None, text: str, fault: str
) -> None:
    await calendar_of(engine, SINCE)
    with pytest.raises(Faults) as refused:
        await load(engine, written.notice(text, notice, amends))
    assert len(refused.value.faults) == 1
    assert refused.value.faults[0].startswith(fault)
    assert await versions(engine) == [PACKAGE]


async def test_a_notice_is_loaded_once(engine: AsyncEngine, written: Written) -> None:
    file = written.notice(NOTICE_2027, "九号")
    await load(engine, file)
    with pytest.raises(Faults) as refused:
        await load(engine, file)
    assert [fault.split(":")[0] for fault in refused.value.faults] == ["notice", "year"]
    assert "as version 2" in refused.value.faults[0]


async def test_the_overview_tells_the_notices_and_a_year(engine: AsyncEngine, written: Written) -> None:
    await load(engine, written.notice(NOTICE_2027, "九号"))
    shown = await overview(engine, 2026)
    assert (shown["version"], shown["horizon"], shown["provisional"]) == ("九号", "2027-12-31", False)
    assert [(one["version"], one["notice"], one["amends"]) for one in shown["notices"]] == [
        (1, PACKAGE, None),
        (2, "九号", None),
    ]
    assert {"day": "2026-10-10", "kind": "work", "notice": PACKAGE} in shown["exceptions"]
    days = {date.fromisoformat(one["day"]) for one in shown["exceptions"]}
    assert days == {day for day in published_calendar(date(2026, 1, 1)).exceptions if day.year == 2026}
    later = await overview(engine, 2028)
    assert later["provisional"]
    assert later["exceptions"][0] == {"day": "2028-01-25", "kind": "off", "notice": LAW}


@pytest.mark.parametrize("statement", ["UPDATE {} SET version = 2", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("table", [calendar_version, calendar_day], ids=str)
async def test_nothing_that_was_loaded_is_changed(engine: AsyncEngine, table: object, statement: str) -> None:
    await calendar_of(engine, SINCE)
    async with engine.connect() as connection:
        with pytest.raises(IntegrityError, match="is append-only"):
            await connection.execute(text(statement.format(table)))


@pytest.mark.parametrize(("horizon", "kind"), [(date(2027, 12, 30), "off"), (date(2027, 12, 31), "half")])
async def test_the_tables_know_what_a_version_is(engine: AsyncEngine, horizon: date, kind: str) -> None:
    kinds = cast(Mapping[date, Kind], {horizon: kind})
    async with engine.connect() as connection:
        with pytest.raises(IntegrityError, match="violates check constraint"):
            await calendars.add(connection, "一号", horizon, kinds)
