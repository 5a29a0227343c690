"""Sheets in which something is wrong, kept for whoever uploaded them to take a marked copy along: one a person, for a day."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sheet.faults import Fault
from schema.tables import faulty_sheet

_KEPT: Final = timedelta(days=1)
"""How long: it has personal data."""


_IS_STALE: Final = faulty_sheet.c.created_at < func.now() - _KEPT


class FaultySheet(NamedTuple):
    """A file as it was uploaded, the row of its headers, and what is wrong with it."""

    office: str
    header_row: int
    content: bytes
    faults: list[Fault]


async def keep(
    connection: AsyncConnection, head: Mapping[str, Any], content: bytes, faults: Sequence[Fault]
) -> None:
    """Keep a sheet in place of what the same person uploaded before. What is older than a day goes, whoever uploaded it.

    Args:
        head: `login, office, digest, file_name, header_row`.
    """
    await connection.execute(delete(faulty_sheet).where(_IS_STALE))
    row = {**head, "content": content, "faults": [list(fault) for fault in faults], "created_at": func.now()}
    kept = upsert(faulty_sheet).values(row)
    await connection.execute(kept.on_conflict_do_update(index_elements=["login"], set_=row))


async def forget(connection: AsyncConnection, login: str) -> None:
    """Forget the sheet of a person, and all that are older than a day."""
    await connection.execute(delete(faulty_sheet).where(_IS_STALE | (faulty_sheet.c.login == login)))


async def find(connection: AsyncConnection, login: str, digest: str) -> FaultySheet | None:
    """The sheet that a person uploaded last, if it is that one and not older than a day."""
    of = faulty_sheet.c
    query = select(of.office, of.header_row, of.content, of.faults).where(
        of.login == login, of.digest == digest, of.created_at >= func.now() - _KEPT
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    return FaultySheet(row.office, row.header_row, row.content, [Fault(*one) for one in row.faults])
