"""The lists of the desk, sorted one of three ways, read from columns alone, a stretch of an index at a time.

What an office may list is in `sighting`, once for each office that sees a case, with an index in the order of each list. Words are
looked for among the next `LOOKED` cases of the list first, which is enough for common ones; rare ones are found by their index. How a
number begins the list itself tells.
"""

import re
from contextlib import suppress
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import person_key
from domain.value import Light, Mode
from schema.engine import plan_each
from schema.paging import NotAKey, page_of
from schema.seen.sight import Sight
from schema.seen.words import indexed, is_rare, named, noted, number_begun
from schema.tables import case_file, sighting

LOOKED: Final = 5000
"""How many cases of a list are searched directly before the full-text index is used."""

_KEY: Final = re.compile(
    r"((?P<rank>[0-9]{1,18})\.)?(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\.(?P<case_no>[!-~]{1,100})"
)
_NEVER: Final[ColumnElement[date]] = literal_column("date 'infinity'")


class Sort(StrEnum):
    """The order of a list. Among equals the latest received comes first, then the highest number."""

    RECEIVED = "received"
    """The latest received first."""
    DUE = "due"
    """The earliest last day first; then what has none, or whose terms stand still."""
    AMOUNT = "amount"
    """The most outstanding first."""


class Filters(NamedTuple):
    """The filters of a list. None or an empty text: no such filter.

    Attributes:
        office: The office that holds the case, or registered it.
        stage: A `Stage`; `light` and `mode` likewise. A value that there is not finds nothing.
        q: The beginning of a case number (`QQ-6201…`) or its end (`0017`, `2026-0017`), a whole 统一社会信用代码 of either party, the
            voucher of a payment, a party's telephone where the office that asks works on the case, or else words, each of which is in
            the title, the creditor's or the debtor's name, or sounds like it (`anningqu`, `anq`).
        assigned_to: On whose desk it is, by name, in the office that holds it: `office`, or the one that asks.
        debtor: The debtor's 统一社会信用代码, or words of its name.
        due_from: The earliest last day is on that day or later, and no term stands still; `due_until`: on that day or earlier.
        least_fen: So much is outstanding, or more; `most_fen`: or less.
    """

    office: str | None = None
    stage: str | None = None
    light: str | None = None
    mode: str | None = None
    q: str | None = None
    assigned_to: str | None = None
    debtor: str | None = None
    due_from: date | None = None
    due_until: date | None = None
    least_fen: int | None = None
    most_fen: int | None = None


class Listing(NamedTuple):
    """What a list shows: its filters and its order."""

    filters: Filters = Filters()
    sort: Sort = Sort.RECEIVED


class DeskRow(NamedTuple):
    """A case on a list. Creditor and debtor by name, amounts in fen (claimed: None where it is to be verified), the light of today,
    and on whose desk it is at its holder's.
    """

    case_no: str
    title: str
    creditor: str
    debtor: str
    holder: str
    office: str
    channel: str
    stage: str
    mode: str
    light: str
    suspended: bool
    received_on: date
    ended_on: date | None
    due_on: date | None
    owed_since: date | None
    claimed_fen: int | None
    outstanding_fen: int
    cleared_fen: int
    on_desk_of: str | None
    verified: bool


class _Key(NamedTuple):
    """The key of a page: the case after which it begins. `rank` is the first sort criterion, in descending order."""

    rank: int | None
    received_on: date
    case_no: str


class _Asked(NamedTuple):
    sight: Sight
    today: date
    filters: Filters
    sort: Sort
    after: _Key | None


async def listed(
    connection: AsyncConnection,
    sight: Sight,
    today: date,
    listing: Listing = Listing(),
    *,
    after: str | None = None,
    size: int = 50,
) -> tuple[list[DeskRow], str | None]:
    """A page of the cases that may be seen, and the key of the next page if there is one.

    A case that was there when the first page was read, and has kept its place since, is on exactly one page, whatever is added
    meanwhile.

    Raises:
        NotAKey: `after` is not what an earlier page of a list of that order gave.
    """
    filters, sort = listing
    asked = _Asked(sight, today, filters, sort, _read_key(after, sort))
    if any("\0" in value for value in filters if isinstance(value, str)):
        return [], None
    await plan_each(connection)
    page = await page_of(partial(_found, connection, asked), size)
    last = page.more_behind
    return [_row(row, today) for row in page.rows], _key(last, sort) if last else None


