"""Once a night: make sure that workflows know the latest journal entries of their cases and batches.

Nearly always they do. The exception is a worker that died after its commit while Temporal, too, lost the update. The next command
would repair that; until then the case would miss its deadlines.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity
from temporalio.client import Client

from activities.giving_up import Work, giving_up
from activities.heartbeat import alive
from schema import journal

ENTRIES: Final = 20_000
"""How many of the latest entries are checked: about a day's entries of a whole province."""

Revives = Callable[[Client, AsyncEngine, Sequence[str]], Awaitable[object]]
"""The type of `office.repair.reviving.revive`, which this layer may not import."""


class Reviver:
    """Has workflows catch up with the record, through the worker's own Temporal client."""

    def __init__(self, engine: AsyncEngine, revive: Revives) -> None:
        self._engine, self._revive = engine, revive

    @activity.defn
    async def catch_up_latest(self) -> int:
        """Have every case and batch of the latest entries catch up; returns how many there are."""
        step = Work("catch-up", "latest", "catch_up")
        async with alive(), giving_up(self._engine, step):
            async with self._engine.connect() as connection:
                numbers = await journal.latest_streams(connection, ENTRIES)
            if numbers:
                await self._revive(activity.client(), self._engine, numbers)
            return len(numbers)
