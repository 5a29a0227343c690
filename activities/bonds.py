"""The activities of bond batches: record what happens to one, allocate it, and inform the cases."""

from collections.abc import Collection
from functools import singledispatch
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.across import use_references
from activities.giving_up import Work, giving_up, is_lasting, note
from activities.heartbeat import alive
from activities.record import step_of, write
from activities.refusing import refused
from activities.requests import AllocateRequest, Recorded, RecordRequest
from activities.returning import give_up, send_on
from activities.standing import claimed
from domain import facts as e
from domain.bonds.allocation import allocate
from domain.bonds.batch import Batch, begin_batch, evolve_batch, refuses_money, unanswered
from domain.command_base import NEWS
from domain.commands import TakeBondNews
from domain.postings import Transfer, included, outside, quota
from domain.value import BondKind
from schema import bonds, casefiles, journal, ledger

log = structlog.get_logger(__name__)

TELL_AT_ONCE: Final = 50
"""How much news is read from the record at a time, so that memory does not grow with the batch."""

ASKED_AT_MOST: Final = 30
"""How many attempts are made before unanswered cases become a refusal: about ten minutes, with pauses of up to 20 seconds."""


class BondRecorder:
    """Writes the record of bond batches."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def record_batch(self, request: RecordRequest) -> Recorded:
        """Append events to a batch's journal, with everything that follows from them. Idempotent, as `CaseRecorder.record_case`."""
        async with alive():
            return await self.record(request, activity.info().workflow_run_id or "")

    async def record(self, request: RecordRequest, run_id: str) -> Recorded:
        """Do the same outside an activity, on behalf of the workflow run with that id."""
        async with giving_up(self._engine, step_of(request)), self._engine.begin() as connection:
            stored = await casefiles.load_batch(connection, request.stream, for_update=True)
            batch, head = stored or (None, journal.genesis(request.stream))
            standing = await claimed(connection, request, run_id, batch.seq if batch else 0, head)
            return standing or await _append(connection, request, batch, head)

    @activity.defn
    async def has_request(self, office: str, kind: BondKind, case_no: str) -> bool:
        """Whether a case has a request in the pool that a batch of that office and kind serves."""
        step = Work(activity.info().workflow_id or "", f"has_request/{case_no}", "has_request")
        async with giving_up(self._engine, step), self._engine.connect() as connection:
            return await bonds.has_request(connection, office, kind, case_no)

    @activity.defn
    async def awaited(self, batch_no: str) -> int:
        """How much money, in fen, the cases have accepted from a batch that has not arrived yet.

        Raises:
            ApplicationError: Type `NewsNotTaken`: some cases have not answered yet; retried, since this usually takes seconds. After
                `ASKED_AT_MOST` attempts type `REFUSED`.
        """
        async with (
            giving_up(self._engine, Work(batch_no, "awaited", "awaited")),
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
    async def allocate(self, request: AllocateRequest) -> Recorded:
        """Allocate the quota among the open requests, in one serializable transaction.

        Returns:
            The record's answer; its `instead` is the journal entry with the totals, which the workflow cannot compute itself.
        """
        serializable = self._engine.execution_options(isolation_level="SERIALIZABLE")
        step = Work(request.batch_no, f"{request.batch_no}/{request.first_seq}", "batch_allocated")
        asking = RecordRequest(stream=request.batch_no, first_seq=request.first_seq, events=(request.event,))
        run_id = activity.info().workflow_run_id or ""
        async with alive(), giving_up(self._engine, step), serializable.begin() as connection:
            batch, head = await _held(connection, request.batch_no)
            if standing := await claimed(connection, asking, run_id, batch.seq, head):
                return standing
            fact = await _allocate(connection, batch)
            event = request.event.model_copy(update={"fact": fact})
            recorded = await _append(connection, asking.model_copy(update={"events": (event,)}), batch, head)
            return recorded.model_copy(update={"instead": (event,)})

    @activity.defn
    async def tell(self, batch_no: str) -> int:
        """Signal the cases for which the batch has news; returns how many. An attempt resumes where the one before stopped. News that
        can never be delivered is returned and noted as an incident, without holding up the others.

        Raises:
            ApplicationError: Type `CasesUnreached`: some open cases have no workflow. All others were informed; these are retried.
        """
        count = 0
        unreached: dict[str, str] = {}
        async with alive(), giving_up(self._engine, Work(batch_no, "tell", "tell")):
            kind = await self._kind(batch_no)
            while waiting := await self._untold(batch_no, unreached):
                for told in waiting:
                    if await self._is_told(batch_no, kind, told):
                        count += 1
                    else:
                        unreached[told.news_id] = told.case_no
        if unreached:
            names = ", ".join(sorted(set(unreached.values())))
            log.warning("cases_unreached", batch_no=batch_no, case_nos=names)
            raise ApplicationError(f"the workflows of {names} are gone", type="CasesUnreached")
        return count

    async def _kind(self, batch_no: str) -> BondKind:
        async with self._engine.connect() as connection:
            return await bonds.kind_of(connection, batch_no)

    async def _untold(self, batch_no: str, unreached: Collection[str]) -> list[bonds.BondNews]:
        async with self._engine.connect() as connection:
            return await bonds.untold(connection, batch_no, TELL_AT_ONCE, unreached)

    async def _is_told(self, batch_no: str, kind: BondKind, told: bonds.BondNews) -> bool:
        """Deliver news to a case, or return it if it can never be delivered; False if the case is open and has no workflow."""
        try:
            return await self._tell(batch_no, kind, told)
        except Exception as error:
            if not is_lasting(error):
                raise
            await note(self._engine, Work(batch_no, told.news_id, "tell"), error)
            await self._give_up(batch_no, told)
            return True

    async def _tell(self, batch_no: str, kind: BondKind, told: bonds.BondNews) -> bool:
        """Signal a case, or return its news if it has ended; False if the case is open and has no workflow."""
        news = news_of(batch_no, kind, told)
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

    async def _give_up(self, batch_no: str, told: bonds.BondNews) -> None:
        async with self._engine.begin() as connection:
            await give_up(connection, batch_no, told)


def news_of(batch_no: str, kind: BondKind, told: bonds.BondNews) -> TakeBondNews:
    """The command that a case is sent with a piece of news; `kind` is the kind of bonds of the batch."""
    return TakeBondNews.model_validate(
        {
            "command_id": told.news_id,
            "by": "system",
            "source": kind.source,
            "batch_no": batch_no,
            "news": told.news,
            "amount": told.amount_fen,
            "transfer_id": told.transfer_id,
            "reason": told.reason,
        }
    )


async def _held(connection: AsyncConnection, batch_no: str) -> tuple[Batch, str]:
    """A batch on record and the hash of its latest entry, its row locked until the transaction ends."""
    stored = await casefiles.load_batch(connection, batch_no, for_update=True)
    assert stored is not None, f"{batch_no} is opened before it is allocated"
    return stored


async def _allocate(connection: AsyncConnection, batch: Batch) -> e.BatchAllocated:
    """Divide the quota among the open requests, and reserve each share in the ledger."""
    asked = await bonds.pool(connection, batch.office, batch.kind)
    given = allocate(batch.quota_fen, asked, batch.allocation_order)
    await bonds.allocate(connection, batch.batch_no, given, asked)
    await ledger.post(
        connection,
        [bonds.reservation(batch.batch_no, one) for one in given if one.allocated_fen > 0],
    )
    return e.BatchAllocated(
        requests=len(given),
        requested_fen=sum(one.requested_fen for one in given),
        allocated_fen=sum(one.allocated_fen for one in given),
    )


async def _append(
    connection: AsyncConnection, request: RecordRequest, known: Batch | None, head: str
) -> Recorded:
    """Append events to the journal of a batch whose row is locked, with everything that follows from them."""
    events = request.events
    if known is None:
        known, events = begin_batch(request.stream, events[:1]), events[1:]
    batch = known
    for event in events:
        await _refuse_money(connection, batch, event.fact)
        batch = evolve_batch(batch, event)
    await use_references(connection, request.stream, request.first_seq, request.events)
    head = await write(connection, request, head)
    await casefiles.save_batch(connection, batch, head)
    for event in request.events:
        await _follow_up(event.fact, connection, batch)
    log.info("recorded", stream=batch.batch_no, seq=batch.seq, kinds=[event.kind for event in request.events])
    return Recorded(seq=batch.seq, head=head)


async def _awaited(connection: AsyncConnection, batch_no: str) -> int:
    given = await bonds.allocations(connection, batch_no)
    return sum((row.included_fen or 0) - row.arrived_fen for row in given)


async def _refuse_money(connection: AsyncConnection, batch: Batch, fact: Any) -> None:
    """Check the money again, now that the batch's row is locked: a case may have ended since the workflow asked.

    Raises:
        ApplicationError: Type `REFUSED`.
    """
    if refusal := refuses_money(fact, await _awaited(connection, batch.batch_no)):
        raise refused(refusal)


@singledispatch
async def _follow_up(fact: Any, connection: AsyncConnection, batch: Batch) -> None:
    """The further effects of an event of a batch, in the same transaction. Most events have none."""


@_follow_up.register
async def _(fact: e.RequestExcluded, connection: AsyncConnection, batch: Batch) -> None:
    await bonds.take_out(connection, batch.kind, fact.case_no)
    news_id = f"{NEWS}{batch.batch_no}/ineligible/{fact.case_no}"
    await bonds.announce(
        connection, batch.batch_no, [bonds.BondNews(news_id, fact.case_no, "ineligible", reason=fact.reason)]
    )


@_follow_up.register
async def _(fact: e.BatchApproved, connection: AsyncConnection, batch: Batch) -> None:
    news = []
    for row in await bonds.allocations(connection, batch.batch_no):
        if row.allocated_fen > 0:
            transfer_id = f"{batch.batch_no}/included/{row.case_no}"
            news.append(
                bonds.BondNews(NEWS + transfer_id, row.case_no, "included", row.allocated_fen, transfer_id)
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
