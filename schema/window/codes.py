"""The access codes of enterprises: of each only the hash is kept, and of a case at most one opens it."""

from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schema.tables import registration, session

_NONE: Final = ""
"""Kept where no code opens the case: no code has such a hash."""


async def access_code_hash(connection: AsyncConnection, case_no: str) -> str | None:
    """The hash of a case's access code."""
    query = select(registration.c.access_code_hash).where(registration.c.case_no == case_no)
    return (await connection.execute(query)).scalar_one_or_none()


async def reissue(connection: AsyncConnection, case_no: str, code_hash: str) -> None:
    """Another access code; sessions begun with the one before end."""
    await connection.execute(
        update(registration).where(registration.c.case_no == case_no).values(access_code_hash=code_hash)
    )
    await connection.execute(delete(session).where(session.c.case_no == case_no))


async def withdraw(connection: AsyncConnection, case_no: str) -> None:
    """No code opens the case any more. Who came in with one is out, and how to reach that creditor is forgotten."""
    await reissue(connection, case_no, _NONE)
    await connection.execute(
        update(registration).where(registration.c.case_no == case_no).values(contact=None)
    )


async def issue(connection: AsyncConnection, case_no: str, code_hash: str) -> bool:
    """The first code after one was withdrawn; whether it is the one that opens the case now."""
    is_free = registration.c.access_code_hash.in_((_NONE, code_hash))
    issued = (
        update(registration)
        .where(registration.c.case_no == case_no, is_free)
        .values(access_code_hash=code_hash)
        .returning(registration.c.case_no)
    )
    return (await connection.execute(issued)).first() is not None
