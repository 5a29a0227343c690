"""The same life on DBOS Transact, which is a library in the calling process and needs only PostgreSQL.

This process leads as many lives as it is told, and reports how long they took. Its workflow does what the bare one does: one
transaction for each command (`bare_record.py`), in a step; a wait for the next command or the next instant; an answer by an event.
Caller and workflow share the process, and DBOS listens instead of polling, which is its fastest mode.

`python -m benchmarks.dbos_life URL` reads lines `LIVES CONCURRENT`, and prints a line of JSON for each: `{"seconds", "waited"}`.
"""

import asyncio
import itertools
import json
import sys
import time
from datetime import UTC, datetime
from typing import Any, Final

from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.bare_record import effect, entry
from benchmarks.side_by_side import side_by_side
from runtime.connect import connect_database
from runtime.working import ACTIVITIES_AT_ONCE

COMMANDS: Final = 11
_WAKES_AFTER_S: Final = 30 * 86_400
"""The next instant at which something would happen by itself."""

_numbers = itertools.count(1)
_engine: AsyncEngine | None = None


@DBOS.step()
async def record(case_no: str, seq: int, step_id: str) -> None:
    """Record a step in one transaction, as the bare activity does."""
    assert _engine is not None, "the process connects before it lives"
    async with _engine.begin() as connection:
        claim = upsert(effect).values(effect_key=f"{case_no}/{seq}").on_conflict_do_nothing()
        if (await connection.execute(claim)).rowcount == 1:
            values = {"case_no": case_no, "seq": seq, "step_id": step_id, "at": datetime.now(UTC)}
            await connection.execute(insert(entry).values(values))


@DBOS.workflow()
async def life(case_no: str) -> int:
    """A case from its opening to its last command."""
    for seq in range(1, COMMANDS + 2):
        step_id = await DBOS.recv_async("act", timeout_seconds=_WAKES_AFTER_S) if seq > 1 else "c0"
        await record(case_no, seq, step_id)
        await DBOS.set_event_async(step_id, seq)
    return COMMANDS


async def live() -> list[float]:
    """One life; returns how long each command waited for its answer, in seconds."""
    case_no = f"DBOS-{next(_numbers):06d}-{time.time_ns()}"
    with SetWorkflowID(case_no):
        handle = await DBOS.start_workflow_async(life, case_no)
    await DBOS.get_event_async(case_no, "c0", timeout_seconds=60)
    waited = []
    for no in range(1, COMMANDS + 1):
        began = time.perf_counter()
        await DBOS.send_async(case_no, f"c{no}", "act")
        assert await DBOS.get_event_async(case_no, f"c{no}", timeout_seconds=60) == no + 1
        waited.append(time.perf_counter() - began)
    await handle.get_result()
    return waited


async def lead(lives: int, concurrent: int) -> dict[str, Any]:
    """Lead `lives` lives, `concurrent` at a time."""
    began = time.perf_counter()
    waited = await side_by_side(lives, concurrent, live)
    return {"seconds": time.perf_counter() - began, "waited": list(itertools.chain.from_iterable(waited))}


async def main(url: str) -> None:
    """Start DBOS in the benchmark's database, and lead lives as requested on standard input."""
    global _engine
    config: DBOSConfig = {"name": "bench", "system_database_url": url, "log_level": "ERROR"}
    DBOS(config=config)
    DBOS.launch()
    async with connect_database(url, pool=ACTIVITIES_AT_ONCE) as _engine:
        while line := await asyncio.to_thread(sys.stdin.readline):
            lives, concurrent = map(int, line.split())
            sys.stdout.write(json.dumps(await lead(lives, concurrent)) + "\n")
            sys.stdout.flush()
    DBOS.destroy()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
