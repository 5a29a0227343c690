"""The kill matrix: `make chaos` for hundreds of kills, here a short one.

`SEED=n` repeats all random choices: the lives, who gives up, what is killed, paused and cut, and at which point. The timing of
processes is not repeatable.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.calendar import business_instant
from office.batches import Batchwork
from office.cases import Casework
from runtime.connect import connect_database
from runtime.temporal import connect_temporal
from schema.migrate import migrate
from tests.chaos.clock import movable
from tests.chaos.clocks import Clocks, Stuck
from tests.chaos.disk import small_disk
from tests.chaos.house import House, verified
from tests.chaos.judge import Findings, effects
from tests.chaos.model import draw
from tests.chaos.monkey import Monkey
from tests.chaos.people import People
from tests.chaos.report import Report, found_by
from tests.chaos.victims import Victims
from tests.chaos.waves import Wave
from tests.durability.points import POINTS
from tests.stack import RECEIVED_ON, wait_for_answers

KILLS: Final = int(os.environ.get("KILLS", "8"))
SEED: Final = int(os.environ.get("SEED", "1"))
IS_LONG: Final = KILLS >= 100
CASES: Final = int(os.environ.get("CASES", "16" if IS_LONG else "10"))
"""The cases of each wave. There are as many waves as it takes."""

pytestmark = [pytest.mark.kill, pytest.mark.long, pytest.mark.timeout(600 + KILLS * 10)]

SERVER_AWAY: Final = 3
"""The exit code of a worker that finds a server away when it starts."""

NO_SMALL_DISK: Final = "the disk is never full: it takes the right to mount one, and a long run"
NO_CLOCK: Final = "no clock is moved: it takes a C compiler, and a long run"
TEMPORALS_CLOCK: Final = (
    "Temporal's own clock stays: it asks the kernel, past every library that could tell it another time"
)


@asynccontextmanager
async def house_on(folder: Path, victims: Victims) -> AsyncIterator[House]:
    """Everything that takes part in the run, working on the processes."""
    url = victims.servers.postgres.url
    async with connect_database(url, pool=40) as engine:
        await _prepare(engine)
        client = await connect_temporal(victims.servers.temporal_address)
        clocks = Clocks(client, engine, business_instant(RECEIVED_ON, 10))
        cases = Casework(client, engine, lambda: clocks.now)
        batches = Batchwork(client, engine, lambda: clocks.now)
        people = People(cases, batches, SEED)
        monkey = Monkey(
            victims, Random(SEED), KILLS, pause=1.0 if IS_LONG else 0.4, a_day=KILLS if IS_LONG else 2
        )
        victims.begin(monkey.doom)
        yield House(client, engine, clocks, people, cases, batches, victims, monkey, folder)


async def _prepare(engine: AsyncEngine) -> None:
    await migrate(engine)
    alone = engine.execution_options(isolation_level="AUTOCOMMIT")
    async with alone.connect() as connection:
        await connection.execute(text("ALTER SYSTEM SET max_wal_size = '128MB'"))
        await connection.execute(text("SELECT pg_reload_conf()"))


async def live(house: House) -> int:
    """Run waves until the monkey has had enough; returns their number."""
    monkey = asyncio.create_task(house.monkey.run())
    random, waves = Random(SEED), 0
    try:
        while waves == 0 or not house.monkey.has_enough:
            await Wave(house, waves, draw(random, waves, CASES)).live()
            await verified(house)
            waves += 1
    except (Stuck, TimeoutError) as stuck:
        house.faults.append(f"stuck: {stuck or 'an operator was never answered'}")
    finally:
        monkey.cancel()
        await asyncio.gather(monkey, return_exceptions=True)
    return waves


async def test_nothing_is_lost_and_nothing_doubled_whoever_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_answers(monkeypatch, timedelta(seconds=5))
    started = time.perf_counter()
    logs = tmp_path / "logs"
    logs.mkdir()
    with small_disk(tmp_path / "disk", is_wanted=IS_LONG) as has_small_disk:
        clock = movable(tmp_path) if IS_LONG else None
        for name, value in (clock.environment if clock else {}).items():
            monkeypatch.setenv(name, value)
        victims = Victims(tmp_path / "disk", logs, has_small_disk=has_small_disk, clock=clock)
        try:
            async with house_on(tmp_path, victims) as house:
                waves = await live(house)
                findings = Findings()
                await findings.look(house.engine, house.people.given, house.lives)
                counts = await effects(house.engine)
        finally:
            await victims.end()
    report = _report(house, findings, waves, counts, time.perf_counter() - started)
    report.write(Path(os.environ.get("CHAOS_REPORT") or tmp_path / "chaos.json"))
    sys.stdout.write(f"\n{report.text()}")
    assert report.faults == []
    assert (report.lost, report.doubled) == (0, 0)
    assert set(victims.exits) <= {SERVER_AWAY}, (
        "a worker that ends otherwise was not killed where it was to be"
    )
    assert sum(report.kills.values()) >= KILLS
    if IS_LONG:
        assert [point for point in POINTS if not report.kills.get(f"worker {point}")] == []


def _report(house: House, findings: Findings, waves: int, counts: tuple[int, int], seconds: float) -> Report:
    people, victims = house.people, house.victims
    return Report(
        seed=SEED,
        seconds=round(seconds),
        waves=waves,
        cases=len(house.lives),
        entries=counts[1],
        kills=dict(victims.deaths),
        others=dict(house.monkey.others),
        exits={f"exit code {code}": times for code, times in victims.exits.items()},
        drills=dict(house.drills),
        commands=len(people.given),
        acknowledged=sum(one.is_acknowledged for one in people.given),
        found=findings.found,
        refused=people.refused,
        attempts=people.attempts,
        effects=counts[0],
        lost=findings.lost,
        doubled=findings.doubled,
        overshot=house.clocks.overshot,
        faults=found_by(findings, [*people.faults, *house.faults]),
        left_out=[
            TEMPORALS_CLOCK if victims.clock else NO_CLOCK,
            *([] if victims.has_small_disk else [NO_SMALL_DISK]),
        ],
    )
