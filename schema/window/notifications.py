"""Notifications: kept with what they tell of, and up to where each person has read them."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import person_key
from domain.notifications import Notification
from schema.tables import notification, staff


class Told(NamedTuple):
    """Of which entry of a case somebody is told; `account` is who did it, and is not told."""

    whom: Notification
    case_no: str
    seq: int
    account: int | None


async def tell(connection: AsyncConnection, told: Sequence[Told]) -> None:
    """Keep notifications."""
    if not told:
        return
    rows = [
        {
            "office": one.whom.office,
            "role": one.whom.role.value if one.whom.role else None,
            "person_key": person_key(one.whom.person) if one.whom.person else None,
            "case_no": one.case_no,
            "seq": one.seq,
            "account": one.account,
        }
        for one in told
    ]
    await connection.execute(insert(notification), rows)


async def note_read(connection: AsyncConnection, account: int, upto: int) -> None:
    """Note up to which notification somebody has read; never less than before."""
    read = update(staff).where(staff.c.id == account, staff.c.notified < upto)
    await connection.execute(read.values(notified=upto))
