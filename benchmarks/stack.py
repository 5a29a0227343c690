"""The servers that both sides share, and a worker process for each.

`python -m benchmarks.stack ours` is `worker.py`; `python -m benchmarks.stack bare` runs the bare workflow in the sandbox.
`TEMPORAL_ADDRESS` and `DATABASE_URL` tell them where the servers are.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from math import inf
from pathlib import Path
from typing import NamedTuple

import psutil
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.plugin import SimplePlugin

from benchmarks.bare import BARE_QUEUE, BareCase
from benchmarks.bare_record import BareRecorder, create_tables
from portal.serve import TRUSTED_FOR
from runtime.connect import connect_database
from runtime.embedded import throwaway
from runtime.logs import configure_logs
from runtime.plugin import qingqian_plugin
from runtime.readiness import get_ready
from runtime.temporal import connect_temporal
from runtime.working import ACTIVITIES_AT_ONCE, worker_for
from schema.migrate import migrate
from workflows.queue import TASK_QUEUE

QUEUES = {"ours": TASK_QUEUE, "bare": BARE_QUEUE}


class Bench(NamedTuple):
    """Running servers, and connections to them."""

    address: str
    url: str
    client: Client
    engine: AsyncEngine
    folder: Path

    def cpu(self, worker: psutil.Process) -> dict[str, float]:
        """The CPU seconds that each part of the stack has used so far. `caller` is this process."""
        postmaster = int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0])
        caller = psutil.Process()
        parts = {"worker": [worker], "caller": [caller]}
        parts["Temporal"] = [child for child in caller.children() if _is_temporal(child)]
        parts["PostgreSQL"] = psutil.Process(postmaster).children()
        return {name: sum(_seconds(process) for process in found) for name, found in parts.items()}


def _is_temporal(process: psutil.Process) -> bool:
    try:
        return process.name().startswith("temporal")
    except psutil.NoSuchProcess:
        return False


def _seconds(process: psutil.Process) -> float:
    """The CPU seconds of a process; 0 if it has ended."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


async def connect(address: str, engine: AsyncEngine, side: str) -> Client:
    """A client with our plugin; for the other side with the sandbox and the bare workflow."""
    if side == "ours":
        return await connect_temporal(address, [qingqian_plugin(engine)])
    bare = SimplePlugin("bare", workflows=[BareCase], activities=[BareRecorder(engine).record_bare])
    return await connect_temporal(address, [qingqian_plugin(engine, sandboxed=True), bare])


@asynccontextmanager
async def bench() -> AsyncIterator[Bench]:
    """Temporary servers with the tables of both sides. This process calls them as the window does."""
    get_ready()
    with tempfile.TemporaryDirectory(prefix="qingqian-bench-") as folder:
        async with (
            throwaway(Path(folder)) as (address, url),
            connect_database(url, pool=ACTIVITIES_AT_ONCE, trusted_for=TRUSTED_FOR) as engine,
        ):
            await migrate(engine)
            await create_tables(engine)
            await _fill(engine)
            yield Bench(address, url, await connect(address, engine, "ours"), engine, Path(folder))


async def _fill(engine: AsyncEngine) -> None:
    """Open all connections of the pool, before anything is measured."""

    async def hold() -> None:
        async with engine.connect():
            await asyncio.sleep(1)

    await asyncio.gather(*(hold() for _ in range(ACTIVITIES_AT_ONCE)))


@contextmanager
def worker_process(on: Bench, side: str) -> Iterator[psutil.Process]:
    """A worker of one side in a process of its own, as in production. Its log is written, to /dev/null.

    Compiled modules are cached, as by default in Python: the sandbox imports a workflow's module for every case.
    """
    environment = os.environ | {"TEMPORAL_ADDRESS": on.address, "DATABASE_URL": on.url}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.stack", side],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


async def _work(side: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with (
        connect_database(os.environ["DATABASE_URL"], pool=ACTIVITIES_AT_ONCE, trusted_for=inf) as engine,
        worker_for(await connect(os.environ["TEMPORAL_ADDRESS"], engine, side), queue=QUEUES[side]),
    ):
        await stop.wait()


if __name__ == "__main__":
    configure_logs()
    asyncio.run(_work(sys.argv[1]))
