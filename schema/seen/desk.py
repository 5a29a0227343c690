"""The lists of the desk: newest receipt first, then highest number, read from columns alone, a stretch of an index at a time.

What an office may list is in `sighting`, once for each office that sees a case, in the order of the list. Words are looked for
among the next `LOOKED` cases of the list first, which is enough for common ones; rare ones are found by `case_file_search`.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    cast,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import person_key
from domain.value import Light, Mode
from schema.paging import page_of
from schema.seen.sight import Sight
from schema.tables import case_file, sighting

LOOKED: Final = 5000
"""How many cases of a list are looked at before the index of words is asked."""

_KEY: Final = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\.(?P<case_no>[!-~]{1,100})")
_NUMBER: Final = re.compile(r"QQ(-[0-9-]*)?", re.IGNORECASE)
_CODE: Final = re.compile(r"[0-9A-Z]{18}", re.IGNORECASE)
_NEVER: Final[ColumnElement[date]] = literal_column("date 'infinity'")


class NotAKey(ValueError):  # noqa: N818 - it is told to whoever asked
    """The key of a page that no list has given."""


class Filters(NamedTuple):
    """What a list is narrowed to; None or an empty text: not by that.

    Attributes:
        office: The office that holds the case, or registered it.
        stage: A `Stage`; `light` and `mode` likewise. A value that there is not finds nothing.
        q: The beginning of a case number (`QQ-6201…`), a whole 统一社会信用代码 of either party, or else words, each of which is in
            the title, the creditor's or the debtor's name.
        assigned_to: On whose desk it is, by name, in the office that holds it: `office`, or the one that asks.
    """

    office: str | None = None
    stage: str | None = None
    light: str | None = None
    mode: str | None = None
    q: str | None = None
    assigned_to: str | None = None


class DeskRow(NamedTuple):
    """A case on a list. Creditor and debtor by name, amounts in fen, the light of today."""

    case_no: str
    title: str
    creditor: str
    debtor: str
    holder: str
    office: str
    stage: str
    mode: str
    light: str
    suspended: bool
    received_on: date
    ended_on: date | None
    due_on: date | None
    outstanding_fen: int
    cleared_fen: int


class _Asked(NamedTuple):
    sight: Sight
    today: date
    filters: Filters
    after: tuple[date, str] | None


async def listed(
    connection: AsyncConnection,
    sight: Sight,
    today: date,
    *,
    filters: Filters = Filters(),
    after: str | None = None,
    size: int = 50,
) -> tuple[list[DeskRow], str | None]:
    """Cases that may be seen, the latest received first, and the key of the next page if there is one.

    A case that was there when the first page was asked for is on exactly one page, however many are added meanwhile.

    Raises:
        NotAKey: `after` is not what an earlier page gave.
    """
    asked = _Asked(sight, today, Filters(*(value or None for value in filters)), _read_key(after))
    if any("\0" in value for value in filters if value):
        return [], None
    page = await page_of(partial(_found, connection, asked), size)
    last = page.more_behind
    return [_row(row, today) for row in page.rows], f"{last.received_on}.{last.case_no}" if last else None


async def _found(connection: AsyncConnection, asked: _Asked, size: int) -> list[Any]:
    words = (asked.filters.q or "").split()
    if asked.sight.office is None or asked.filters.assigned_to is not None:
        return await _rows(connection, _by_columns(asked, size).where(*_named(words), *_on_desk(asked)))
    if not words:
        return await _rows(connection, _by_line(asked, size))
    found = await _rows(connection, _by_line(asked, LOOKED).where(*_named(words)).limit(size))
    if len(found) < size:
        sought = _by_columns(asked, size).where(*_named(words), *_indexed(words, asked.sight.office))
        found = await _rows(connection, sought)
    return found


async def _rows(connection: AsyncConnection, query: Select[Any]) -> list[Any]:
    return list((await connection.execute(query)).all())


def pressing(office: str, until: date) -> Select[Any]:
    """The places of the cases an office holds or registered with a duty due by a day, and of those its head is to decide on."""
    line = select(sighting.c.sequence).where(sighting.c.office == office)
    due = line.where(sighting.c.is_own, sighting.c.due_on < _NEVER, sighting.c.due_on <= until)
    return select(union_all(due, line.where(sighting.c.is_awaited)).subquery("pressing").c.sequence)


def _by_line(asked: _Asked, looked: int) -> Select[Any]:
    """The next cases of an office's line, as so many rows of `case_file`."""
    office = asked.filters.office
    line = (
        select(sighting.c.received_on, sighting.c.sequence)
        .where(asked.sight.sightings(office), *_narrowed(sighting, asked), *_behind(sighting, asked))
        .order_by(sighting.c.received_on.desc(), sighting.c.sequence.desc())
        .limit(looked)
        .subquery("line")
    )
    return (
        select(*_COLUMNS)
        .join(line, line.c.sequence == case_file.c.sequence)
        .order_by(line.c.received_on.desc(), line.c.sequence.desc())
    )


