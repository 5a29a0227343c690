"""Moving every workflow's clock to a business instant, however often its server dies, and waiting for what is due by then."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError

from domain.bonds.batch import ENDED, Batch
from domain.case.ladder import fallen_due
from rehearsal.clocks import skipping
from schema import bonds, casefiles
from schema.tables import bond_batch
from workflows.opening import BatchStart, CaseOpening

AWAY: Final = (RPCError, RuntimeError, SQLAlchemyError, OSError, TimeoutError)
"""The errors that a client gets while servers die."""

WITHIN: Final = 300.0
"""The seconds within which everything that is due must have happened, while processes are killed."""

_AT_ONCE: Final = 20


class Stuck(Exception):  # noqa: N818 - it is told to a reader
    """Something that is due does not happen."""


class Clocks:
    """The clocks of all open cases and batches.

    Attributes:
        now: The business instant for everybody who acts.
        overshot: How often a clock ran ahead of it, because an answer was lost and the clock was moved again.
    """

    def __init__(self, client: Client, engine: AsyncEngine, now: datetime) -> None:
        self._client, self._engine = client, engine
        self._skipper = skipping(client)
        self._shifts: dict[str, timedelta] = {}
        self.now = now
        self.overshot = 0

    async def move_to(self, instant: datetime) -> None:
        """Move every clock to a business instant, and wait until everything due by then is on record."""
        self.now = max(self.now, instant)
        await self.catch_up()
        await self.settle()

    async def catch_up(self) -> None:
        """Move the clocks that are behind."""
        room = asyncio.Semaphore(_AT_ONCE)

        async def move(stream: str) -> None:
            async with room:
                await self._move(stream)

        await asyncio.gather(*(move(stream) for stream in await self._open()))

    async def settle(self) -> None:
        """Wait until everything that is due is on record, and every case has its bond news.

        Raises:
            Stuck: It did not happen in time.
        """
        missing: Collection[str] = ("?",)
        with suppress(TimeoutError):
            async with asyncio.timeout(WITHIN):
                while missing:
                    await asyncio.sleep(0.1)
                    with suppress(*AWAY):
                        missing = await self._missing()
        if missing:
            raise Stuck(f"at {self.now}: {', '.join(sorted(missing))}")

    async def _open(self) -> list[str]:
        """The numbers of the open cases and batches on record."""
        while True:
            with suppress(*AWAY):
                async with self._engine.connect() as connection:
                    numbers = [batch.batch_no for batch in await _batches(connection)]
                    after = ""
                    while page := await casefiles.open_cases(connection, after):
                        numbers += [case.case_no for case, _ in page]
                        after = page[-1][0].case_no
                    return numbers
            await asyncio.sleep(0.3)

    async def _missing(self) -> list[str]:
        """What is due and not on record."""
        found = []
        async with self._engine.connect() as connection:
            if untaken := await bonds.untaken(connection):
                found.append(f"{untaken} news")
            today = self.now.date()
            for batch in await _batches(connection):
                if batch.stage == "open" and batch.allocates_on < today:
                    found.append(f"{batch.batch_no} allocated")
            after = ""
            while page := await casefiles.open_cases(connection, after):
                for case, rules in page:
                    found += [
                        f"{case.case_no} {event.kind}" for event in fallen_due(case, rules, self.now).events
                    ]
                after = page[-1][0].case_no
        return found

    async def _move(self, stream: str) -> None:
        """Move one clock, again if the server died meanwhile."""
        handle = self._client.get_workflow_handle(stream)
        for _ in range(200):
            try:
                async with asyncio.timeout(20):
                    described = await handle.describe()
                    if described.status is not WorkflowExecutionStatus.RUNNING:
                        return
                    shift = await self._shift(stream, described.run_id)
                    missing = self.now - (await self._skipper.get_current_time(handle) + shift)
                    if missing <= timedelta(0):
                        self.overshot += missing < -timedelta(minutes=30)
                        return
                    await self._skipper.fast_forward(handle, missing)
            except AWAY:
                await asyncio.sleep(0.5)
        raise Stuck(f"the clock of {stream} cannot be moved to {self.now}")

    async def _shift(self, stream: str, run_id: str) -> timedelta:
        """The offset between business time and a run's own time, from the run's input."""
        if run_id not in self._shifts:
            handle = self._client.get_workflow_handle(stream, run_id=run_id)
            async for event in handle.fetch_history_events(page_size=1):
                payloads = event.workflow_execution_started_event_attributes.input.payloads
                kind = BatchStart if stream.startswith("BB-") else CaseOpening
                (start,) = await self._client.data_converter.decode(payloads, [kind])
                self._shifts[run_id] = start.clock.fixed(event.event_time.ToDatetime(tzinfo=UTC)).offset
                break
        return self._shifts[run_id]


async def _batches(connection: AsyncConnection) -> list[Batch]:
    """The batches that have not ended."""
    rows = await connection.execute(select(bond_batch.c.state).where(bond_batch.c.stage.not_in(ENDED)))
    return [Batch.model_validate(state) for (state,) in rows]
