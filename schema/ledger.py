"""The ledger: transfers are inserted, and database triggers keep the balances and refuse what would overdraw an account."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.postings import Transfer
from schema.tables import account, transfer


async def post(connection: AsyncConnection, entries: Iterable[Transfer]) -> None:
    """Insert transfers, in this transaction.

    Raises:
        sqlalchemy.exc.IntegrityError: An account would fall below zero, or a transfer id or reference was used before.
    """
    rows = [entry._asdict() for entry in entries]
    if rows:
        await connection.execute(insert(transfer), rows)


async def balances(connection: AsyncConnection, stream: str) -> Mapping[str, tuple[int, int]]:
    """The accounts of a case or batch by their purpose: the sum of all credits and the present balance of each, in fen."""
    query = select(account).where(account.c.id.in_([f"{purpose}:{stream}" for purpose in _INSIDE]))
    return {
        row.id.split(":")[0]: (row.credits_fen, row.credits_fen - row.debits_fen)
        for row in await connection.execute(query)
    }


_INSIDE: Final = ("quota", "included", "available", "in_transit", "received", "interest")
PURPOSES: Final = ("outside", *_INSIDE)
"""The purposes of the accounts of cases and batches: the first part of an account's name."""


async def restore(connection: AsyncConnection, stream: str, entries: Sequence[Transfer]) -> None:
    """Insert the transfers of a case or batch that are missing, and recompute its balances from all of them. This takes the owner of
    the tables, and no other writers.

    Raises:
        sqlalchemy.exc.IntegrityError: A transfer settles a reservation that is missing, or a balance would be negative.
    """
    query = select(transfer.c.id).where(transfer.c.id.in_([entry.id for entry in entries]))
    known = set((await connection.execute(query)).scalars())
    missing = [entry._asdict() for entry in entries if entry.id not in known]
    await connection.execute(text("ALTER TABLE account DISABLE TRIGGER USER"))
    await connection.execute(text("ALTER TABLE transfer DISABLE TRIGGER move_money"))
    if missing:
        await connection.execute(insert(transfer), missing)
    accounts = {"accounts": [f"{name}:{stream}" for name in PURPOSES]}
    await connection.execute(_COUNT_AGAIN, accounts)
    await connection.execute(text("ALTER TABLE transfer ENABLE TRIGGER move_money"))
    await connection.execute(text("ALTER TABLE account ENABLE TRIGGER USER"))


_COUNT_AGAIN: Final = text(
    """
    UPDATE account SET (debits_fen, credits_fen, debits_pending_fen, credits_pending_fen) = (
        SELECT
            coalesce(sum(moved.fen) FILTER (WHERE moved.debit = account.id AND moved.phase <> 'pending'), 0),
            coalesce(sum(moved.fen) FILTER (WHERE moved.credit = account.id AND moved.phase <> 'pending'), 0),
            coalesce(sum(moved.fen) FILTER (WHERE moved.debit = account.id AND moved.is_open), 0),
            coalesce(sum(moved.fen) FILTER (WHERE moved.credit = account.id AND moved.is_open), 0)
        FROM (
            SELECT debit, credit, fen, phase, phase = 'pending' AND NOT EXISTS (
                SELECT FROM transfer AS settling WHERE settling.settles = transfer.id) AS is_open
            FROM transfer WHERE account.id IN (debit, credit)
        ) AS moved)
    WHERE account.id = ANY(:accounts)
    """
)
