"""Record what happens to a bond batch, allocate it, and tell the cases."""

from collections.abc import Collection
from functools import singledispatch
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.giving_up import Step, giving_up, is_lasting, note
from activities.heartbeat import alive
from activities.record import claim, follows, step_of, write
from activities.refusing import refused
from activities.requests import AllocateRequest, RecordRequest
from activities.returning import give_up, send_on
from domain import facts as e
from domain.asked import NEWS
from domain.bonds.allocation import allocate
from domain.bonds.batch import Batch, begin_batch, evolve_batch, refuses_money, unanswered
from domain.commands import TakeBondNews
from domain.events import Event
from domain.postings import Transfer, included, outside, quota
from schema import bonds, casefiles, journal, ledger

log = structlog.get_logger(__name__)

TELL_AT_ONCE: Final = 50
"""News read from the record at a time: the activity's memory does not grow with the batch."""

ASKED_AT_MOST: Final = 30
"""Attempts to learn what cases await: with pauses up to 20 seconds, some ten minutes."""


class BondRecorder:
    """Writes the record of bond batches."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def record_batch(self, request: RecordRequest) -> None:
        """Record events of a batch with their consequences. Doing so again changes nothing."""
        async with alive(), giving_up(self._engine, step_of(request)), self._engine.begin() as connection:
            if await claim(connection, request):
                await _record(connection, request)

    @activity.defn
    async def has_request(self, office: str, case_no: str) -> bool:
        """Whether a case has a request in the pool that a batch of that office serves."""
        step = Step(activity.info().workflow_id or "", f"has_request/{case_no}", "has_request")
        async with giving_up(self._engine, step), self._engine.connect() as connection:
            return await bonds.has_request(connection, office, case_no)

    @activity.defn
    async def awaited(self, batch_no: str) -> int:
        """The fen that cases have taken of a batch and that has not arrived. Asked again until every case has answered, which takes
        seconds unless something is wrong with one of them.

        Raises:
            ApplicationError: Some have not answered; after `ASKED_AT_MOST` attempts, which take minutes, for good.
        """
        async with (
            giving_up(self._engine, Step(batch_no, "awaited", "awaited")),
            self._engine.connect() as connection,
        ):
            if missing := await bonds.untaken(connection, batch_no, "included"):
                if activity.info().attempt >= ASKED_AT_MOST:
                    raise refused(unanswered(missing))
                raise ApplicationError(
                    f"{missing} cases have not taken their inclusion yet", type="NewsNotTaken"
                )
            return await _awaited(connection, batch_no)

    @activity.defn
    async def allocate(self, request: AllocateRequest) -> Event:
        """Allocate the quota among the open requests in one serializable transaction; returns the entry with its totals."""
        serializable = self._engine.execution_options(isolation_level="SERIALIZABLE")
        step = Step(request.batch_no, f"{request.batch_no}/{request.first_seq}", "batch_allocated")
        async with alive(), giving_up(self._engine, step), serializable.begin() as connection:
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
        """Tell the cases what the batch has for them; returns how many. Resumes where an earlier attempt stopped. What no case can
        be told goes back, and is noted: the others do not wait for it.

        Raises:
            ApplicationError: `CasesUnreached`: open cases have no workflow. All others were told; these are tried again later.
        """
        count = 0
        unreached: dict[str, str] = {}
        async with alive(), giving_up(self._engine, Step(batch_no, "tell", "tell")):
            while waiting := await self._untold(batch_no, unreached):
                for told in waiting:
                    if await self._is_told(batch_no, told):
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

    async def _is_told(self, batch_no: str, told: bonds.Told) -> bool:
        """Tell a case, or take back what it can never be told; False if it is open and cannot be reached."""
        try:
            return await self._tell(batch_no, told)
        except Exception as error:
            if not is_lasting(error):
                raise
            await note(self._engine, Step(batch_no, told.news_id, "tell"), error)
            await self._give_up(batch_no, told)
            return True

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
            log.info("news_returned", batch_no=batch_no, case_no=told.case_no, news=told.news)
            await self._give_up(batch_no, told)
        else:
            async with self._engine.begin() as connection:
                await bonds.mark(connection, told.news_id, "told")
        return True

    async def _is_open(self, case_no: str) -> bool:
        async with self._engine.connect() as connection:
            stored = await casefiles.load_case(connection, case_no)
        return stored is not None and stored[0].ended is None

    async def _give_up(self, batch_no: str, told: bonds.Told) -> None:
        async with self._engine.begin() as connection:
            await give_up(connection, batch_no, told)


async def _record(connection: AsyncConnection, request: RecordRequest) -> None:
    stored = await casefiles.load_batch(connection, request.stream, for_update=True)
    events = request.events
    if stored is None:
        follows(request, 0)
        batch, head = begin_batch(request.stream, events[0]), journal.genesis(request.stream)
        rest = events[1:]
    else:
        (batch, head), rest = stored, events
        follows(request, batch.seq)
    for event in rest:
        await _refuse_money(connection, batch, event.fact)
        batch = evolve_batch(batch, event)
    head = await write(connection, request, head)
    await casefiles.save_batch(connection, batch, head)
    for event in events:
        await _follow_up(event.fact, connection, batch)
    log.info("recorded", stream=batch.batch_no, seq=batch.seq, kinds=[event.kind for event in events])


async def _awaited(connection: AsyncConnection, batch_no: str) -> int:
    given = await bonds.allocations(connection, batch_no)
    return sum((row.included_fen or 0) - row.arrived_fen for row in given)


async def _refuse_money(connection: AsyncConnection, batch: Batch, fact: Any) -> None:
    """Decide anew, now that the batch is held: a case may have ended since it was asked what cases await."""
    if refusal := refuses_money(fact, await _awaited(connection, batch.batch_no)):
        raise refused(refusal)


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
    await send_on(connection, batch, str(batch.seq))


@_follow_up.register
async def _(fact: e.BatchClosed, connection: AsyncConnection, batch: Batch) -> None:
    """What is left of the quota goes back."""
    _, left_fen = (await ledger.balances(connection, batch.batch_no))["quota"]
    if left_fen:
        entry = Transfer(
            f"{batch.batch_no}/{batch.seq}", quota(batch.batch_no), outside(batch.batch_no), left_fen
        )
        await ledger.post(connection, [entry])