def _by_columns(asked: _Asked, size: int) -> Select[Any]:
    """The next cases by the columns of `case_file`, for what few cases have."""
    office = asked.filters.office
    own = [] if office is None else [or_(case_file.c.holder == office, case_file.c.office == office)]
    return (
        select(*_COLUMNS)
        .where(asked.sight.cases(), *own, *_narrowed(case_file, asked), *_behind(case_file, asked))
        .order_by(case_file.c.received_on.desc(), case_file.c.sequence.desc())
        .limit(size)
    )


_COLUMNS: Final = (
    *(case_file.c[name] for name in DeskRow._fields if name != "light"),
    *(case_file.c[f"{light}_on"] for light in ("blue", "yellow", "red")),
)


def _on_desk(asked: _Asked) -> list[ColumnElement[bool]]:
    """On whose desk it is."""
    person, office = asked.filters.assigned_to, asked.filters.office or asked.sight.office
    if person is None:
        return []
    return [case_file.c.assigned_to == person_key(person), case_file.c.holder == office]


def _behind(table: FromClause, asked: _Asked) -> list[ColumnElement[bool]]:
    """What comes after a key."""
    if asked.after is None:
        return []
    day, case_no = asked.after
    return [tuple_(table.c.received_on, table.c.sequence) < tuple_(day, func.in_sequence(case_no))]


def _narrowed(table: FromClause, asked: _Asked) -> list[ColumnElement[bool]]:
    """Stage, mode and light. The literals say to the planner that an index of few rows will do."""
    conditions: list[ColumnElement[bool]] = []
    _, stage, light, mode, *_ = asked.filters
    if stage is not None:
        conditions.append(table.c.stage == stage)
    if mode is not None:
        conditions.append(table.c.mode == mode)
        if mode != Mode.TRANSFERRED:
            conditions.append(table.c.mode != literal_column(f"'{Mode.TRANSFERRED}'"))
    if light is not None:
        conditions.append(_shows(table, light, asked.today))
    return conditions


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


def _named(words: Sequence[str]) -> list[ColumnElement[bool]]:
    """What a case must say of itself to be found by these words."""
    if len(words) == 1 and _NUMBER.fullmatch(words[0]):
        return [case_file.c.case_no.startswith(words[0].upper(), autoescape=True)]
    if len(words) == 1 and _CODE.fullmatch(words[0]):
        code = words[0].upper()
        return [
            or_(func.upper(case_file.c.creditor_code) == code, func.upper(case_file.c.debtor_code) == code)
        ]
    texts = [case_file.c[name] for name in ("title", "creditor", "debtor")]
    return [or_(*(func.strpos(func.lower(text), func.lower(word)) > 0 for text in texts)) for word in words]


def _indexed(words: Sequence[str], office: str) -> list[ColumnElement[bool]]:
    """The same, less exactly, as an index answers it."""
    if len(words) == 1 and _NUMBER.fullmatch(words[0]):
        number = words[0].upper()
        return [
            case_file.c.case_no.op("~>=~", is_comparison=True)(number),
            case_file.c.case_no.op("~<~", is_comparison=True)(number + "~"),
        ]
    if len(words) == 1 and _CODE.fullmatch(words[0]):
        return [_SAID.contains(cast([f"@{office}", f"#{words[0].upper()}"], ARRAY(Text)))]
    pairs = [_SAID.contains(func.grams(word, min(len(word), 2))) for word in words]
    return [_SAID.contains(cast([f"@{office}"], ARRAY(Text))), *pairs]


_SAID: Final = func.search_terms(
    *(
        case_file.c[name]
        for name in ("seen_by", "title", "creditor", "creditor_code", "debtor", "debtor_code")
    ),
    type_=ARRAY(Text),
)
"""What a case is found by, as `case_file_search` has it."""


def _read_key(after: str | None) -> tuple[date, str] | None:
    if after is None:
        return None
    if written := _KEY.fullmatch(after):
        with suppress(ValueError):
            return date.fromisoformat(written["day"]), written["case_no"]
    raise NotAKey(f"not the key of a page: {after!r}")


def _row(row: Any, today: date) -> DeskRow:
    reached = [light for light in list(Light)[1:] if (day := row._mapping[f"{light}_on"]) and day <= today]
    told = {name: row._mapping[name] for name in DeskRow._fields if name != "light"}
    return DeskRow(**told, light=(reached or [Light.NONE])[-1].value)
