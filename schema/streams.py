"""Which cases and batches the record has any trace of, and all the money that moved for one. For `verify` and repairs."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from schema.tables import account, transfer

CASE_ACCOUNTS: Final = ("outside", "included", "available", "in_transit", "received", "interest")
BATCH_ACCOUNTS: Final = ("outside", "quota")

_PLACES: Final = (
    ("registration", "case_no"),
    ("case_file", "case_no"),
    ("bond_request", "case_no"),
    ("document", "case_no"),
    ("batch_number", "batch_no"),
    ("bond_batch", "batch_no"),
    ("event", "stream"),
    ("effect", "stream"),
)
"""The columns that can name a case or batch. Each has an index that begins with it, so that a page costs no more than its length."""

_PAGE: Final = text(
    "SELECT number FROM ("
    + " UNION ".join(
        f"(SELECT DISTINCT {column} AS number FROM {table} WHERE {column} > :after ORDER BY {column} LIMIT :size)"
        for table, column in _PLACES
    )
    + ") AS traces ORDER BY number LIMIT :size"
)
_TRACED: Final = text(
    " UNION ".join(
        f"SELECT {column} AS number FROM {table} WHERE {column} = ANY(:numbers)" for table, column in _PLACES
    )
)
_COUNT: Final = text("SELECT (SELECT count(*) FROM registration) + (SELECT count(*) FROM batch_number)")
_NUMBERED: Final = text(
    "SELECT case_no FROM registration WHERE case_no = ANY(:numbers) "
    "UNION SELECT batch_no FROM batch_number WHERE batch_no = ANY(:numbers)"
)
_STRANGERS: Final = text(
    """
    SELECT id FROM (SELECT id FROM account UNION SELECT debit FROM transfer UNION SELECT credit FROM transfer) AS named
    WHERE NOT EXISTS (
        SELECT FROM registration
        WHERE case_no = split_part(id, ':', 2) AND split_part(id, ':', 1) = ANY(:of_cases))
    AND NOT EXISTS (
        SELECT FROM batch_number
        WHERE batch_no = split_part(id, ':', 2) AND split_part(id, ':', 1) = ANY(:of_batches))
    ORDER BY id LIMIT :size
    """
)


async def pages(engine: AsyncEngine, after: str = "", size: int = 200) -> AsyncIterator[list[str]]:
    """All numbers of which there is any trace in the record, behind one; a connection is taken for each page alone."""
    while True:
        async with engine.connect() as connection:
            page = list((await connection.execute(_PAGE, {"after": after, "size": size})).scalars())
        if not page:
            return
        yield page
        after = page[-1]


async def traced(connection: AsyncConnection, numbers: Iterable[str]) -> set[str]:
    """Those of the numbers of which there is any trace in the record."""
    return set((await connection.execute(_TRACED, {"numbers": list(numbers)})).scalars())


async def count(connection: AsyncConnection) -> int:
    """How many numbers have been given."""
    return int((await connection.execute(_COUNT)).scalar_one())


async def numbered(connection: AsyncConnection, numbers: Iterable[str]) -> set[str]:
    """Those of the numbers that have been given to a case or batch."""
    return set((await connection.execute(_NUMBERED, {"numbers": list(numbers)})).scalars())


async def strangers(connection: AsyncConnection, size: int = 1000) -> list[str]:
    """Accounts that belong to no case and no batch, including accounts that only transfers mention. There should be none."""
    known = {"of_cases": list(CASE_ACCOUNTS), "of_batches": list(BATCH_ACCOUNTS), "size": size}
    return list((await connection.execute(_STRANGERS, known)).scalars())


class Books(NamedTuple):
    """The accounts of a case or batch, and every transfer that touches one of them."""

    accounts: Sequence[Row[Any]]
    transfers: Sequence[Row[Any]]


async def books(connection: AsyncConnection, stream: str, purposes: Iterable[str]) -> Books:
    """The books of a case or batch."""
    names = [f"{purpose}:{stream}" for purpose in purposes]
    accounts = select(account).where(account.c.id.in_(names)).order_by(account.c.id)
    moved = select(transfer).where(or_(transfer.c.debit.in_(names), transfer.c.credit.in_(names)))
    return Books(
        (await connection.execute(accounts)).all(),
        (await connection.execute(moved.order_by(transfer.c.id))).all(),
    )


async def arrivals(connection: AsyncConnection, batch_no: str, case_nos: Iterable[str]) -> Sequence[Row[Any]]:
    """What a batch has sent on to cases, and what became of it: `debit`, `fen`, and `settled` (the phase; None while it is open)."""
    query = text(
        """
        SELECT sent.id, sent.debit, sent.fen, settling.phase AS settled
        FROM transfer AS sent LEFT JOIN transfer AS settling ON settling.settles = sent.id
        WHERE sent.debit = ANY(:accounts) AND sent.phase = 'pending' AND starts_with(sent.id, :prefix)
        ORDER BY sent.id
        """
    )
    known = {"accounts": [f"included:{case_no}" for case_no in case_nos], "prefix": f"{batch_no}/"}
    return (await connection.execute(query, known)).all()
