"""The periods of reports (日周月季年), and the instant at which each closes."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from domain.calendar import business_instant

_DAY: Final = timedelta(days=1)
_MORNING: Final = 8
"""The hour at which a day's list closes: half an hour before it is compiled, so that everything up to then has been recorded."""


class ReportKind(StrEnum):
    """The kinds of reports: the day's list (日清单), and those of a week, month, quarter and year."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Period(NamedTuple):
    """Days of Asia/Shanghai from `start` to `end`, both included."""

    kind: ReportKind
    start: date
    end: date

    @property
    def begins(self) -> datetime:
        """The instant at which the period begins."""
        return business_instant(self.start)

    @property
    def closes(self) -> datetime:
        """The instant after which entries no longer count: midnight, or for a day's list 8:00 in the morning."""
        if self.kind is ReportKind.DAY:
            return business_instant(self.start, _MORNING)
        return business_instant(self.end + _DAY)

    @property
    def code(self) -> str:
        """The period in a report's number: `2026-11-23`, `2026-W47`, `2026-M10`, `2026-Q3` or `2025`."""
        match self.kind:
            case ReportKind.DAY:
                return self.start.isoformat()
            case ReportKind.WEEK:
                year, week, _ = self.start.isocalendar()
                return f"{year}-W{week:02d}"
            case ReportKind.MONTH:
                return f"{self.start.year}-M{self.start.month:02d}"
            case ReportKind.QUARTER:
                return f"{self.start.year}-Q{self.end.month // 3}"
            case _:
                return str(self.start.year)

    def number(self, office: str) -> str:
        """The number of an office's report, such as `RB-620105-2026-W47`."""
        return f"RB-{office}-{self.code}"


def period_of(kind: ReportKind, on: date) -> Period:
    """The period that is reported on a day: the day itself, or the latest complete week (ISO), month, quarter or year before it."""
    match kind:
        case ReportKind.DAY:
            return Period(kind, on, on)
        case ReportKind.WEEK:
            end = on - timedelta(days=on.isoweekday())
            return Period(kind, end - timedelta(days=6), end)
        case ReportKind.MONTH:
            end = on.replace(day=1) - _DAY
            return Period(kind, end.replace(day=1), end)
        case ReportKind.QUARTER:
            end = date(on.year, (on.month - 1) // 3 * 3 + 1, 1) - _DAY
            return Period(kind, date(end.year, end.month - 2, 1), end)
        case _:
            return Period(kind, date(on.year - 1, 1, 1), date(on.year - 1, 12, 31))
