"""The journal as an office's programs follow it: the visible entries in the order of writing."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from schema.journal import Entry, of_ids
from schema.seen.sight import Sight
from schema.tables import bond_batch, case_file, event

_OLDEST_UNDER_WAY = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
_NEXT_TO_BEGIN = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")


async def ids_after(connection: AsyncConnection, after: int, most: int) -> list[int]:
    """The ids of the next committed entries of the whole journal."""
    query = select(event.c.id).where(event.c.id > after).order_by(event.c.id).limit(most)
    return list((await connection.execute(query)).scalars())


async def oldest_under_way(connection: AsyncConnection) -> int:
    """The oldest transaction that is still open: every one with a lower number has ended."""
    return int((await connection.execute(_OLDEST_UNDER_WAY)).scalar_one())


async def next_to_begin(connection: AsyncConnection) -> int:
    """The number of the next transaction: every one that has begun has a lower number."""
    return int((await connection.execute(_NEXT_TO_BEGIN)).scalar_one())


async def entries_seen(connection: AsyncConnection, sight: Sight, ids: Sequence[int]) -> list[Entry]:
    """Those of the entries that are of cases or batches in sight, in the order of their ids."""
    if not ids:
        return []
    seen = select(event.c.id).where(
        event.c.id.in_(ids),
        or_(
            event.c.stream.in_(select(case_file.c.case_no).where(sight.cases())),
            event.c.stream.in_(select(bond_batch.c.batch_no).where(sight.offices(bond_batch.c.office))),
        ),
    )
    return await of_ids(connection, list((await connection.execute(seen)).scalars()))


async def at_places_seen(
    connection: AsyncConnection, sight: Sight, wanted: Collection[tuple[str, int]]
) -> list[Entry]:
    """The entries at these places, each a case's number and one in its journal, of cases in sight."""
    if not wanted:
        return []
    seen = select(event.c.id).where(
        tuple_(event.c.stream, event.c.seq).in_(wanted),
        event.c.stream.in_(select(case_file.c.case_no).where(sight.cases())),
    )
    return await of_ids(connection, list((await connection.execute(seen)).scalars()))
