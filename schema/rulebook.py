"""The rules that cases carry: stored once, under the digest of their content, and cached by each process."""

import hashlib
import json
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.rules import Rules
from schema.tables import registration, rules

_READ: Final[dict[str, Rules]] = {}
"""The cache, by digest. It never goes stale, because the digest determines the content."""

_MOST: Final = 100


async def keep(connection: AsyncConnection, kept: Rules) -> str:
    """Store rules once, by their content; returns its digest."""
    body = kept.model_dump(mode="json")
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    await connection.execute(upsert(rules).values(digest=digest, body=body).on_conflict_do_nothing())
    return digest


async def load(connection: AsyncConnection, digest: str) -> Rules:
    """The rules of that digest, which are kept."""
    if digest not in _READ:
        query = select(rules.c.body).where(rules.c.digest == digest)
        read = Rules.model_validate((await connection.execute(query)).scalar_one())
        if len(_READ) >= _MOST:
            _READ.clear()
        _READ[digest] = read
    return _READ[digest]


async def of_case(connection: AsyncConnection, case_no: str) -> Rules:
    """The rules that a registered case carries."""
    return await load(connection, (await connection.execute(_DIGEST, {"of_case": case_no})).scalar_one())


_DIGEST: Final = select(registration.c.rules_digest).where(registration.c.case_no == bindparam("of_case"))
