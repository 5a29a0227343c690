"""Bringing workflows in line with the record: those that lag behind it catch up, those that Temporal has lost are started again.

The record decides what happened, so a case can always be carried on from it, by its workflow or by a new one.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from domain.bonds.batch import ENDED, Batch
from office.answers import answers, starting
from office.away import ServerAway
from schema import casefiles, streams
from workflows.bond_batch import BondBatch
from workflows.case import ArrearsCase
from workflows.opening import BatchStart, CaseOpening, Clock

Watch = Callable[[int, int], None]
"""A callback for progress: how many cases and batches have been handled, and how many there are."""

_ANSWER_WITHIN: Final = timedelta(seconds=60)
_AT_ONCE: Final = 8
"""How many workflows are started or updated at a time, so that people's requests are not delayed."""

_ANEW: Final = WorkflowIDReusePolicy.ALLOW_DUPLICATE
_UNKNOWN: Final = "没有此编号 there is no such case or batch"
_RUNNING: Final = "WorkflowType IN ('ArrearsCase', 'BondBatch') AND ExecutionStatus = 'Running'"


class Revived(NamedTuple):
    """How many workflows are up to date again, and the numbers for which none is, with the reason."""

    total: int
    unreached: tuple[tuple[str, str], ...]


async def catch_up(client: Client, stream: str) -> None:
    """Have the workflow of a case or batch learn everything on record. Does nothing if none is running."""
    handle = client.get_workflow_handle(stream)
    try:
        await handle.execute_update("catch_up", rpc_timeout=_ANSWER_WITHIN)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


async def revive(
    client: Client,
    engine: AsyncEngine,
    numbers: Sequence[str] = (),
    *,
    after: str = "",
    clock: Clock | None = None,
    watch: Watch | None = None,
) -> Revived:
    """Bring the workflows of open cases and batches up to date with the record, and restart missing ones from the record alone.

    It can be interrupted and repeated: a workflow that is up to date does not change.

    Args:
        numbers: Cases and batches; by default all, and every workflow that is still running.
        after: Of all, only those after this number, at which an earlier attempt stopped.
        clock: The business clock of a rehearsal.
    """
    reviver = _Reviver(client, engine, clock or Clock())
    if numbers:
        await reviver.see_to_given(numbers)
        return reviver.result()
    async with engine.connect() as connection:
        total = await streams.count(connection)
    async for page in streams.pages(engine, after):
        await reviver.see_to(page)
        if watch:
            watch(reviver.total, total)
    await reviver.see_to(
        [run.id async for run in client.list_workflows(_RUNNING) if run.id not in reviver.seen]
    )
    return reviver.result()


class _Reviver:
    def __init__(self, client: Client, engine: AsyncEngine, clock: Clock) -> None:
        self._client, self._engine, self._clock = client, engine, clock
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._unreached: list[tuple[str, str]] = []
        self.seen: set[str] = set()
        self.total = 0

    def result(self) -> Revived:
        return Revived(self.total, tuple(sorted(self._unreached)))

    async def see_to_given(self, numbers: Iterable[str]) -> None:
        async with self._engine.connect() as connection:
            known = await streams.traced(connection, numbers)
        self._unreached += [(number, _UNKNOWN) for number in numbers if number not in known]
        await self.see_to(known)

    async def see_to(self, numbers: Iterable[str]) -> None:
        await asyncio.gather(*(self._see_to(number) for number in numbers))

    async def _see_to(self, number: str) -> None:
        async with self._room:
            self.seen.add(number)
            try:
                with answers("revive it again"):
                    await self._revive(number)
            except ServerAway as error:
                self._unreached.append((number, str(error)))
            else:
                self.total += 1

    async def _revive(self, number: str) -> None:
        start = await self._start_of(number)
        if start is None:
            await catch_up(self._client, number)
        else:
            await self._client.execute_update_with_start_workflow(
                "catch_up", start_workflow_operation=start, rpc_timeout=_ANSWER_WITHIN
            )

    async def _start_of(self, number: str) -> WithStartWorkflowOperation[Any, Any] | None:
        """The start operation of an open case or batch, from the record; None if it has ended or was never recorded."""
        async with self._engine.connect() as connection:
            if batch := await casefiles.load_batch(connection, number):
                return (
                    None
                    if batch[0].stage in ENDED
                    else starting(number, BondBatch.run, self._of(batch[0]), _ANEW)
                )
            found = await casefiles.case_and_rules(connection, number)
        if found is None or found[0].is_over:
            return None
        case, rules = found
        opening = CaseOpening(case_no=number, rules=rules, case=case, clock=self._clock)
        return starting(number, ArrearsCase.run, opening, _ANEW)

    def _of(self, batch: Batch) -> BatchStart:
        return BatchStart(
            batch_no=batch.batch_no, allocation_order=batch.allocation_order, batch=batch, clock=self._clock
        )
