"""Bond batches in sight."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.bonds.batch import Batch
from schema.paging import Page, page_of
from schema.seen.sight import Sight
from schema.tables import bond_batch


async def batches_seen(
    connection: AsyncConnection, sight: Sight, *, before: str | None = None, size: int
) -> Page[Batch]:
    """The bond batches of the offices in sight, by number from the last."""
    query = select(bond_batch.c.state).where(sight.offices(bond_batch.c.office))
    if before is not None:
        query = query.where(bond_batch.c.sequence < func.in_sequence(before))
    query = query.order_by(bond_batch.c.sequence.desc())

    async def read(most: int) -> Sequence[Batch]:
        states = (await connection.execute(query.limit(most))).scalars()
        return [Batch.model_validate(state) for state in states]

    return await page_of(read, size)


async def is_batch_seen(connection: AsyncConnection, sight: Sight, batch_no: str) -> bool:
    """Whether there is a batch of that number, and it may be seen: one look-up in the index of numbers."""
    query = select(bond_batch.c.batch_no).where(
        bond_batch.c.batch_no == batch_no, sight.offices(bond_batch.c.office)
    )
    return (await connection.execute(query)).first() is not None


async def batch_seen(connection: AsyncConnection, sight: Sight, batch_no: str) -> Batch | None:
    """A bond batch, if it may be seen."""
    query = select(bond_batch.c.state).where(
        bond_batch.c.batch_no == batch_no, sight.offices(bond_batch.c.office)
    )
    state = (await connection.execute(query)).scalar_one_or_none()
    return Batch.model_validate(state) if state is not None else None
