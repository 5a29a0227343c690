"""Everything that takes part in a run, and the drills: Temporal is restored from an older copy, or loses everything."""

import asyncio
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from office.batches import Batchwork
from office.cases import Casework
from office.repair.reviving import revive
from office.verification.verifying import verify
from tests.chaos.clocks import Clocks
from tests.chaos.lives import ARRIVED, CLOSED, Life
from tests.chaos.monkey import Monkey
from tests.chaos.people import People
from tests.chaos.victims import Victims
from workflows.opening import Clock

KEPT, RESTORED, ALL_LOST = ARRIVED, CLOSED, 48
"""The days on which Temporal's database is copied, restored from the copy, and lost."""


@dataclass
class House:
    """Everything that takes part in a run."""

    client: Client
    engine: AsyncEngine
    clocks: Clocks
    people: People
    cases: Casework
    batches: Batchwork
    victims: Victims
    monkey: Monkey
    folder: Path
    lives: list[Life] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    drills: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.perf_counter)

    def tell(self, what: str) -> None:
        """Print the progress."""
        kills, seconds = self.victims.deaths.total(), time.perf_counter() - self.began
        sys.stdout.write(f"{seconds:6.0f} s {kills:4} kills  {what}\n")
        sys.stdout.flush()


async def drill(house: House, wave: int, day: int) -> None:
    """Every other wave Temporal is restored from an older copy; in the others, and in the first, it loses everything."""
    copy = house.folder / f"temporal-{wave}.db"
    restores = wave % 2 == 0
    if day == KEPT and restores:
        await asyncio.to_thread(house.victims.keep_temporal, copy)
    if day == RESTORED and restores:
        house.drills["temporal restored from an older copy"] += 1
        await _replace_temporal(house, copy)
    if day == ALL_LOST and (not restores or wave == 0):
        house.drills["temporal lost altogether"] += 1
        await _replace_temporal(house, None)


async def _replace_temporal(house: House, copy: Path | None) -> None:
    """Replace Temporal's database and repair, while the monkey goes on."""
    house.monkey.lie_in_wait(("catching up",))
    await house.victims.replace_temporal(copy)
    await revived(house)
    house.tell("revived")
    await house.clocks.catch_up()
    await house.clocks.settle()


async def revived(house: House) -> None:
    """Revive until no workflow is missing."""

    async def all_of_them() -> None:
        result = await revive(house.client, house.engine, clock=Clock(starts_at=house.clocks.now))
        if result.unreached:
            raise OSError(f"unreached: {result.unreached}")

    await house.people.until_done(all_of_them, "revive", is_operators=True)


async def verified(house: House) -> None:
    """Revive once more without kills, and verify everything."""
    async with house.monkey.resting():
        await house.clocks.settle()
        await revived(house)
        house.tell("verify")
        result = await house.people.until_done(
            lambda: verify(house.client, house.engine), "verify", is_operators=True
        )
    house.faults += [f"verify: {one}" for one in result["differences"]]
