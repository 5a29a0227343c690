"""What is told to somebody of an office: how much of it is new, and the latest of it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import person_key
from schema.paging import Page, page_of
from schema.seen.sight import Sight
from schema.tables import case_file, notification, staff

MOST_COUNTED = 100
"""That so many are new is said of all that are more."""


class Reader(NamedTuple):
    """Somebody of an office."""

    sight: Sight
    account: int
    person: str
    office: str
    roles: tuple[str, ...]


def _is_for(reader: Reader) -> ColumnElement[bool]:
    """To a role of this person's, or to this person; never of what the person did."""
    of = notification.c
    return and_(
        of.office == reader.office,
        or_(of.role.in_(reader.roles), of.person_key == person_key(reader.person)),
        of.account.is_distinct_from(reader.account),
    )


def _seen(reader: Reader, *columns: Any) -> Select[Any]:
    query = select(*columns).join(case_file, case_file.c.case_no == notification.c.case_no)
    return query.where(reader.sight.cases(), _is_for(reader))


async def new_seen(connection: AsyncConnection, reader: Reader) -> int:
    """How many are new to somebody, `MOST_COUNTED` at most."""
    read = select(staff.c.notified).where(staff.c.id == reader.account).scalar_subquery()
    new = _seen(reader, notification.c.id).where(notification.c.id > read).limit(MOST_COUNTED).subquery()
    return int((await connection.execute(select(func.count()).select_from(new))).scalar_one())


async def latest_seen(
    connection: AsyncConnection, reader: Reader, *, before: int | None = None, size: int
) -> Page[Row[Any]]:
    """The last first, before one of them: `{id, case_no, title, seq, is_new}`."""
    known = select(staff.c.notified).where(staff.c.id == reader.account).scalar_subquery()
    columns = (notification.c.id, notification.c.case_no, case_file.c.title, notification.c.seq)
    query = _seen(reader, *columns, (notification.c.id > known).label("is_new"))
    if before is not None:
        query = query.where(notification.c.id < before)

    async def read(most: int) -> Sequence[Row[Any]]:
        rows = await connection.execute(query.order_by(notification.c.id.desc()).limit(most))
        return list(rows.all())

    return await page_of(read, size)


async def latest_of_office(connection: AsyncConnection, office: str) -> int:
    """The latest notification of an office; none that comes before it is still to be written."""
    query = select(func.coalesce(func.max(notification.c.id), 0)).where(notification.c.office == office)
    return int((await connection.execute(query)).scalar_one())


async def new_between(
    connection: AsyncConnection, reader: Reader, after: int, upto: int, most: int
) -> tuple[Sequence[Row[Any]], int]:
    """What somebody has not read, behind one notification and up to another: the oldest first, `{case_no, seq}` each, and how many
    there are in all.
    """
    read = select(staff.c.notified).where(staff.c.id == reader.account).scalar_subquery()
    of = notification.c
    new = of.id > func.greatest(read, after), of.id <= upto
    query = _seen(reader, of.case_no, of.seq).where(*new).order_by(of.id).limit(most)
    rows = list((await connection.execute(query)).all())
    counted = await connection.execute(_seen(reader, func.count()).where(*new))
    return rows, int(counted.scalar_one())
