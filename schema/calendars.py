"""The working-day calendar, version upon version: each notice adds the days it sets, and none is ever changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, NamedTuple

from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.calendar import Calendar
from domain.holidays import foreseen
from schema.tables import calendar_day, calendar_version

Kind = Literal["off", "work"]
"""What a notice makes of a day: `off`, or `work`: a make-up day (调休上班), or a day off that is taken back."""


class LoadedNotice(NamedTuple):
    """A notice that has been loaded; it sets so many days, from `first` to `last`."""

    version: int
    notice: str
    amends: str | None
    horizon: date
    loaded_at: datetime
    first: date
    last: date
    days: int


class Setting(NamedTuple):
    """What counts for a day, and the notice that says so."""

    kind: Kind
    notice: str


def exceptions(days: Mapping[date, Kind]) -> frozenset[date]:
    """Of the days that notices set, those that differ from Monday-to-Friday."""
    return frozenset(day for day, kind in days.items() if (kind == "work") != (day.weekday() < 5))


def calendar_by(version: str, horizon: date, days: Mapping[date, Kind]) -> Calendar:
    """The calendar by what notices set up to the horizon, and by the law after it."""
    return Calendar(version=version, horizon=horizon, exceptions=exceptions(days) | foreseen(horizon))


async def hold(connection: AsyncConnection) -> None:
    """Until the transaction ends nobody else adds a version: what is checked meanwhile still holds when one is added."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('calendar'))"))


async def add(
    connection: AsyncConnection,
    notice: str,
    horizon: date,
    days: Mapping[date, Kind],
    amends: str | None = None,
) -> int:
    """Add a notice as the next version; returns its number.

    Args:
        horizon: The last day of the last year that is published with it.
        amends: The earlier notice whose year it changes.
    """
    await hold(connection)
    taken = select(func.coalesce(func.max(calendar_version.c.version), 0))
    version = int((await connection.execute(taken)).scalar_one()) + 1
    row = {"version": version, "notice": notice, "amends": amends, "horizon": horizon}
    await connection.execute(insert(calendar_version).values(row))
    rows = [{"version": version, "day": day, "kind": kind} for day, kind in days.items()]
    await connection.execute(insert(calendar_day), rows)
    return version


async def current(connection: AsyncConnection, since: date) -> Calendar | None:
    """The calendar of the latest version from that year on; None before anything has been loaded."""
    latest = select(calendar_version).order_by(calendar_version.c.version.desc()).limit(1)
    row = (await connection.execute(latest)).one_or_none()
    if row is None:
        return None
    found = await settings(connection, row.version, date(since.year, 1, 1))
    days = {day: setting.kind for day, setting in found.items()}
    return calendar_by(row.notice, row.horizon, days)


async def settings(
    connection: AsyncConnection, version: int, since: date, until: date = date.max
) -> dict[date, Setting]:
    """What a version says of the days from `since` to `until` that any notice sets: of two notices the later one counts."""
    query = (
        select(calendar_day.c.day, calendar_day.c.kind, calendar_version.c.notice)
        .ext(distinct_on(calendar_day.c.day))
        .join(calendar_version, calendar_version.c.version == calendar_day.c.version)
        .where(calendar_day.c.version <= version, calendar_day.c.day.between(since, until))
        .order_by(calendar_day.c.day, calendar_day.c.version.desc())
    )
    return {row.day: Setting(row.kind, row.notice) for row in await connection.execute(query)}


async def notices(connection: AsyncConnection) -> list[LoadedNotice]:
    """The notices that have been loaded, the first one first."""
    days = (
        select(
            calendar_day.c.version,
            func.min(calendar_day.c.day).label("first"),
            func.max(calendar_day.c.day).label("last"),
            func.count().label("days"),
        )
        .group_by(calendar_day.c.version)
        .subquery()
    )
    query = (
        select(
            calendar_version.c.version,
            calendar_version.c.notice,
            calendar_version.c.amends,
            calendar_version.c.horizon,
            calendar_version.c.loaded_at,
            days.c.first,
            days.c.last,
            days.c.days,
        )
        .join(days, days.c.version == calendar_version.c.version)
        .order_by(calendar_version.c.version)
    )
    return [LoadedNotice(*row) for row in await connection.execute(query)]
