"""The ledger: transfers go in, balances come out. The database keeps the balances and refuses what may not be."""

from collections.abc import Iterable, Mapping

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.postings import Transfer
from schema.tables import account, transfer


async def post(connection: AsyncConnection, entries: Iterable[Transfer]) -> None:
    """Write transfers, in this transaction.

    Raises:
        sqlalchemy.exc.IntegrityError: An account would fall below zero, or a transfer or reference is not new.
    """
    rows = [entry._asdict() for entry in entries]
    if rows:
        await connection.execute(insert(transfer), rows)


async def balances(connection: AsyncConnection, stream: str) -> Mapping[str, tuple[int, int]]:
    """Of each account of a case or batch, by its purpose: what has come in, and what is in it, in fen."""
    query = select(account).where(account.c.id.in_([f"{purpose}:{stream}" for purpose in _PURPOSES]))
    return {
        row.id.split(":")[0]: (row.credits_fen, row.credits_fen - row.debits_fen)
        for row in await connection.execute(query)
    }


_PURPOSES = ("quota", "included", "available", "in_transit", "received")
