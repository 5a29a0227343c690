"""Whether anything that a visitor may see has changed. Reveals neither what, nor how much else was recorded."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schema.seen.sight import Sight
from schema.tables import bond_batch, case_file, event


async def newest(connection: AsyncConnection) -> int:
    """The id of the last entry of the whole record. Internal: never shown to a visitor."""
    return (await connection.execute(select(func.max(event.c.id)))).scalar_one() or 0


async def sees_any(connection: AsyncConnection, sight: Sight, numbers: Collection[str]) -> bool:
    """Whether the visitor may see any of these cases and batches."""
    of_case = select(case_file.c.case_no).where(case_file.c.case_no.in_(numbers), sight.cases())
    of_batch = select(bond_batch.c.batch_no).where(
        bond_batch.c.batch_no.in_(numbers), sight.offices(bond_batch.c.office)
    )
    return (await connection.execute(of_case.union_all(of_batch).limit(1))).first() is not None


async def sees_since(connection: AsyncConnection, sight: Sight, last: int) -> bool:
    """Whether any entry after this id belongs to a case or batch that the visitor may see."""
    of_case = select(event.c.id).join(case_file, case_file.c.case_no == event.c.stream)
    of_batch = select(event.c.id).join(bond_batch, bond_batch.c.batch_no == event.c.stream)
    seen = of_case.where(event.c.id > last, sight.cases()).union_all(
        of_batch.where(event.c.id > last, sight.offices(bond_batch.c.office))
    )
    return (await connection.execute(seen.limit(1))).first() is not None


async def head_seen(connection: AsyncConnection, sight: Sight, number: str) -> str | None:
    """The hash of the last entry of a case or batch, if it may be seen."""
    of_case = select(case_file.c.head).where(case_file.c.case_no == number, sight.cases())
    of_batch = select(bond_batch.c.head).where(
        bond_batch.c.batch_no == number, sight.offices(bond_batch.c.office)
    )
    return (await connection.execute(of_case.union_all(of_batch))).scalar_one_or_none()
