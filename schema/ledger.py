"""The ledger: transfers go in, balances come out. The database keeps the balances and refuses what may not be."""

from collections.abc import Iterable, Mapping

from sqlalchemy import insert, select, text
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


async def miscounted(connection: AsyncConnection, stream: str) -> list[str]:
    """The accounts of a case or batch whose kept balance is not what its transfers add up to. There should be none."""
    counted = text(
        """
        SELECT account.id FROM account
        LEFT JOIN LATERAL (
            SELECT
                coalesce(sum(fen) FILTER (WHERE debit = account.id AND phase <> 'pending'), 0) AS debits,
                coalesce(sum(fen) FILTER (WHERE credit = account.id AND phase <> 'pending'), 0) AS credits
            FROM transfer WHERE account.id IN (debit, credit)
        ) AS moved ON true
        WHERE account.id = ANY(:accounts) AND (debits_fen, credits_fen) <> (debits, credits)
        ORDER BY account.id
        """
    )
    accounts = [f"{purpose}:{stream}" for purpose in _PURPOSES]
    return list((await connection.execute(counted, {"accounts": accounts})).scalars())
