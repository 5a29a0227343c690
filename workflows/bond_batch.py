"""The workflow of one bond batch: it opens, waits for the cut-off, allocates, is approved, receives money, and informs its cases."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    import structlog

    from activities.bonds import BondRecorder
    from activities.requests import AllocateRequest, Recorded, RecordRequest
    from domain.actors import SYSTEM
    from domain.bonds.batch import (
        Batch,
        begin_batch,
        decide_batch,
        fold_batch,
        no_request,
        open_batch,
        refuses_money,
    )
    from domain.bonds.commands import AnyBatchCommand, Arrive, BatchCommand, CloseBatch, Exclude
    from domain.calendar import business_date, business_instant
    from domain.events import Event
    from domain.facts import BatchAllocated, BatchFact, CaseFact
    from domain.refusal import Refusal
    from workflows.commitment import ACTIVITY_OPTIONS, LONG_ACTIVITY_OPTIONS, PAUSE, answered, done, refused
    from workflows.opening import BatchStart

    log = structlog.get_logger(__name__)

_DAY = timedelta(days=1)


@workflow.defn
class BondBatch:
    """One batch; the workflow id is its number. Requests and allocations are rows of the record, so the history stays short."""

    @workflow.init
    def __init__(self, start: BatchStart) -> None:
        self._start = start
        self._clock = start.clock.fixed(workflow.now())
        self._recorded: Batch | None = start.batch
        self._failed: ApplicationError | None = None
        self._lock = asyncio.Lock()
        self._is_recording = False
        self._news = int(start.batch is not None)
        self._told = 0

    @workflow.run
    async def run(self, start: BatchStart) -> str:
        """Open, gather requests until the cut-off, allocate, await approval, await the money, close."""
        if self._recorded is None:
            await self._open()
        telling = asyncio.create_task(self._keep_telling())
        await self._until_cut_off()
        while self._batch.stage == "open" and not await done("allocate", self._allocate()):
            await workflow.sleep(PAUSE)
        await workflow.wait_condition(lambda: self._batch.stage in ("declined", "closed"))
        await workflow.wait_condition(lambda: self._told == self._news and workflow.all_handlers_finished())
        telling.cancel()
        return self._batch.stage

    @workflow.update
    async def registered(self) -> None:
        """Answers once the opening is on record."""
        await self._until_recorded()

    @workflow.signal
    def news(self) -> None:
        """The record has news for cases that this batch did not cause itself: a case has ended, and others get its money."""
        self._news += 1

    @workflow.update
    async def act(self, command: BatchCommand) -> None:
        """Carry out a command. Returns when it is on record; the cases are informed a moment later."""
        await self._until_recorded()
        async with self._lock:
            while events := self._decide(command):
                await self._check_against_record(command, events[0].fact)
                if await self._record(events):
                    break

    @workflow.update
    async def catch_up(self) -> None:
        """Returns once the batch knows everything that is on record."""
        await self._until_recorded()
        async with self._lock:
            while not await self._record([]):
                pass

    @act.validator
    def _may_act(self, command: BatchCommand) -> None:
        """Refuse before anything enters the history. While an activity is recording, the record may be ahead of the batch; the
        command is then accepted here, and decided under the lock.
        """
        if self._recorded is not None and not self._is_recording:
            self._decide(command)

    def _decide(self, command: AnyBatchCommand) -> list[Event]:
        try:
            return decide_batch(self._batch, command, self._now())
        except Refusal as refusal:
            raise refused(refusal) from None

    @property
    def _batch(self) -> Batch:
        assert self._recorded is not None, "nobody reads a batch before it is recorded"
        return self._recorded

    async def _until_recorded(self) -> None:
        await workflow.wait_condition(lambda: self._recorded is not None or self._failed is not None)
        if self._failed is not None:
            raise self._failed

    def _now(self) -> datetime:
        return workflow.now() + self._clock.offset

    async def _open(self) -> None:
        """Record the opening. If it is refused, the workflow fails, but only after the waiting `registered` updates were answered."""
        async with self._lock:
            start = self._start
            assert start.opening is not None
            opened = open_batch(start.opening, start.allocation_order, self._now(), start.account)
            try:
                standing = await self._commit((opened,), first_seq=1)
            except ApplicationError as refusal:
                self._failed = refusal
                await workflow.wait_condition(workflow.all_handlers_finished)
                raise
            self._recorded = begin_batch(self._start.batch_no, standing.instead or (opened,))

    async def _until_cut_off(self) -> None:
        """Requests count until the end of the last day."""
        cut_off = business_instant(self._batch.allocates_on + _DAY)
        await workflow.sleep(max(cut_off - self._now(), timedelta(0)))

    async def _allocate(self) -> None:
        async with self._lock:
            now = self._now()
            empty = BatchAllocated(requests=0, requested_fen=0, allocated_fen=0)
            event = Event(at=now, on=business_date(now), by=SYSTEM, fact=empty)
            while self._batch.stage == "open":
                request = AllocateRequest(
                    batch_no=self._batch.batch_no, first_seq=self._batch.seq + 1, event=event
                )
                with self._recording():
                    standing = await answered(
                        workflow.execute_activity_method(
                            BondRecorder.allocate, request, **LONG_ACTIVITY_OPTIONS
                        )
                    )
                self._move(standing.instead)

    async def _check_against_record(self, command: AnyBatchCommand, fact: CaseFact | BatchFact) -> None:
        """Refuse what only the record can judge: whether a request is in the pool, and how much money the cases await.

        Raises:
            ApplicationError: Type `REFUSED`.
        """
        if isinstance(command, Exclude):
            known = await answered(
                workflow.execute_activity_method(
                    BondRecorder.has_request,
                    args=[self._batch.office, self._batch.kind, command.case_no],
                    **ACTIVITY_OPTIONS,
                )
            )
            if not known:
                raise refused(no_request(command.case_no))
        elif isinstance(command, Arrive | CloseBatch):
            awaited_fen = await answered(
                workflow.execute_activity_method(
                    BondRecorder.awaited, self._batch.batch_no, **ACTIVITY_OPTIONS
                )
            )
            if refusal := refuses_money(fact, awaited_fen):
                raise refused(refusal)

    async def _record(self, events: Sequence[Event]) -> bool:
        """Record events. False if the record already holds others at this place: the batch has learned those, and decides again."""
        standing = await self._commit(events, first_seq=self._batch.seq + 1)
        if standing.seq > self._batch.seq:
            self._move(standing.instead or events)
            self._news += 1
        return not standing.instead

    async def _commit(self, events: Sequence[Event], first_seq: int) -> Recorded:
        request = RecordRequest(stream=self._start.batch_no, first_seq=first_seq, events=tuple(events))
        with self._recording():
            return await answered(
                workflow.execute_activity_method(BondRecorder.record_batch, request, **LONG_ACTIVITY_OPTIONS)
            )

    @contextmanager
    def _recording(self) -> Iterator[None]:
        """Mark the time during which the record may be ahead of the batch. The lock cannot serve for this: it is held for longer,
        sometimes days, until all cases have answered.
        """
        self._is_recording = True
        try:
            yield
        finally:
            self._is_recording = False

    def _move(self, events: Sequence[Event]) -> None:
        self._recorded = fold_batch(self._batch, events)
        workflow.set_current_details(self._batch.stage)
        log.info("moved", stage=self._batch.stage, seq=self._batch.seq)

    async def _keep_telling(self) -> None:
        """Inform the cases whenever the record may have news for them. Runs as a task beside everything else."""
        while True:
            await workflow.wait_condition(lambda: self._told < self._news)
            news = self._news
            if await done("tell", self._tell()):
                self._told = news
            else:
                await workflow.sleep(PAUSE)

    async def _tell(self) -> None:
        await answered(
            workflow.execute_activity_method(BondRecorder.tell, self._batch.batch_no, **LONG_ACTIVITY_OPTIONS)
        )
