"""Working days (工作日), calendar days (日), and the two kinds of term.

民法典 Art 200-203: a term is counted in days, the day it starts on is not counted (day zero), and a term whose last day is a
holiday ends on the next working day. 条例 (2025) Art 25 counts the transfer in working days and the handling in days.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import BeforeValidator, PlainSerializer, field_serializer

from domain.value import Value

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""UTC+8 without daylight saving, all year and since 1991: a fixed offset needs no time zone database in the sandbox."""

_DAY = timedelta(days=1)
_TERM = re.compile(r"(?P<days>[+-]?\d{1,4})(?P<unit>wd|d)")


class Term(NamedTuple):
    """A number of days, signed in ladders: `10wd` working days, `30d` calendar days."""

    days: int
    working: bool

    def __str__(self) -> str:
        return f"{self.days}{'wd' if self.working else 'd'}"


def parse_term(written: str) -> Term:
    """Read `10wd`, `30d`, `-3wd`.

    Raises:
        ValueError: It is not written like that.
    """
    match = _TERM.fullmatch(written)
    if match is None:
        raise ValueError(f"not a term: {written!r}; write working days as 10wd, calendar days as 30d")
    return Term(int(match["days"]), match["unit"] == "wd")


def _read_term(value: Any) -> Any:
    return parse_term(value) if isinstance(value, str) else value


WrittenTerm = Annotated[Term, BeforeValidator(_read_term), PlainSerializer(str)]


class Pause(NamedTuple):
    """Days that do not count: those after `since`, up to and including `until`."""

    since: date
    until: date


class Calendar(Value):
    """The days that differ from Monday-to-Friday, as published up to the `horizon`.

    A date after the horizon is computed by the weekday rule and is provisional (暂定): the year's notice is not out yet.
    """

    version: str
    horizon: date
    exceptions: frozenset[date]

    @field_serializer("exceptions")
    def _in_order(self, exceptions: frozenset[date]) -> list[date]:
        return sorted(exceptions)

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day: weekdays do, weekends do not, an exception turns it round (调休)."""
        return (day.weekday() < 5) != (day in self.exceptions)

    def is_provisional(self, day: date) -> bool:
        """Whether no published notice covers that day yet."""
        return day > self.horizon


class Due(NamedTuple):
    """The last day of a term: as it must be kept (`on`), and before rolling to a working day (`raw`)."""

    on: date
    raw: date


class Skipped(NamedTuple):
    """Days of a term that did not count, from `since` to `until` (both included), and why not."""

    since: date
    until: date
    why: Literal["weekend", "holiday", "paused"]


class Counting(NamedTuple):
    """How a term's last day was found: the days that did not count, and the weekend days worked that did (调休)."""

    skipped: tuple[Skipped, ...]
    worked: tuple[date, ...]


def _is_paused(day: date, pauses: Iterable[Pause]) -> bool:
    return any(pause.since < day <= pause.until for pause in pauses)


def _count(start: date, days: int, counts: Callable[[date], bool]) -> date:
    """The day on which so many counted days after `start` (before it, when negative) are full."""
    step, day, left = (_DAY if days >= 0 else -_DAY), start, abs(days)
    while left:
        day += step
        if counts(day):
            left -= 1
    return day


def add_working_days(calendar: Calendar, start: date, days: int, pauses: Sequence[Pause] = ()) -> date:
    """The working day that is `days` working days after `start` (before it, when negative). `start` is day zero."""
    if not pauses:
        return _count(start, days, calendar.is_working)
    return _count(start, days, lambda day: calendar.is_working(day) and not _is_paused(day, pauses))


def add_days(start: date, days: int, pauses: Sequence[Pause] = ()) -> date:
    """The day that is `days` calendar days after `start` (before it, when negative), wherever it falls."""
    if not pauses:
        return start + timedelta(days=days)
    return _count(start, days, lambda day: not _is_paused(day, pauses))


def add_calendar_days(calendar: Calendar, start: date, days: int, pauses: Sequence[Pause] = ()) -> Due:
    """The day that is `days` calendar days after `start`, rolled to the next working day (民法典 Art 203)."""
    raw = add_days(start, days, pauses)
    return Due(roll(calendar, raw, pauses), raw)


def roll(calendar: Calendar, day: date, pauses: Sequence[Pause] = ()) -> date:
    """That day, or the next working day after it that no pause covers."""
    while not calendar.is_working(day) or _is_paused(day, pauses):
        day += _DAY
    return day


def term_end(calendar: Calendar, start: date, term: Term, pauses: Sequence[Pause] = ()) -> Due:
    """The last day of a term that starts on `start`."""
    if term.working:
        day = add_working_days(calendar, start, term.days, pauses)
        return Due(day, day)
    return add_calendar_days(calendar, start, term.days, pauses)


def counting(
    calendar: Calendar, start: date, working: bool, due: Due, pauses: Sequence[Pause] = ()
) -> Counting:
    """Explain a last day: every day between `start` and it that was passed over, and why."""
    skipped: list[Skipped] = []
    worked: list[date] = []
    day = start
    while day < due.on:
        day += _DAY
        why = _why_skipped(calendar, day, working or due.raw <= day < due.on, pauses)
        if why is None:
            if working and day.weekday() >= 5:
                worked.append(day)
        elif skipped and skipped[-1].why == why and skipped[-1].until == day - _DAY:
            skipped[-1] = skipped[-1]._replace(until=day)
        else:
            skipped.append(Skipped(day, day, why))
    return Counting(tuple(skipped), tuple(worked))


def _why_skipped(
    calendar: Calendar, day: date, working: bool, pauses: Sequence[Pause]
) -> Literal["weekend", "holiday", "paused"] | None:
    if _is_paused(day, pauses):
        return "paused"
    if not working or calendar.is_working(day):
        return None
    return "weekend" if day.weekday() >= 5 else "holiday"


def business_date(instant: datetime) -> date:
    """The date in Asia/Shanghai at an instant."""
    return instant.astimezone(SHANGHAI).date()


def business_instant(day: date, hour: int = 0) -> datetime:
    """That hour of that day in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)
