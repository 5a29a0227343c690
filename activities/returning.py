"""Bond money that a case does not keep: it returns to the batch's quota, or goes to the next case in line.

Every transaction that changes what a batch holds for its cases locks the batch's row first, so they run one after the other.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from domain import facts as e
from domain.bonds.batch import Batch
from domain.command_base import NEWS
from domain.events import Event
from domain.postings import Transfer, available, included, outside, quota
from schema import bonds, casefiles, ledger


async def give_up(connection: AsyncConnection, batch_no: str, told: bonds.BondNews) -> None:
    """Withdraw news that its case will never take, and void the reservation behind it. Idempotent."""
    if not await bonds.mark(connection, told.news_id, "returned") or told.transfer_id is None:
        return
    if told.news == "included":
        await bonds.answered(connection, batch_no, told.case_no, 0)
        accounts = quota(batch_no), included(told.case_no)
    else:
        await bonds.forwarded(connection, batch_no, told.case_no, -told.amount_fen)
        accounts = included(told.case_no), available(told.case_no)
    void = Transfer(f"{told.transfer_id}/returned", *accounts, 0, "void", told.transfer_id)
    await ledger.post(connection, [void])


def to_batches(events: Iterable[Event]) -> list[e.FundsReturned]:
    """What a case that ends returns to batches, sorted by batch, so that all transactions lock batches in the same order."""
    facts = [event.fact for event in events if isinstance(event.fact, e.FundsReturned)]
    return sorted((fact for fact in facts if fact.batch_no), key=lambda fact: fact.batch_no or "")


async def call_back(connection: AsyncConnection, case_no: str, returned: Sequence[e.FundsReturned]) -> None:
    """Before a case returns money to batches: withdraw the money that is still on its way to the case."""
    for fact in returned:
        batch = await _held(connection, fact)
        for told in await bonds.on_the_way(connection, batch.batch_no, case_no):
            await give_up(connection, batch.batch_no, told)
        await bonds.given_back(connection, batch.batch_no, case_no, fact.amount_fen)


async def pass_on(
    connection: AsyncConnection, case_no: str, seq: int, returned: Sequence[e.FundsReturned]
) -> None:
    """After a case has returned money: send it on to the next cases in line, or, if the batch is closed, out of the ledger.

    Args:
        seq: The case's latest entry; it makes the transfers' ids unique.
    """
    for fact in returned:
        batch = await _held(connection, fact)
        if batch.stage == "closed":
            entry = f"{batch.batch_no}/returned/{case_no}/{seq}"
            left = Transfer(entry, quota(batch.batch_no), outside(batch.batch_no), fact.amount_fen)
            await ledger.post(connection, [left])
        else:
            await send_on(connection, batch, f"{case_no}/{seq}")


async def _held(connection: AsyncConnection, fact: e.FundsReturned) -> Batch:
    stored = await casefiles.load_batch(connection, fact.batch_no or "", for_update=True)
    assert stored is not None, "a case holds money of batches that there are"
    return stored[0]


async def send_on(connection: AsyncConnection, batch: Batch, occasion: str) -> None:
    """Send money that has arrived and belongs to no case yet to the cases that await it, in the order of the allocation.

    Args:
        occasion: What caused this; part of the transfers' ids, so that no case is sent money twice on one occasion.
    """
    rows = await bonds.allocations(connection, batch.batch_no)
    left_fen, entries, news = batch.arrived_fen - sum(row.arrived_fen for row in rows), [], []
    for row in rows:
        fen = min(left_fen, (row.included_fen or 0) - row.arrived_fen)
        if fen > 0:
            left_fen -= fen
            entry = bonds.forwarding(batch.batch_no, occasion, row.case_no, fen)
            entries.append(entry)
            news.append(bonds.BondNews(NEWS + entry.id, row.case_no, "arrived", fen, entry.id))
            await bonds.forwarded(connection, batch.batch_no, row.case_no, fen)
    await ledger.post(connection, entries)
    await bonds.announce(connection, batch.batch_no, news)
