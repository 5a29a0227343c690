"""Record what happens to a bond batch, allocate it, and tell the cases."""

from collections.abc import Collection
from functools import singledispatch
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.across import use_references
from activities.giving_up import Step, giving_up, is_lasting, note
from activities.heartbeat import alive
from activities.record import step_of, write
from activities.refusing import refused
from activities.requests import AllocateRequest, Recorded, RecordRequest
from activities.returning import give_up, send_on
from activities.standing import claimed
from domain import facts as e
from domain.asked import NEWS
from domain.bonds.allocation import allocate
from domain.bonds.batch import Batch, begin_batch, evolve_batch, refuses_money, unanswered
from domain.commands import TakeBondNews
from domain.postings import Transfer, included, outside, quota
from domain.value import BondKind
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
    async def record_batch(self, request: RecordRequest) -> Recorded:
        """Record events of a batch with their consequences; where something else stands in their place, that is the answer and nothing
        changes. So doing it again changes nothing either.
        """
        async with alive():
            return await self.record(request, activity.info().workflow_run_id or "")

    async def record(self, request: RecordRequest, run_id: str) -> Recorded:
        """The same, on behalf of a run."""
        async with giving_up(self._engine, step_of(request)), self._engine.begin() as connection:
            stored = await casefiles.load_batch(connection, request.stream, for_update=True)
            batch, head = stored or (None, journal.genesis(request.stream))
            standing = await claimed(connection, request, run_id, batch.seq if batch else 0, head)
            return standing or await _append(connection, request, batch, head)

    @activity.defn
    async def has_request(self, office: str, kind: BondKind, case_no: str) -> bool:
        """Whether a case has a request in the pool that a batch of that office and kind serves."""
        step = Step(activity.info().workflow_id or "", f"has_request/{case_no}", "has_request")
        async with giving_up(self._engine, step), self._engine.connect() as connection:
            return await bonds.has_request(connection, office, kind, case_no)

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
    async def allocate(self, request: AllocateRequest) -> Recorded:
        """Allocate the quota among the open requests in one serializable transaction. The answer has, as what stands on record, the
        entry with its totals.
        """
        serializable = self._engine.execution_options(isolation_level="SERIALIZABLE")
        step = Step(request.batch_no, f"{request.batch_no}/{request.first_seq}", "batch_allocated")
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
        """Tell the cases what the batch has for them; returns how many. Resumes where an earlier attempt stopped. What no case can
        be told goes back, and is noted: the others do not wait for it.

        Raises:
            ApplicationError: `CasesUnreached`: open cases have no workflow. All others were told; these are tried again later.
        """
        count = 0
        unreached: dict[str, str] = {}
        async with alive(), giving_up(self._engine, Step(batch_no, "tell", "tell")):
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

    async def _untold(self, batch_no: str, unreached: Collection[str]) -> list[bonds.Told]:
        async with self._engine.connect() as connection:
            return await bonds.untold(connection, batch_no, TELL_AT_ONCE, unreached)

    async def _is_told(self, batch_no: str, kind: BondKind, told: bonds.Told) -> bool:
        """Tell a case, or take back what it can never be told; False if it is open and cannot be reached."""
        try:
            return await self._tell(batch_no, kind, told)
        except Exception as error:
            if not is_lasting(error):
                raise
            await note(self._engine, Step(batch_no, told.news_id, "tell"), error)
            await self._give_up(batch_no, told)
            return True

    async def _tell(self, batch_no: str, kind: BondKind, told: bonds.Told) -> bool:
        """Tell a case, or take back what was for it if it has ended; False if it is open and cannot be reached."""
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

    async def _give_up(self, batch_no: str, told: bonds.Told) -> None:
        async with self._engine.begin() as connection:
            await give_up(connection, batch_no, told)


def news_of(batch_no: str, kind: BondKind, told: bonds.Told) -> TakeBondNews:
    """The command by which a case takes a piece of news of a batch of that kind of bonds."""
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
    """A batch on record with the hash of its latest entry, held until the transaction ends."""
    stored = await casefiles.load_batch(connection, batch_no, for_update=True)
    assert stored is not None, f"{batch_no} is opened before it is allocated"
    return stored


async def _allocate(connection: AsyncConnection, batch: Batch) -> e.BatchAllocated:
    """Share the quota out among the open requests, and reserve what each gets."""
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
    """Write the events behind the latest entry of a batch that is held, with what follows from them."""
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
    """Decide anew, now that the batch is held: a case may have ended since it was asked what cases await."""
    if refusal := refuses_money(fact, await _awaited(connection, batch.batch_no)):
        raise refused(refusal)


@singledispatch
async def _follow_up(fact: Any, connection: AsyncConnection, batch: Batch) -> None:
    """What else follows from an event of a batch, in the same transaction."""


@_follow_up.register
async def _(fact: e.RequestExcluded, connection: AsyncConnection, batch: Batch) -> None:
    await bonds.take_out(connection, batch.kind, fact.case_no)
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
