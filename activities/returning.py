"""Money of a batch that does not stay with its case: back to the quota, or on to the next in line.

Whoever changes what a batch has for its cases holds the batch's row: its approval, an arrival and the end of a case take turns.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from domain import facts as e
from domain.asked import NEWS
from domain.bonds.batch import Batch
from domain.events import Event
from domain.postings import Transfer, available, included, outside, quota
from schema import bonds, casefiles, ledger


async def give_up(connection: AsyncConnection, batch_no: str, told: bonds.Told) -> None:
    """No case takes this news: what was reserved for it goes back to where it came from. Once, however often."""
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
    """What a case that ends gives back to batches, in the order in which every transaction takes them."""
    facts = [event.fact for event in events if isinstance(event.fact, e.FundsReturned)]
    return sorted((fact for fact in facts if fact.batch_no), key=lambda fact: fact.batch_no or "")


async def call_back(connection: AsyncConnection, case_no: str, returned: Sequence[e.FundsReturned]) -> None:
    """Before a case gives back what batches have included: nothing of it may be on its way to the case any more."""
    for fact in returned:
        batch = await _held(connection, fact)
        for told in await bonds.on_the_way(connection, batch.batch_no, case_no):
            await give_up(connection, batch.batch_no, told)
        await bonds.given_back(connection, batch.batch_no, case_no, fact.amount_fen)


async def pass_on(
    connection: AsyncConnection, case_no: str, seq: int, returned: Sequence[e.FundsReturned]
) -> None:
    """After a case has given back: what had been sent to it goes to the next in line, what is left over back to the world."""
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
    """Send what has arrived and is no case's yet to the cases that await it, in the order of the allocation."""
    rows = await bonds.allocations(connection, batch.batch_no)
    left_fen, entries, news = batch.arrived_fen - sum(row.arrived_fen for row in rows), [], []
    for row in rows:
        fen = min(left_fen, (row.included_fen or 0) - row.arrived_fen)
        if fen > 0:
            left_fen -= fen
            entry = bonds.forwarding(batch.batch_no, occasion, row.case_no, fen)
            entries.append(entry)
            news.append(bonds.Told(NEWS + entry.id, row.case_no, "arrived", fen, entry.id))
            await bonds.forwarded(connection, batch.batch_no, row.case_no, fen)
    await ledger.post(connection, entries)
    await bonds.announce(connection, batch.batch_no, news)
