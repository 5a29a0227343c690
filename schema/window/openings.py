"""Idempotency keys of callers that open cases or batches: the same key always leads to the same case or batch."""

import hashlib
import json
from typing import Any, Final, NamedTuple, Self

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.command_base import reused
from schema.tables import opening_key

KEY_CHARACTER: Final = "[!-~]"
"""As a pattern: what the keys that callers choose are made of, a hundred of them at most."""


class Key(NamedTuple):
    """An idempotency key of an office, and the digest of what is to be opened under it."""

    office: str
    key: str
    digest: str

    @classmethod
    def of(cls, office: str, key: str, content: Any) -> Self:
        """The key with the digest of a JSON value. The order of an object's members does not matter."""
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return cls(office, key, hashlib.sha256(text.encode()).hexdigest())


async def opened_under(connection: AsyncConnection, asked: Key) -> str | None:
    """The number of the case or batch that was opened under a key, if any. Locks the key until this transaction ends.

    Raises:
        Refusal: `command_reused`: something with other content was opened under it.
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
    """Store the number of the case or batch that is opened under a key."""
    await connection.execute(insert(opening_key).values(stream=stream, **asked._asdict()))
