"""The parties' access codes, stored as hashes. A case has at most one valid code for its creditor and one for its debtor."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.value import PartySide
from schema.tables import contact, registration, session

_NONE: Final = ""
"""Stored if no code is valid: no code has this hash."""

_HASHES: Final[Mapping[PartySide, ColumnElement[Any]]] = {
    PartySide.CREDITOR: registration.c.access_code_hash,
    PartySide.DEBTOR: registration.c.debtor_code_hash,
}
_CONTACTS: Final[Mapping[PartySide, str]] = {
    PartySide.CREDITOR: "contact",
    PartySide.DEBTOR: "debtor_contact",
}


async def access_code_hash(
    connection: AsyncConnection, case_no: str, side: PartySide = PartySide.CREDITOR
) -> str | None:
    """The hash of a party's valid code; None if it has none."""
    query = select(_HASHES[side]).where(registration.c.case_no == case_no)
    return (await connection.execute(query)).scalar_one_or_none() or None


async def reissue(
    connection: AsyncConnection, case_no: str, code_hash: str, side: PartySide = PartySide.CREDITOR
) -> None:
    """Give a party another access code. Its earlier codes become invalid, including those of cases that were merged into this one;
    sessions begun with them end, and addresses left with them get no more news.
    """
    merged = registration.c.merged_into == case_no
    await connection.execute(update(registration).where(merged).values({_HASHES[side]: _NONE}))
    await connection.execute(
        update(registration).where(registration.c.case_no == case_no).values({_HASHES[side]: code_hash})
    )
    of_it = select(registration.c.case_no).where(merged | (registration.c.case_no == case_no))
    await connection.execute(
        delete(session).where(session.c.case_no.in_(of_it), session.c.side == side.value)
    )
    await connection.execute(
        delete(contact).where(contact.c.case_no == case_no, contact.c.side == side.value)
    )


async def withdraw(connection: AsyncConnection, case_no: str, side: PartySide) -> None:
    """Make a party's code invalid without giving another. Its sessions end, and its addresses are deleted."""
    await reissue(connection, case_no, _NONE, side)
    await connection.execute(
        update(registration).where(registration.c.case_no == case_no).values({_CONTACTS[side]: None})
    )


async def issue(connection: AsyncConnection, case_no: str, code_hash: str, side: PartySide) -> bool:
    """Give a party its first code after one was withdrawn. Returns whether this code is now the valid one."""
    is_free = func.coalesce(_HASHES[side], _NONE).in_((_NONE, code_hash))
    issued = (
        update(registration)
        .where(registration.c.case_no == case_no, is_free)
        .values({_HASHES[side]: code_hash})
        .returning(registration.c.case_no)
    )
    return (await connection.execute(issued)).first() is not None


def numbers_under(case_no: str) -> Select[tuple[str]]:
    """Selects the numbers whose codes open the same case: its own, and those of the cases that were merged into it."""
    of = registration.c
    into = select(func.coalesce(of.merged_into, of.case_no)).where(of.case_no == case_no).scalar_subquery()
    return select(of.case_no).where((of.case_no == into) | (of.merged_into == into))
