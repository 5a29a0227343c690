"""The monkey: what is done to the processes, at random from a seed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from random import Random
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from runtime.connect import database_url
from tests.chaos.victims import WITH_TEMPORAL, Doom, Victims

CUT: Final = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND random() < :part"

OFTEN: Final = ("before", "after", "before the marker", "in the handler", "continuing as new")
"""The points that every case passes every day. For other points the monkey waits on particular days."""

_IN_WAIT: Final = 4
"""How many workers a day are to die at each point for which the monkey waits. Without a limit such a day would never end."""


class Monkey:
    """Kills, pauses and cuts connections until it has had enough.

    Args:
        pause: The average number of seconds between two actions.
        a_day: The number of kills after which it waits for the next business day.

    Attributes:
        others: How often it did each thing other than killing.
    """

    def __init__(self, victims: Victims, random: Random, kills: int, pause: float, a_day: int) -> None:
        self._victims, self._random, self._kills, self._pauses = victims, random, kills, pause
        self._goes_on = asyncio.Event()
        self._goes_on.set()
        self._acting = asyncio.Lock()
        self._waits_at: Iterator[str] = iter(())
        self._a_day, self._until = a_day, 0
        self.others = Counter[str]()
        self._deeds: dict[Callable[[], Awaitable[None]], int] = {
            self._kill_worker: 30,
            self._kill_temporal: 6,
            self._kill_postgres: 5,
            self._pause: 8,
            self._cut: 8,
            self._fill: 2,
            self._move_clock: 3,
        }

    @property
    def has_enough(self) -> bool:
        """Whether it has killed as often as it was to."""
        return self._victims.deaths.total() >= self._kills

    @property
    def _has_enough_today(self) -> bool:
        return self.has_enough or self._victims.deaths.total() >= self._until

    async def run(self) -> None:
        """Act until it has had enough. If it is cancelled earlier, it leaves all processes running."""
        while not self.has_enough:
            await asyncio.sleep(self._random.uniform(0.1, 2 * self._pauses))
            await self._goes_on.wait()
            (deed,) = self._random.choices(list(self._deeds), [*self._deeds.values()])
            async with self._acting:
                if not self._has_enough_today:
                    await deed()

    @asynccontextmanager
    async def resting(self) -> AsyncIterator[None]:
        """Kill nothing during the block. Workers that were to kill themselves are replaced first."""
        self._goes_on.clear()
        async with self._acting:
            self._victims.spare()
        try:
            yield
        finally:
            self._goes_on.set()

    def wake(self) -> None:
        """Begin a day."""
        self._until = self._victims.deaths.total() + self._a_day

    def lie_in_wait(self, points: Sequence[str]) -> None:
        """Have the next workers die at these points in turn, always two at the same one, because a batch passes it once, in whichever
        worker has the batch. The running two are replaced at once.
        """
        self._waits_at = iter([point for point in points for _ in range(2)] * (_IN_WAIT // 2))
        if points and not self._has_enough_today:
            for place in range(2):
                self._victims.kill_worker(place)

    def doom(self) -> Doom:
        """What the next worker dies of: at a point of its own, alone or together with Temporal, or not by itself."""
        chance = self._random
        if not self._goes_on.is_set() or self._has_enough_today:
            return None
        together = WITH_TEMPORAL if chance.random() < 0.08 else ""
        if point := next(self._waits_at, None):
            return f"{point}:1{together}"
        return None if chance.random() < 0.15 else f"{chance.choice(OFTEN)}:{chance.randint(1, 5)}{together}"

    async def _kill_worker(self) -> None:
        self._victims.kill_worker(self._random.randrange(2))

    async def _kill_temporal(self) -> None:
        self._victims.kill_temporal()

    async def _kill_postgres(self) -> None:
        self._victims.kill_postgres()

    async def _pause(self) -> None:
        whom = self._random.choice(("worker", "worker", "temporal", "postgresql"))
        seconds = self._random.choice((0.3, 1.0, 4.0, 7.0 if whom == "worker" else 2.0))
        self.others[f"{whom} paused"] += 1
        await self._victims.pause(whom, seconds)

    async def _cut(self) -> None:
        self.others["connections cut"] += 1
        with suppress(SQLAlchemyError, OSError):
            url = database_url(self._victims.servers.postgres.url)
            engine = create_async_engine(url, poolclass=NullPool)
            async with engine.connect() as connection:
                await connection.execute(text(CUT), {"part": self._random.choice((0.3, 1.0))})

    async def _fill(self) -> None:
        if not self._victims.has_small_disk:
            return
        self.others["disk filled"] += 1
        with self._victims.full_disk():
            await asyncio.sleep(self._random.uniform(0.5, 3.0))

    async def _move_clock(self) -> None:
        if self._victims.clock is None:
            return
        self.others["clock moved"] += 1
        self._victims.clock.move(self._random.randint(-6, 6))