async def _found(connection: AsyncConnection, asked: _Asked, size: int) -> list[Any]:
    words, of_debtor = _words(asked.filters.q), _words(asked.filters.debtor)
    owes = named(of_debtor, ("debtor",), by_number=False)
    said = [*_known(asked, named(words)), *owes]
    if asked.sight.office is None or asked.filters.assigned_to or _is_elsewhere(asked):
        return await _rows(connection, _by_columns(asked, size).where(*said, *_on_desk(asked)))
    if not (is_rare(words) or is_rare(of_debtor)):
        left = owes if number_begun(words) else said
        if not left:
            return await _rows(connection, _by_line(asked, size))
        found = await _rows(connection, _by_line(asked, LOOKED).where(*left).limit(size))
        if len(found) == size:
            return found
    by_index = _known(asked, indexed(words, asked.sight.office))
    by_index += indexed(of_debtor, asked.sight.office, by_number=False)
    return await _rows(connection, _by_columns(asked, size).where(*said, *by_index))


def _is_elsewhere(asked: _Asked) -> bool:
    office = asked.filters.office
    return bool(office and asked.sight.is_elsewhere(office))


def _words(written: str | None) -> list[str]:
    return (written or "").split()


def _known(asked: _Asked, of_names: list[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """What a case is called, or what is noted of it; a number is nothing but its own."""
    if not of_names or number_begun(_words(asked.filters.q)):
        return of_names
    return [or_(and_(*of_names), *noted(asked.filters.q or "", asked.sight.office))]


async def _rows(connection: AsyncConnection, query: Select[Any]) -> list[Any]:
    return list((await connection.execute(query)).all())


def pressing(office: str, until: date) -> Select[Any]:
    """The places of the cases an office holds or registered with a duty due by a day, and of those its head is to decide on."""
    line = select(sighting.c.sequence).where(sighting.c.office == office)
    due = line.where(sighting.c.is_own, sighting.c.due_on < _NEVER, sighting.c.due_on <= until)
    return select(union_all(due, line.where(sighting.c.is_awaited)).subquery("pressing").c.sequence)


def _by_line(asked: _Asked, looked: int) -> Select[Any]:
    """The next cases by the office's index in `sighting`, joined to `case_file`."""
    place = _place(sighting, asked.sort)
    line = (
        select(*place)
        .where(
            asked.sight.sightings(asked.filters.office or None),
            *_narrowed(sighting, asked),
            *_numbered(asked),
            *_behind(sighting, asked),
        )
        .order_by(*(column.desc() for column in place))
        .limit(looked)
        .subquery("line")
    )
    return (
        select(*_COLUMNS)
        .join(line, line.c.sequence == case_file.c.sequence)
        .order_by(*(column.desc() for column in line.c))
    )


def _by_columns(asked: _Asked, size: int) -> Select[Any]:
    """The next cases by an index of `case_file`: for filters that few cases meet."""
    seen = asked.sight.cases(asked.filters.office or None)
    return (
        select(*_COLUMNS)
        .where(seen, *_narrowed(case_file, asked), *_behind(case_file, asked))
        .order_by(*(column.desc() for column in _place(case_file, asked.sort)))
        .limit(size)
    )


_URGENCY: Final = func.urgency(case_file.c.due_on, case_file.c.suspended)

_COLUMNS: Final = (
    *(case_file.c[name] for name in DeskRow._fields if name not in ("light", "on_desk_of")),
    case_file.c.state["assigned_to"].astext.label("on_desk_of"),
    *(case_file.c[f"{light}_on"] for light in ("blue", "yellow", "red")),
    _URGENCY.label("urgency"),
)


def _numbered(asked: _Asked) -> list[ColumnElement[bool]]:
    """How its number begins, as far as the place of a case tells it: up to what numbers the cases of a year."""
    begun = number_begun(_words(asked.filters.q))
    return [sighting.c.sequence.startswith(begun, autoescape=True)] if begun else []


def _rank(table: FromClause, sort: Sort) -> ColumnElement[int] | None:
    """What a list is sorted by before the day of receipt."""
    if sort is Sort.DUE:
        return _URGENCY if table is case_file else sighting.c.urgency
    return table.c.outstanding_fen if sort is Sort.AMOUNT else None


def _place(table: FromClause, sort: Sort) -> list[ColumnElement[Any]]:
    rank = _rank(table, sort)
    return [*([] if rank is None else [rank]), table.c.received_on, table.c.sequence]


def _on_desk(asked: _Asked) -> list[ColumnElement[bool]]:
    """On whose desk it is."""
    person, office = asked.filters.assigned_to, asked.filters.office or asked.sight.office
    if not person:
        return []
    return [case_file.c.assigned_to == person_key(person), case_file.c.holder == office]


def _behind(table: FromClause, asked: _Asked) -> list[ColumnElement[bool]]:
    """What comes after a key."""
    if asked.after is None:
        return []
    rank, day, case_no = asked.after
    key = [*([] if rank is None else [rank]), day, func.in_sequence(case_no)]
    return [tuple_(*_place(table, asked.sort)) < tuple_(*key)]


def _narrowed(table: FromClause, asked: _Asked) -> list[ColumnElement[bool]]:
    """Stage, mode, light, days and amounts. The literals say to the planner that an index of few rows will do."""
    by, conditions = asked.filters, list[ColumnElement[bool]]()
    if by.stage:
        conditions.append(table.c.stage == by.stage)
    if by.mode:
        conditions.append(table.c.mode == by.mode)
        if by.mode != Mode.TRANSFERRED:
            conditions.append(table.c.mode != literal_column(f"'{Mode.TRANSFERRED}'"))
    if by.light:
        conditions.append(_shows(table, by.light, asked.today))
    if by.least_fen is not None:
        conditions.append(table.c.outstanding_fen >= by.least_fen)
    if by.most_fen is not None:
        conditions.append(table.c.outstanding_fen <= by.most_fen)
    return [*conditions, *_due(table, by.due_from, by.due_until)]


def _due(table: FromClause, first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Between which days the earliest last day is, if any runs."""
    urgency = _URGENCY if table is case_file else sighting.c.urgency
    from_on = [] if first is None else [urgency <= _urgency_of(first), urgency > 0]
    return [*from_on, *([] if last is None else [urgency >= max(1, _urgency_of(last))])]


def _urgency_of(day: date) -> int:
    """As the function of that name in the database."""
    return (date.max - day).days


def _shows(table: FromClause, light: str, today: date) -> ColumnElement[bool]:
    """Whether that is the light of the day: it has been reached, and none that is worse."""
    days = {
        known: func.coalesce(table.c[f"{known}_on"], _NEVER) if table is case_file else table.c[f"{known}_on"]
        for known in list(Light)[1:]
    }
    if light not in list(Light):
        return literal_column("false")
    worse = [days[known] > today for known in list(Light)[Light(light).severity + 1 :]]
    if light == Light.NONE:
        return and_(*worse)
    few = [sighting.c.lit_on < _NEVER] if table is sighting else []
    return and_(days[Light(light)] <= today, *worse, *few)


def _read_key(after: str | None, sort: Sort) -> _Key | None:
    if after is None:
        return None
    if (written := _KEY.fullmatch(after)) and (written["rank"] is None) == (sort is Sort.RECEIVED):
        with suppress(ValueError):
            rank = None if written["rank"] is None else int(written["rank"])
            return _Key(rank, date.fromisoformat(written["day"]), written["case_no"])
    raise NotAKey(after)


def _key(last: Any, sort: Sort) -> str:
    rank = {Sort.RECEIVED: "", Sort.DUE: f"{last.urgency}.", Sort.AMOUNT: f"{last.outstanding_fen}."}[sort]
    return f"{rank}{last.received_on}.{last.case_no}"


def _row(row: Any, today: date) -> DeskRow:
    reached = [light for light in list(Light)[1:] if (day := row._mapping[f"{light}_on"]) and day <= today]
    told = {name: row._mapping[name] for name in DeskRow._fields if name != "light"}
    return DeskRow(**told, light=(reached or [Light.NONE])[-1].value)
