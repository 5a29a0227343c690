"""Working days (工作日), calendar days (日), and the two kinds of term.

民法典 Art 200-203: a term is counted in days, the day it starts on is not counted (day zero), and a term whose last day is a
holiday ends on the next working day. 条例 (2025) Art 25 counts the transfer in working days and the handling in days.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import BeforeValidator, Field, PlainSerializer, field_serializer

from domain.value import Value

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""UTC+8: China has had no daylight saving time since 1991. A fixed offset needs no time zone database inside the workflow sandbox."""

_DAY = timedelta(days=1)
_TERM = re.compile(r"(?P<days>[+-]?[0-9]{1,4})(?P<unit>wd|d)")


_MOST_DAYS: Final = 9999
"""The largest number of days in a term, because its written form has at most four digits."""


class Term(NamedTuple):
    """A number of working days or calendar days, written `10wd` or `30d`. Negative on the ladder, for days before a last day."""

    days: Annotated[int, Field(ge=-_MOST_DAYS, le=_MOST_DAYS)]
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
    """A period in which days do not count: after `since`, up to and including `until`."""

    since: date
    until: date


class Calendar(Value):
    """The exceptions from Monday to Friday: as published up to the `horizon`, and after it those that the law fixes.

    A date after the horizon is provisional (暂定): that year's notice, which arranges the days around them, has not been published.
    """

    version: str
    horizon: date
    exceptions: frozenset[date]

    @field_serializer("exceptions")
    def _in_order(self, exceptions: frozenset[date]) -> list[date]:
        return sorted(exceptions)

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day: on weekdays but not at weekends, with the exceptions reversed (调休)."""
        return (day.weekday() < 5) != (day in self.exceptions)

    def is_provisional(self, day: date) -> bool:
        """Whether no published notice covers that day yet."""
        return day > self.horizon


class Due(NamedTuple):
    """The last day of a term: as it must be kept (`on`), and before rolling to a working day (`raw`)."""

    on: date
    raw: date


class Skipped(NamedTuple):
    """Consecutive days of a term that did not count, from `since` to `until`, both included, and why."""

    since: date
    until: date
    why: Literal["weekend", "holiday", "paused"]


class Counting(NamedTuple):
    """How a last day was computed: the days that did not count, and the working weekend days that did (调休)."""

    skipped: tuple[Skipped, ...]
    worked: tuple[date, ...]


def joined(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Merge pauses that overlap or touch; the result covers the same days, in order."""
    found: list[Pause] = []
    for pause in sorted(pauses):
        if found and pause.since <= found[-1].until:
            found[-1] = Pause(found[-1].since, max(found[-1].until, pause.until))
        elif pause.since < pause.until:
            found.append(pause)
    return tuple(found)


def _out_of(day: date, pauses: Iterable[Pause], step: timedelta) -> date:
    """The day itself, or the next one in the direction of `step` that no pause covers.

    A pause is skipped at once, however long it is, so that counting takes time proportional to the term.

    Args:
        pauses: As `joined` returns them.
    """
    for pause in pauses:
        if pause.since < day <= pause.until:
            return pause.until + step if step > timedelta(0) else pause.since
    return day


def add_working_days(calendar: Calendar, start: date, days: int, pauses: Sequence[Pause] = ()) -> date:
    """The working day `days` working days after `start`, or before it if negative. `start` is day zero."""
    step, day, left = (_DAY if days >= 0 else -_DAY), start, abs(days)
    ahead = [one for one in joined(pauses) if (one.until > start if days >= 0 else one.since < start)]
    while left:
        day = _out_of(day + step, ahead, step) if ahead else day + step
        if calendar.is_working(day):
            left -= 1
    return day


def add_days(start: date, days: int, pauses: Sequence[Pause] = ()) -> date:
    """The day `days` calendar days after `start`, or before it if negative, whether or not it is a working day."""
    return _forward(start, days, joined(pauses)) if days > 0 else _back(start, -days, joined(pauses))


def _forward(start: date, left: int, pauses: Sequence[Pause]) -> date:
    day = start
    for pause in pauses:
        free = max((pause.since - day).days, 0)
        if left <= free:
            break
        if day < pause.until:
            left -= free
            day = pause.until
    return day + timedelta(days=left)


def _back(start: date, left: int, pauses: Sequence[Pause]) -> date:
    day = start
    for pause in reversed(pauses):
        free = max((day - pause.until).days - 1, 0)
        if left <= free:
            break
        if pause.since + _DAY < day:
            left -= free
            day = pause.since + _DAY
    return day - timedelta(days=left)


def add_calendar_days(calendar: Calendar, start: date, days: int, pauses: Sequence[Pause] = ()) -> Due:
    """The day `days` calendar days after `start`, moved to the next working day if it is none (民法典 Art 203)."""
    raw = add_days(start, days, pauses)
    return Due(roll(calendar, raw, pauses), raw)


def roll(calendar: Calendar, day: date, pauses: Sequence[Pause] = ()) -> date:
    """The day itself if it is a working day outside all pauses, otherwise the next one."""
    between = joined(pauses)
    day = _out_of(day, between, _DAY)
    while not calendar.is_working(day):
        day = _out_of(day + _DAY, between, _DAY)
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
    """Explain a last day by every day between `start` and it that was skipped, with the reason."""
    between = joined(pauses)
    skipped = [
        Skipped(max(pause.since, start) + _DAY, min(pause.until, due.on), "paused")
        for pause in between
        if max(pause.since, start) < min(pause.until, due.on)
    ]
    worked: list[date] = []
    looked_at = (start, due.on) if working else (due.raw - _DAY, due.on - _DAY)
    for day in _looked_at(*looked_at, between):
        if not calendar.is_working(day):
            skipped.append(Skipped(day, day, "weekend" if day.weekday() >= 5 else "holiday"))
        elif working and day.weekday() >= 5:
            worked.append(day)
    return Counting(_in_stretches(skipped), tuple(worked))


def _looked_at(after: date, until: date, pauses: Sequence[Pause]) -> Iterator[date]:
    """The days after `after` up to `until` that no pause covers."""
    while (after := _out_of(after + _DAY, pauses, _DAY)) <= until:
        yield after


def _in_stretches(skipped: Iterable[Skipped]) -> tuple[Skipped, ...]:
    """Join consecutive days that were skipped for the same reason."""
    found: list[Skipped] = []
    for one in sorted(skipped):
        if found and found[-1].why == one.why and found[-1].until + _DAY == one.since:
            found[-1] = found[-1]._replace(until=one.until)
        else:
            found.append(one)
    return tuple(found)


def business_date(instant: datetime) -> date:
    """The date in Asia/Shanghai at an instant."""
    return instant.astimezone(SHANGHAI).date()


def business_instant(day: date, hour: int = 0) -> datetime:
    """The instant of that hour of that day in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)
