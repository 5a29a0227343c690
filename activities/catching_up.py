"""Once a night, the workflows of what was recorded last are asked whether they know it.

They do, unless the worker died after its commit and Temporal at the same time forgot the update that it was about. Nobody would notice
before the next command: so it is looked for.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity
from temporalio.client import Client

from activities.giving_up import Step, giving_up
from activities.heartbeat import alive
from schema import journal

ENTRIES: Final = 20_000
"""How far back in the journal: what an office writes in many days, and a province in one."""

Revives = Callable[[Client, AsyncEngine, Sequence[str]], Awaitable[object]]
"""What has workflows know all that is on record, and starts those that are gone."""


class Reviver:
    """Has workflows catch up, with whatever a client of the worker's own namespace can do."""

    def __init__(self, engine: AsyncEngine, revive: Revives) -> None:
        self._engine, self._revive = engine, revive

    @activity.defn
    async def catch_up_latest(self) -> int:
        """Have the cases and batches catch up that the latest entries are of; returns how many they are."""
        step = Step("catch-up", "latest", "catch_up")
        async with alive(), giving_up(self._engine, step):
            async with self._engine.connect() as connection:
                numbers = await journal.latest_streams(connection, ENTRIES)
            if numbers:
                await self._revive(activity.client(), self._engine, numbers)
            return len(numbers)
