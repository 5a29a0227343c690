"""The working-day calendar in use: initialised from the package `chinese_calendar`, extended by the notices that people load."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.metadata import version as release_of
from typing import Any, Final, NamedTuple

import chinese_calendar
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.calendar import Calendar
from domain.holidays import LAW, foreseen
from office.calendar.files import RELEASES, NoticeFile, begins
from office.faults import Faults
from schema import calendars
from schema.calendars import Kind

AMENDED: Final[Mapping[date, Kind]] = {date(2005, 12, 31): "work"}
"""Days on which the package differs from the notices: 国办发明电〔2005〕35号 makes the Saturday before New Year 2006 a working day."""

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Published(NamedTuple):
    """What a release of the package knows: whole years, up to the horizon."""

    release: str
    horizon: date
    days: Mapping[date, Kind]


class LoadedCalendar(NamedTuple):
    """The result of loading a notice.

    Attributes:
        version: The version that it created.
        horizon: The last day of the last published year, from now on.
        days: The days that the notice sets.
        changed: Those of the days that were working days and no longer are, or the other way round.
    """

    version: int
    notice: str
    amends: str | None
    year: int
    horizon: date
    days: Mapping[date, Kind]
    changed: tuple[date, ...]


@cache
def published() -> Published:
    """The working days of mainland China in the installed release of the package, which follows the State Council's notices."""
    off, worked = chinese_calendar.constants.holidays, chinese_calendar.constants.workdays
    days: dict[date, Kind] = dict.fromkeys(off, "off")
    days |= dict.fromkeys(worked, "work")
    days |= AMENDED
    return Published(f"{RELEASES}{release_of('chinesecalendar')}", date(max(off).year, 12, 31), days)


def published_calendar(since: date) -> Calendar:
    """The package's calendar from that year on, for callers without a record."""
    known = published()
    days = {day: kind for day, kind in known.days.items() if day.year >= since.year}
    return calendars.calendar_by(known.release, known.horizon, days)


async def calendar_of(engine: AsyncEngine, since: date) -> Calendar:
    """The latest calendar on record from that year on, which a newly received case carries."""
    async with engine.connect() as connection:
        calendar = await calendars.current(connection, since)
    if calendar is None or calendar.horizon < published().horizon:
        async with engine.begin() as connection:
            calendar = await _carried_on(connection, since)
    return calendar


async def _carried_on(connection: AsyncConnection, since: date) -> Calendar:
    """The latest calendar, extended by the years that the package knows and no notice has published yet.

    Days already on record do not change, even if a later release corrects them, because people have counted by them.
    """
    await calendars.hold(connection)
    known, before = published(), await calendars.current(connection, since)
    if before is None:
        await calendars.add(connection, known.release, known.horizon, known.days)
    elif before.horizon < known.horizon:
        first = begins(before.horizon.year + 1)
        days = {day: kind for day, kind in known.days.items() if day >= first}
        await calendars.add(connection, known.release, known.horizon, days)
    else:
        return before
    after = await calendars.current(connection, since)
    assert after is not None
    return after


async def overview(engine: AsyncEngine, year: int) -> dict[str, Any]:
    """The calendar in use: its notices, and the days of a year that differ from Monday-to-Friday, each with what says so: a notice, or
    the law where there is none yet.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    await calendar_of(engine, first)
    async with engine.connect() as connection:
        notices = await calendars.notices(connection)
        latest = notices[-1]
        days = await calendars.settings(connection, latest.version, first, last)
    differing = calendars.exceptions({day: setting.kind for day, setting in days.items()})
    by_law = sorted(day for day in foreseen(latest.horizon) if day.year == year)
    return {
        "version": latest.notice,
        "horizon": str(latest.horizon),
        "year": year,
        "provisional": latest.horizon < last,
        "notices": [
            {
                "version": one.version,
                "notice": one.notice,
                "amends": one.amends,
                "horizon": str(one.horizon),
                "loaded_at": one.loaded_at.isoformat(),
                "days": one.days,
            }
            for one in notices
        ],
        "exceptions": [
            {"day": str(day), "kind": setting.kind, "notice": setting.notice}
            for day, setting in days.items()
            if day in differing
        ]
        + [{"day": str(day), "kind": "off", "notice": LAW} for day in by_law],
    }


async def load(connection: AsyncConnection, file: NoticeFile) -> LoadedCalendar:
    """Make a notice the next version of the calendar, in the caller's transaction.

    Raises:
        Faults: The notice does not fit those loaded before.
    """
    before = await _carried_on(connection, begins(file.year))
    known = {notice.notice: notice for notice in await calendars.notices(connection)}
    if faults := [*_misfits(file, before, known), *_needless(file, before)]:
        raise Faults(file.source, faults)
    days = {day: written.kind for day, written in file.days.items()}
    horizon = max(before.horizon, date(file.year, 12, 31))
    version = await calendars.add(connection, file.notice, horizon, days, file.amends)
    changed = tuple(day for day, kind in days.items() if (kind == "work") != before.is_working(day))
    return LoadedCalendar(version, file.notice, file.amends, file.year, horizon, days, changed)


def _misfits(
    file: NoticeFile, before: Calendar, known: Mapping[str, calendars.LoadedNotice]
) -> Iterator[str]:
    """The reasons why a notice does not fit those loaded before."""
    if file.notice in known:
        yield f"notice: {file.notice} has been loaded already, as version {known[file.notice].version}"
    following = before.horizon.year + 1
    if file.year > following:
        yield f"year: {file.year} leaves a gap: the calendar ends with {before.horizon}, the next year is {following}"
    elif file.amends is None:
        if file.year < following:
            yield (
                f"year: {file.year} is published already, up to {before.horizon} (overlapping notice); "
                "a notice that changes it names the one that it amends"
            )
    elif file.amends not in known:
        yield f"amends: no notice {file.amends} has been loaded; there are: {', '.join(known)}"
    elif not known[file.amends].first.year <= file.year <= known[file.amends].last.year:
        yield f"amends: {file.amends} sets no day of {file.year}"


def _needless(file: NoticeFile, before: Calendar) -> Iterator[str]:
    """Faults for make-up days that are working days anyway."""
    for day, written in file.days.items():
        if written.kind == "work" and day.weekday() < 5 and before.is_working(day):
            yield (
                f"{written.path}: {day} is an ordinary {WEEKDAYS[day.weekday()]}: a work day is a make-up day "
                "on a weekend (调休上班), or takes back a day off"
            )
