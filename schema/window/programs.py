"""The tokens of the offices' programs. Each is of the head who gave it, and ends with that person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schema.tables import api_token, staff
from schema.window.people import Doer, note_change

SCOPES: Final = ("read", "open", "act", "parties", "batches")
"""What a program may be let do: read cases, open them, act on them, enter what parties say on paper, all about bond batches."""


class TokenFound(NamedTuple):
    """A token of an office's program: what it may do, and since when. Itself it is kept only as a hash."""

    name: str
    office: str
    scopes: Sequence[str]
    created_by: str
    created_at: datetime
    revoked_at: datetime | None


async def add_token(
    connection: AsyncConnection,
    token_hash: str,
    *,
    name: str,
    office: str,
    scopes: Sequence[str],
    owner: Doer,
) -> None:
    """A token for a program of an office, of the head who gives it.

    Raises:
        sqlalchemy.exc.IntegrityError: The office has, or had, one of that name.
    """
    await connection.execute(
        insert(api_token).values(
            token_hash=token_hash,
            name=name,
            office=office,
            scopes=list(scopes),
            created_by=owner.login,
            owner=owner.account,
            created_at=func.now(),
        )
    )
    await note_change(connection, office, "token_given", name, owner)


async def tokens_of(connection: AsyncConnection, office: str) -> list[TokenFound]:
    """The tokens of an office's programs, by name."""
    query = _TOKENS.where(api_token.c.office == office).order_by(api_token.c.name)
    return [TokenFound(*row) for row in await connection.execute(query)]


async def token_of(connection: AsyncConnection, token_hash: str) -> TokenFound | None:
    """The token whose hash that is: none, when it has been revoked, or its owner has left."""
    row = (await connection.execute(_TOKEN, {"of_hash": token_hash})).one_or_none()
    return TokenFound(*row) if row else None


async def revoke_token(connection: AsyncConnection, office: str, name: str, by: Doer) -> None:
    """A token that is no longer accepted; its name stays taken."""
    theirs = (api_token.c.office == office, api_token.c.name == name, api_token.c.revoked_at.is_(None))
    revoked = update(api_token).where(*theirs).values(revoked_at=func.now()).returning(api_token.c.name)
    if (await connection.execute(revoked)).scalar_one_or_none() is not None:
        await note_change(connection, office, "token_revoked", name, by)


_TOKENS = select(
    api_token.c.name,
    api_token.c.office,
    api_token.c.scopes,
    api_token.c.created_by,
    api_token.c.created_at,
    api_token.c.revoked_at,
)
_TOKEN = _TOKENS.join(staff, staff.c.id == api_token.c.owner).where(
    api_token.c.token_hash == bindparam("of_hash"), api_token.c.revoked_at.is_(None), staff.c.active
)
