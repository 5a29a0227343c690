"""The baseline: the least that a Temporal workflow must do to carry a case.

It has the structure of `workflows/case.py` without its rules: an update with a validator that takes a lock and runs one regular
activity (one PostgreSQL transaction, `bare_record.py`); a signal that does the same; a timer for the next instant at which something
happens by itself, which is re-armed when that instant moves and runs such an activity when it fires; and a return. It runs in the
SDK's sandbox, on the same server, with the same converter and worker settings. It has no rules, ledger, hash chain, read model, search
attributes, or log.

It measures nothing itself; `lifecycle.py` and `memory.py` do.
"""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from benchmarks.bare_record import BareRecorder, Entry, Start, Step
    from workflows.commitment import ACTIVITY_OPTIONS


BARE_QUEUE = "bare"


@workflow.defn
class BareCase:
    """The bare workflow of one case."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        self._case_no = start.case_no
        self._offset = start.starts_at - workflow.now() if start.starts_at else timedelta(0)
        self._lock = asyncio.Lock()
        self._seen: list[str] = []
        self._recorded = 0
        self._wakes: tuple[datetime, ...] = ()
        self._is_over = False

    @workflow.run
    async def run(self, start: Start) -> int:
        """Record the start, then wait for commands and for the next instant, until the last step."""
        await self._record(start.first)
        while not self._is_over:
            await self._wait()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return len(self._seen)

    @workflow.update
    async def registered(self) -> None:
        """Answers once the start is on record."""
        await workflow.wait_condition(lambda: bool(self._seen))

    @workflow.update
    async def act(self, step: Step) -> None:
        """Take a step. Answers when it is on record."""
        await self._record(step)

    @act.validator
    def _may_act(self, step: Step) -> None:
        if self._is_over or step.step_id in self._seen:
            raise ApplicationError("refused", type="Refusal", non_retryable=True)

    @workflow.signal
    async def news(self, step: Step) -> None:
        """Take a step that comes by a signal."""
        await self._record(step)

    def _now(self) -> datetime:
        return workflow.now() + self._offset

    async def _record(self, step: Step) -> None:
        async with self._lock:
            await self._write(step.step_id)
            self._seen.append(step.step_id)
            self._wakes = step.wakes
            self._is_over = step.is_last

    async def _write(self, step_id: str) -> None:
        entry = Entry(case_no=self._case_no, seq=self._recorded + 1, step_id=step_id, at=self._now())
        await workflow.execute_activity_method(BareRecorder.record_bare, entry, **ACTIVITY_OPTIONS)
        self._recorded += 1

    async def _wait(self) -> None:
        wake = self._next_wake()
        timeout = wake - self._now() if wake else None
        try:
            await workflow.wait_condition(lambda: self._is_over or self._next_wake() != wake, timeout=timeout)
        except TimeoutError:
            async with self._lock:
                await self._write(f"wake {wake}")

    def _next_wake(self) -> datetime | None:
        now = self._now()
        return min((wake for wake in self._wakes if wake > now), default=None)
