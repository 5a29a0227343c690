"""Reading notices of a year's holidays (节假日安排) from files: TOML, or a CSV of dates. All faults are reported at once."""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from domain.value import FIRST_DAY, LAST_DAY
from office.documents import read_document, read_text
from office.files import REFERENCE, Reader
from schema.calendars import Kind

RELEASES: Final = "chinesecalendar-"
"""The prefix of calendar versions that come from the package. No notice may have such a name."""

_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST = 400
"""The most entries in a file; a year has fewer days."""

_LONGEST = timedelta(days=31)
"""The longest range that is accepted. No holiday is longer, so a longer range is a mistake."""

_HEADER = ["date", "kind"]
_KINDS: Final[Mapping[str, Kind]] = {"off": "off", "work": "work"}


class WrittenDay(NamedTuple):
    """A day that a notice sets, and its place in the file."""

    kind: Kind
    path: str


class NoticeFile(NamedTuple):
    """A notice that is valid in itself. Whether it fits those loaded before is checked against the record."""

    source: str
    notice: str
    amends: str | None
    year: int
    days: Mapping[date, WrittenDay]


class _Item(NamedTuple):
    """An entry of a file: one day, or a range."""

    path: str
    kind: Kind
    first: date
    last: date


def begins(year: int) -> date:
    """The first day that a year's notice may set. Its New Year holiday may begin in December, as in 2019."""
    return date(year - 1, 12, 25)


def read_notice(path: Path, notice: str | None, amends: str | None = None) -> NoticeFile:
    """Read a notice: `year`, `off`, `work` and optionally `amends` in TOML, or a CSV with the header `date,kind`.

    Args:
        notice: Its 文号, by which it is known from then on.
        amends: The notice that it amends, if the file does not name it.

    Raises:
        Faults: It is invalid.
    """
    reader = Reader(str(path))
    if notice is None or not notice.strip():
        reader.fault("notice", "say the 文号 of the notice with --notice")
    elif notice.strip().startswith(RELEASES):
        reader.fault("notice", f"{notice!r} is what a release of the package is called, not a notice")
    else:
        reader.field(REFERENCE, notice, "notice")
    year: int | None
    if path.suffix == ".csv":
        items, has_off = _read_csv(reader, path)
        amends = _amends(reader, {}, amends)
        year = max((item.last.year for item in items), default=None)
    else:
        document = read_document(path)
        reader.fields(document, {"year", "amends", "off", "work"})
        items, has_off = _read_tables(reader, document)
        amends = _amends(reader, document, amends)
        year = _year(reader, document)
    if not has_off and not (amends and items):
        reader.fault("off", "names no day off: an empty notice is not a year without holidays")
    days = _days(reader, items, year)
    reader.done()
    assert notice is not None
    assert year is not None
    return NoticeFile(str(path), notice.strip(), amends, year, dict(sorted(days.items())))


def _amends(reader: Reader, document: Mapping[str, Any], given: str | None) -> str | None:
    written = document.get("amends", given)
    if written is not None and (not isinstance(written, str) or not written.strip()):
        reader.fault("amends", "must be the 文号 of the notice that is changed")
        return None
    if written is not None and reader.field(REFERENCE, written, "amends") is None:
        return None
    if given is not None and written != given:
        reader.fault("amends", f"is {written} in the file, but --amends says {given}")
    return written.strip() if written else None


def _year(reader: Reader, document: Mapping[str, Any]) -> int | None:
    year = document.get("year")
    if year is None:
        reader.fault("year", "this field is missing")
    elif not isinstance(year, int) or isinstance(year, bool) or not FIRST_DAY.year <= year <= LAST_DAY.year:
        reader.fault("year", f"must be a year like 2027, not {year!r}")
    else:
        return year
    return None


def _read_tables(reader: Reader, document: Mapping[str, Any]) -> tuple[list[_Item], bool]:
    """The entries of `off` and `work`, and whether any day off is given."""
    items: list[_Item] = []
    for name, kind in _KINDS.items():
        written = document.get(name, [])
        if not isinstance(written, list):
            reader.fault(name, "must be a list of dates and ranges")
            continue
        if len(written) > _MOST:
            reader.fault(name, f"has {len(written)} entries, more than a year has days")
            continue
        items += (
            item
            for no, value in enumerate(written, 1)
            for item in _item(reader, f"{kind}[{no}]", kind, value)
        )
    return items, bool(document.get("off"))


def _read_csv(reader: Reader, path: Path) -> tuple[list[_Item], bool]:
    """The entries of a CSV, and whether any day off is given."""
    rows = csv.reader(read_text(path).splitlines(), strict=True)
    items: list[_Item] = []
    has_off = False
    try:
        header = [name.strip() for name in next(rows, [])]
        if header != _HEADER:
            reader.fault("line 1", "the header must be date,kind")
            return [], True
        for row in rows:
            if rows.line_num > _MOST:
                reader.fault(f"line {rows.line_num}", "the file goes on for more lines than a year has days")
                break
            where, cells = f"line {rows.line_num}", [cell.strip() for cell in row]
            if not any(cells):
                continue
            if len(cells) != len(_HEADER):
                reader.fault(where, f"must have a date and a kind, not {len(cells)} cells")
                continue
            written, kind = cells[0], _KINDS.get(cells[1])
            has_off = has_off or kind == "off"
            if kind is None:
                reader.fault(where, f"the kind must be off or work, not {cells[1]!r}")
            else:
                items += _item(reader, where, kind, written)
    except csv.Error as error:
        reader.fault(f"line {rows.line_num}", f"not CSV: {error}")
    return items, has_off


def _item(reader: Reader, path: str, kind: Kind, value: Any) -> Iterator[_Item]:
    """The entry if it is valid; otherwise notes its faults."""
    first, last = _span(value)
    if first is None or last is None:
        reader.fault(
            path, f"must be a date like 2027-02-05 or a range like 2027-02-05..2027-02-11, not {value!r}"
        )
    elif last < first:
        reader.fault(path, f"{value} ends before it begins")
    elif last - first >= _LONGEST:
        reader.fault(path, f"{value} is a range of {(last - first).days + 1} days, longer than any holiday")
    else:
        yield _Item(path, kind, first, last)


def _span(value: Any) -> tuple[date | None, date | None]:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value, value
    if not isinstance(value, str):
        return None, None
    first, is_range, last = value.partition("..")
    return _date(first), _date(last if is_range else first)


def _date(written: str) -> date | None:
    try:
        return date.fromisoformat(written.strip()) if _DATE.fullmatch(written.strip()) else None
    except ValueError:
        return None


def _days(reader: Reader, items: list[_Item], year: int | None) -> dict[date, WrittenDay]:
    """The days of all entries. An entry that is outside the year or overlaps another one is reported once."""
    days: dict[date, WrittenDay] = {}
    for item in items:
        if year is not None and (item.first < begins(year) or item.last > date(year, 12, 31)):
            reader.fault(item.path, f"{_told(item)} is outside {year}")
            continue
        span = [item.first + timedelta(days=passed) for passed in range((item.last - item.first).days + 1)]
        if met := next((day for day in span if day in days), None):
            before = days[met]
            what = "is named twice" if before.kind == item.kind else "is both off and work"
            reader.fault(item.path, f"{met} {what}; see {before.path}")
        days |= {day: WrittenDay(item.kind, item.path) for day in span}
    return days


def _told(item: _Item) -> str:
    return f"{item.first}" if item.first == item.last else f"{item.first}..{item.last}"
