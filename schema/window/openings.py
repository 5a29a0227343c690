"""What was opened under a key of the caller's: asked again, it is the same case or batch, for ever."""

from typing import NamedTuple

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.asked import reused
from schema.tables import opening_key


class Key(NamedTuple):
    """An office's key for something it asks to be opened, and the digest of what that is."""

    office: str
    key: str
    digest: str


async def opened_under(connection: AsyncConnection, asked: Key) -> str | None:
    """The number of what was opened under a key. Until this transaction ends nobody else opens anything under it.

    Raises:
        Refusal: `command_reused`: something else was.
    """
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"{asked.office}/{asked.key}"}
    )
    query = select(opening_key.c.stream, opening_key.c.digest).where(
        opening_key.c.office == asked.office, opening_key.c.key == asked.key
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    if row.digest != asked.digest:
        raise reused(asked.key)
    return str(row.stream)


async def keep(connection: AsyncConnection, asked: Key, stream: str) -> None:
    """Note what is opened under a key."""
    await connection.execute(insert(opening_key).values(stream=stream, **asked._asdict()))
