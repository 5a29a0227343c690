"""The access codes of the parties: of each only the hash is kept. At most one opens a case to its creditor, one to its debtor."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.value import PartySide
from schema.tables import contact, registration, session

_NONE: Final = ""
"""Kept where no code opens the case: no code has such a hash."""

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
    """The hash of the code that opens a case to a party; None, where that party has none."""
    query = select(_HASHES[side]).where(registration.c.case_no == case_no)
    return (await connection.execute(query)).scalar_one_or_none() or None


async def reissue(
    connection: AsyncConnection, case_no: str, code_hash: str, side: PartySide = PartySide.CREDITOR
) -> None:
    """Another access code; that party's codes of before are dead, also those of cases that were merged into this one, sessions begun
    with them end, and nothing is told any more where somebody with such a code has asked for it.
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
    """No code opens the case to that party any more. Who came in with one is out, and how to reach it is forgotten."""
    await reissue(connection, case_no, _NONE, side)
    await connection.execute(
        update(registration).where(registration.c.case_no == case_no).values({_CONTACTS[side]: None})
    )


async def issue(connection: AsyncConnection, case_no: str, code_hash: str) -> bool:
    """The creditor's first code after one was withdrawn; whether it is the one that opens the case now."""
    is_free = registration.c.access_code_hash.in_((_NONE, code_hash))
    issued = (
        update(registration)
        .where(registration.c.case_no == case_no, is_free)
        .values(access_code_hash=code_hash)
        .returning(registration.c.case_no)
    )
    return (await connection.execute(issued)).first() is not None


def numbers_under(case_no: str) -> Select[tuple[str]]:
    """Selects the numbers whose codes open the same case: its own, and those of the cases that were merged into it."""
    of = registration.c
    into = select(func.coalesce(of.merged_into, of.case_no)).where(of.case_no == case_no).scalar_subquery()
    return select(of.case_no).where((of.case_no == into) | (of.merged_into == into))
