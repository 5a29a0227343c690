"""Record what happens to a bond batch, allocate it, and tell the cases."""

from collections.abc import Collection
from functools import singledispatch
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.heartbeat import alive
from activities.record import claim, write
from activities.requests import AllocateRequest, RecordRequest
from domain import events as e
from domain.allocation import allocate
from domain.batch import Batch, begin_batch, evolve_batch
from domain.commands import NEWS, TakeBondNews
from domain.ledger import Transfer, available, included, outside, quota
from schema import bonds, casefiles, journal, ledger

log = structlog.get_logger(__name__)

TELL_AT_ONCE: Final = 50
"""News read from the record at a time: the activity's memory does not grow with the batch."""


class BondRecorder:
    """Writes the record of bond batches."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def record_batch(self, request: RecordRequest) -> None:
        """Record events of a batch with their consequences. Doing so again changes nothing."""
        async with alive(), self._engine.begin() as connection:
            if await claim(connection, request):
                await _record(connection, request)

    @activity.defn
    async def has_request(self, office: str, case_no: str) -> bool:
        """Whether a case has a request in the pool that a batch of that office serves."""
        async with self._engine.connect() as connection:
            return await bonds.has_request(connection, office, case_no)

    @activity.defn
    async def awaited(self, batch_no: str) -> int:
        """The fen that cases have taken of a batch and that has not arrived. Asked again until every case has answered."""
        async with self._engine.connect() as connection:
            if await bonds.untaken(connection, batch_no, "included"):
                raise ApplicationError("some cases have not taken their inclusion yet", type="NewsNotTaken")
            given = await bonds.allocations(connection, batch_no)
        return sum(row.included_fen - row.arrived_fen for row in given)

    @activity.defn
    async def allocate(self, request: AllocateRequest) -> e.Event:
        """Allocate the quota among the open requests in one serializable transaction; returns the entry with its totals."""
        serializable = self._engine.execution_options(isolation_level="SERIALIZABLE")
        async with alive(), serializable.begin() as connection:
            stored = await casefiles.load_batch(connection, request.batch_no, for_update=True)
            assert stored is not None, f"{request.batch_no} is opened before it is allocated"
            batch, _ = stored
            if batch.stage != "open":
                done = await journal.entries(connection, stream=request.batch_no)
                return next(entry.event for entry in done if entry.event.kind == "batch_allocated")
            asked = await bonds.pool(connection, batch.office)
            given = allocate(batch.quota_fen, asked, batch.allocation_order)
            await bonds.allocate(connection, batch.batch_no, given)
            await ledger.post(
                connection,
                [bonds.reservation(batch.batch_no, one) for one in given if one.allocated_fen > 0],
            )
            fact = e.BatchAllocated(
                requests=len(given),
                requested_fen=sum(one.requested_fen for one in given),
                allocated_fen=sum(one.allocated_fen for one in given),
            )
            event = request.event.model_copy(update={"fact": fact})
            record = RecordRequest(stream=batch.batch_no, first_seq=request.first_seq, events=(event,))
            await claim(connection, record)
            await _record(connection, record)
            return event

    @activity.defn
    async def tell(self, batch_no: str) -> int:
        """Tell the cases what the batch has for them; returns how many. Resumes where an earlier attempt stopped.

        Raises:
            ApplicationError: `CasesUnreached`: open cases have no workflow. All others were told; these are tried again later.
        """
        count = 0
        unreached: dict[str, str] = {}
        async with alive():
            while waiting := await self._untold(batch_no, unreached):
                for told in waiting:
                    if await self._tell(batch_no, told):
                        count += 1
                    else:
                        unreached[told.news_id] = told.case_no
        if unreached:
            names = ", ".join(sorted(set(unreached.values())))
            log.warning("cases_unreached", batch_no=batch_no, case_nos=names)
            raise ApplicationError(f"the workflows of {names} are gone", type="CasesUnreached")
        return count

    async def _untold(self, batch_no: str, unreached: Collection[str]) -> list[bonds.Told]:
        async with self._engine.connect() as connection:
            return await bonds.untold(connection, batch_no, TELL_AT_ONCE, unreached)

    async def _tell(self, batch_no: str, told: bonds.Told) -> bool:
        """Tell a case, or take back what was for it if it has ended; False if it is open and cannot be reached."""
        news = TakeBondNews.model_validate(
            {
                "command_id": told.news_id,
                "by": "system",
                "batch_no": batch_no,
                "news": told.news,
                "amount": told.amount_fen,
                "transfer_id": told.transfer_id,
                "reason": told.reason,
            }
        )
        try:
            await activity.client().get_workflow_handle(told.case_no).signal("bond_news", news)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            if await self._is_open(told.case_no):
                return False
            await self._return(batch_no, told)
        else:
            async with self._engine.begin() as connection:
                await bonds.mark(connection, told.news_id, "told")
        return True

    async def _is_open(self, case_no: str) -> bool:
        async with self._engine.connect() as connection:
            stored = await casefiles.load_case(connection, case_no)
        return stored is not None and stored[0].ended is None

    async def _return(self, batch_no: str, told: bonds.Told) -> None:
        """The case has ended: what was reserved for it goes back to where it came from."""
        log.info("news_returned", batch_no=batch_no, case_no=told.case_no, news=told.news)
        async with self._engine.begin() as connection:
            await bonds.mark(connection, told.news_id, "returned")
            if told.news == "included":
                await bonds.answered(connection, batch_no, told.case_no, 0)
                accounts = quota(batch_no), included(told.case_no)
            elif told.news == "arrived":
                await bonds.forwarded(connection, batch_no, told.case_no, -told.amount_fen)
                accounts = included(told.case_no), available(told.case_no)
            else:
                return
            await ledger.post(
                connection,
                [Transfer(f"{told.transfer_id}/returned", *accounts, 0, "void", told.transfer_id)],
            )


async def _record(connection: AsyncConnection, request: RecordRequest) -> None:
    stored = await casefiles.load_batch(connection, request.stream, for_update=True)
    events = request.events
    if stored is None:
        batch, head = begin_batch(request.stream, events[0]), journal.genesis(request.stream)
        rest = events[1:]
    else:
        (batch, head), rest = stored, events
        assert batch.seq == request.first_seq - 1, f"{batch.batch_no} is recorded up to {batch.seq}"
    for event in rest:
        batch = evolve_batch(batch, event)
    head = await write(connection, request, head)
    await casefiles.save_batch(connection, batch, head)
    for event in events:
        await _follow_up(event.fact, connection, batch)
    log.info("recorded", stream=batch.batch_no, seq=batch.seq, kinds=[event.kind for event in events])


@singledispatch
async def _follow_up(fact: Any, connection: AsyncConnection, batch: Batch) -> None:
    """What else follows from an event of a batch, in the same transaction."""


@_follow_up.register
async def _(fact: e.RequestExcluded, connection: AsyncConnection, batch: Batch) -> None:
    await bonds.take_out(connection, fact.case_no)
    news_id = f"{NEWS}{batch.batch_no}/ineligible/{fact.case_no}"
    await bonds.announce(
        connection, batch.batch_no, [bonds.Told(news_id, fact.case_no, "ineligible", reason=fact.reason)]
    )


@_follow_up.register
async def _(fact: e.BatchApproved, connection: AsyncConnection, batch: Batch) -> None:
    news = []
    for row in await bonds.allocations(connection, batch.batch_no):
        if row.allocated_fen > 0:
            transfer_id = f"{batch.batch_no}/included/{row.case_no}"
            news.append(
                bonds.Told(NEWS + transfer_id, row.case_no, "included", row.allocated_fen, transfer_id)
            )
        else:
            await bonds.answered(connection, batch.batch_no, row.case_no, 0)
    await bonds.announce(connection, batch.batch_no, news)


@_follow_up.register
async def _(fact: e.BatchDeclined, connection: AsyncConnection, batch: Batch) -> None:
    voids = []
    for row in await bonds.allocations(connection, batch.batch_no):
        await bonds.answered(connection, batch.batch_no, row.case_no, 0)
        if row.allocated_fen > 0:
            reserved = f"{batch.batch_no}/included/{row.case_no}"
            voids.append(
                Transfer(
                    f"{reserved}/declined", quota(batch.batch_no), included(row.case_no), 0, "void", reserved
                )
            )
    await ledger.post(connection, voids)


@_follow_up.register
async def _(fact: e.BatchArrived, connection: AsyncConnection, batch: Batch) -> None:
    """Send the money on in the order of the allocation."""
    left_fen, entries, news = fact.amount_fen, [], []
    for row in await bonds.allocations(connection, batch.batch_no):
        fen = min(left_fen, row.included_fen - row.arrived_fen)
        if fen == 0:
            continue
        left_fen -= fen
        entry = bonds.forwarding(batch.batch_no, batch.seq, row.case_no, fen)
        entries.append(entry)
        news.append(bonds.Told(NEWS + entry.id, row.case_no, "arrived", fen, entry.id))
        await bonds.forwarded(connection, batch.batch_no, row.case_no, fen)
    await ledger.post(connection, entries)
    await bonds.announce(connection, batch.batch_no, news)


@_follow_up.register
async def _(fact: e.BatchClosed, connection: AsyncConnection, batch: Batch) -> None:
    """What is left of the quota goes back."""
    _, left_fen = (await ledger.balances(connection, batch.batch_no))["quota"]
    if left_fen:
        entry = Transfer(
            f"{batch.batch_no}/{batch.seq}", quota(batch.batch_no), outside(batch.batch_no), left_fen
        )
        await ledger.post(connection, [entry])
