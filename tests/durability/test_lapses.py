"""Many duties lapse on one day while the worker is killed: each reaches each level once, and none is missing.

`make exactly-once` does the same with two thousand; `LAPSES=500 make exactly-once` with any number.
"""

import asyncio
import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from office.verification.verifying import verify
from runtime.connect import connect_database
from runtime.temporal import connect_temporal
from runtime.working import ACTIVITIES_AT_ONCE
from schema.migrate import migrate
from schema.tables import event
from tests.durability.processes import Workers, running
from tests.stack import PROMPT, Desk, agreed, eventually

CASES: Final = int(os.environ.get("LAPSES", "12"))
AT_ONCE: Final = 40

pytestmark = [pytest.mark.kill, pytest.mark.timeout(600 + CASES * 2)]

LEVELS: Final = {
    ("deadline_near", "near"),
    ("deadline_lapsed", "lapsed"),
    ("escalated", "supervised"),
    ("escalated", "key_supervised"),
    ("step_proposed", "key_supervised"),
    ("escalated", "taken_over"),
    ("step_proposed", "referred"),
}
"""What the intake (受理), which nobody does, makes happen apart from the documents."""


async def recorded(engine: AsyncEngine, kind: str) -> int:
    """How many entries of a kind there are."""
    query = select(func.count()).where(event.c.kind == kind)
    async with engine.connect() as connection:
        return int((await connection.execute(query)).scalar_one())


async def reached(engine: AsyncEngine) -> dict[tuple[str, str], tuple[int, int]]:
    """For each kind and level of the intakes: the number of entries, and of cases."""
    level = event.c.data["level"].astext
    query = (
        select(event.c.kind, level, func.count(), func.count(event.c.stream.distinct()))
        .where(event.c.data["duty"].astext == "intake", event.c.kind != "notice_issued")
        .group_by(event.c.kind, level)
    )
    async with engine.connect() as connection:
        return {(row[0], row[1]): (row[2], row[3]) for row in await connection.execute(query)}


async def kill_when(workers: Workers, engine: AsyncEngine, kind: str, *counts: int) -> None:
    """Kill the worker each time that so many entries of a kind are on record."""
    for count in counts:

        async def is_time(count: int = count) -> bool:
            return await recorded(engine, kind) >= count

        await eventually(is_time, within=120 + 2 * CASES)
        workers.kill()


@pytest.mark.long
async def test_each_level_is_reached_once_whoever_is_killed(tmp_path: Path) -> None:
    """One worker dies just after the commit of a reminder, the next just before that of an escalation; with many cases, two more."""
    started = time.perf_counter()
    kills = (f"after:{CASES + CASES // 2}", f"before:{2 * CASES}")
    more = (2 * CASES, 5 * CASES // 2) if CASES > 100 else ()
    with running(tmp_path, kills) as (servers, workers):
        async with connect_database(servers.postgres.url, pool=ACTIVITIES_AT_ONCE) as engine:
            await migrate(engine)
            desk = Desk(await connect_temporal(servers.temporal_address), engine)

            room = asyncio.Semaphore(AT_ONCE)

            async def open_case(no: int) -> None:
                async with room:
                    await desk.open(rules=PROMPT, title=f"第{no}件")

            await asyncio.gather(*(open_case(no) for no in range(CASES)))
            opened = time.perf_counter()
            await desk.move_to(date(2023, 5, 15))
            assert workers.deaths == 1
            lapsed = time.perf_counter()
            await asyncio.gather(
                desk.move_to(date(2023, 7, 31)),
                kill_when(workers, engine, "escalated", *more),
            )
            assert workers.deaths == len(kills) + len(more)
            climbed = time.perf_counter()
            assert await reached(engine) == dict.fromkeys(LEVELS, (CASES, CASES))
            verified = await verify(desk.client, engine)
    assert verified == agreed(CASES)
    sys.stdout.write(
        f"\n{CASES} cases: opened in {opened - started:.0f} s, near and lapsed in {lapsed - opened:.0f} s, "
        f"climbed to the top in {climbed - lapsed:.0f} s, verified in {time.perf_counter() - climbed:.0f} s; "
        f"{workers.deaths} workers killed; of each of {len(LEVELS)} levels {CASES}, none doubled, none missing\n"
    )
