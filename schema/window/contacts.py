"""Where people have asked to be told what is new: an address they leave, and show to be theirs by a code that is sent there.

    asked ─ sent ─ active ─ refused       a code is to be sent; it was; it came back; nobody takes anything there any more

An address is deleted when its owner says so, with the account of somebody of an office, with the access code of a party, and some
time after the end of its case.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, case, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.telling.news import Language
from domain.value import PartySide, Way
from schema.tables import case_file, contact, notification

State = Literal["asked", "sent", "active", "refused"]


class Owner(NamedTuple):
    """Whose an address is: somebody's of an office, by the account, or a party's of a case."""

    account: int | None = None
    case_no: str | None = None
    side: PartySide | None = None

    def owns(self) -> ColumnElement[bool]:
        """The condition on its rows."""
        if self.account is not None:
            return contact.c.account == self.account
        return (contact.c.case_no == self.case_no) & (contact.c.side == self.side)


class Left(NamedTuple):
    """An address that somebody has left."""

    way: Way
    address: str
    language: Language
    state: State


async def leave(
    connection: AsyncConnection, owner: Owner, way: Way, address: str, language: Language
) -> None:
    """Leave an address, in place of the one before; a code goes there first."""
    fresh: dict[str, Any] = {
        "address": address,
        "language": language,
        "state": "asked",
        "left_at": func.now(),
        "code_hash": None,
        "code_until": None,
        "after": 0,
        "attempts": 0,
        "claimed_until": None,
        "next_try_at": func.now(),
        "failing_since": None,
        "last_error": None,
    }
    whose = ("account",) if owner.account is not None else ("case_no", "side")
    row = upsert(contact).values(**owner._asdict(), way=way, **fresh)
    again = fresh | {"attempts": contact.c.attempts + 1}
    await connection.execute(row.on_conflict_do_update(index_elements=[*whose, "way"], set_=again))


async def confirm(connection: AsyncConnection, owner: Owner, way: Way, code_hash: str) -> bool:
    """Show the code that was sent there: from now on what is new is told. False: it is another, or too old."""
    latest = select(func.coalesce(func.max(notification.c.id), 0)).scalar_subquery()
    entry = select(case_file.c.seq).where(case_file.c.case_no == owner.case_no).scalar_subquery()
    shown = (
        update(contact)
        .where(owner.owns(), contact.c.way == way, contact.c.state == "sent")
        .where(contact.c.code_hash == code_hash, contact.c.code_until > func.now())
        .values(
            state="active",
            code_hash=None,
            next_try_at=None,
            after=entry if owner.account is None else latest,
            attempts=contact.c.attempts + 1,
            claimed_until=None,
        )
    )
    return (await connection.execute(shown)).rowcount == 1


async def end(connection: AsyncConnection, owner: Owner, way: Way) -> None:
    """Tell nothing there any more, and forget the address."""
    await connection.execute(delete(contact).where(owner.owns(), contact.c.way == way))


async def left(connection: AsyncConnection, owner: Owner) -> list[Left]:
    """The addresses of somebody."""
    of = contact.c
    query = select(of.way, of.address, of.language, of.state).where(owner.owns()).order_by(of.id)
    return [
        Left(Way(row.way), row.address, row.language, row.state) for row in await connection.execute(query)
    ]


async def ways_of_parties(connection: AsyncConnection, case_no: str) -> Sequence[tuple[PartySide, Way]]:
    """How the parties of a case are told what is new; the addresses are not for the office."""
    query = (
        select(contact.c.side, contact.c.way)
        .where(contact.c.case_no == case_no, contact.c.state == "active")
        .order_by(contact.c.side, contact.c.id)
    )
    return [(PartySide(row.side), Way(row.way)) for row in await connection.execute(query)]


_ALIKE: Final = contact.alias("alike")


async def move(connection: AsyncConnection, case_no: str, into: str, after: int) -> None:
    """Have the parties of a case that is merged told what is new in the other, from an entry on; what they have left there stays."""
    is_there = select(_ALIKE.c.id).where(
        _ALIKE.c.case_no == into, _ALIKE.c.side == contact.c.side, _ALIKE.c.way == contact.c.way
    )
    moved = update(contact).where(contact.c.case_no == case_no, ~is_there.exists())
    goes_on = case((contact.c.state == "active", literal(after)), else_=0)
    await connection.execute(moved.values(case_no=into, after=goes_on))
    await connection.execute(delete(contact).where(contact.c.case_no == case_no))
