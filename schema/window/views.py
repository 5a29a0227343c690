"""Lists of the desk that somebody keeps by a name (常用筛选), and the columns that somebody has chosen for them."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from schema.tables import list_columns, list_view

MOST: Final = 20
"""Of one person."""


class View(NamedTuple):
    """A list: its filters as an address writes them."""

    name: str
    query: str


async def views_of(connection: AsyncConnection, account: int) -> Sequence[View]:
    """Those of somebody, by name."""
    query = select(list_view.c.name, list_view.c.query).where(list_view.c.account == account)
    return [View(*row) for row in await connection.execute(query.order_by(list_view.c.name))]


async def keep(connection: AsyncConnection, account: int, view: View) -> bool:
    """Keep a list, in the place of one of that name; whether there is room for it."""
    others = select(func.count()).where(list_view.c.account == account, list_view.c.name != view.name)
    if int((await connection.execute(others)).scalar_one()) >= MOST:
        return False
    row = upsert(list_view).values(account=account, **view._asdict())
    await connection.execute(
        row.on_conflict_do_update(index_elements=["account", "name"], set_={"query": view.query})
    )
    return True


async def drop(connection: AsyncConnection, account: int, name: str) -> None:
    """Forget one."""
    await connection.execute(
        delete(list_view).where(list_view.c.account == account, list_view.c.name == name)
    )


async def columns_of(connection: AsyncConnection, account: int) -> Sequence[str] | None:
    """The columns that somebody has chosen; None where that is left to us."""
    query = select(list_columns.c.shown).where(list_columns.c.account == account)
    return (await connection.execute(query)).scalar_one_or_none()


async def choose_columns(connection: AsyncConnection, account: int, shown: Sequence[str] | None) -> None:
    """Keep what somebody has chosen; None: the usual ones again."""
    if shown is None:
        await connection.execute(delete(list_columns).where(list_columns.c.account == account))
        return
    row = upsert(list_columns).values(account=account, shown=list(shown))
    await connection.execute(
        row.on_conflict_do_update(index_elements=["account"], set_={"shown": row.excluded.shown})
    )
