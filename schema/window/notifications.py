"""Notifications: kept with what they tell of, and up to where each person has read them."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import func, insert, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import person_key
from domain.notifications import Notification
from schema.tables import notification, staff


class NotifiedEntry(NamedTuple):
    """Of which entry of a case somebody is told; `account` is who did it, and is not told."""

    whom: Notification
    case_no: str
    seq: int
    account: int | None


async def tell(connection: AsyncConnection, told: Sequence[NotifiedEntry]) -> None:
    """Keep notifications, those of an office in the order in which they can be read: whoever has read one has missed none before."""
    if not told:
        return
    told = [one._replace(whom=await _at_whose(connection, one)) for one in told]
    for office in sorted({one.whom.office for one in told}):
        await connection.execute(_ONE_AT_A_TIME, {"office": office})
    rows = [{**_row(one), "person_key": key} for one in told for key in await _whom(connection, one.whom)]
    if rows:
        await connection.execute(insert(notification), rows)


async def _at_whose(connection: AsyncConnection, told: NotifiedEntry) -> Notification:
    """At which office somebody is told: the first that has another for it than whoever did it; its own, where none has."""
    whom = told.whom
    if not whom.instead or whom.role is None:
        return whom
    offices = (whom.office, *whom.instead)
    others = select(staff.c.office).where(
        staff.c.office.in_(offices),
        staff.c.active,
        staff.c.roles.contains([whom.role.value]),
        staff.c.id.is_distinct_from(told.account),
        staff.c.person_key != person_key(whom.by or ""),
    )
    found = set((await connection.execute(others)).scalars())
    return whom._replace(office=next((office for office in offices if office in found), whom.office))


_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtext('notifications of ' || :office))")


async def _whom(connection: AsyncConnection, whom: Notification) -> list[str | None]:
    """By which key somebody is told; of several names with which a mention begins the longest is meant, and there may be none."""
    if whom.mention is None:
        return [person_key(whom.person) if whom.person else None]
    query = (
        select(staff.c.person_key)
        .where(
            staff.c.office == whom.office,
            staff.c.active,
            literal(person_key(whom.mention)).startswith(staff.c.person_key),
        )
        .order_by(func.length(staff.c.person_key).desc())
    )
    return list((await connection.execute(query.limit(1))).scalars())


def _row(one: NotifiedEntry) -> dict[str, Any]:
    return {
        "office": one.whom.office,
        "role": one.whom.role.value if one.whom.role else None,
        "case_no": one.case_no,
        "seq": one.seq,
        "account": one.account,
    }


async def note_read(connection: AsyncConnection, account: int, upto: int) -> None:
    """Note up to which notification somebody has read; never less than before."""
    read = update(staff).where(staff.c.id == account, staff.c.notified < upto)
    await connection.execute(read.values(notified=upto))
