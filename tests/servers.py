"""The real servers of a run of tests, which all its processes share: `python -m tests.servers FOLDER` runs them until it is ended.

Whoever needs them first starts them; who began the run ends them.
"""

import asyncio
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import psutil

from runtime.connect import connect_database
from runtime.embedded import SKIPPING, Postgres, free_port, start_temporal, stop_process
from schema.migrate import migrate
from tests.stack import Servers

_ADDRESSES, _PID, _LOCK, _LOG = "addresses.json", "pid", "lock", "log"
_START_WITHIN: Final = 300
_SETTINGS: Final = (
    "max_connections = 500",
    "fsync = off",
    "full_page_writes = off",
    "synchronous_commit = off",
)
"""Every process of the run has its pools; and no test on these servers cuts the power."""


def shared(folder: Path) -> Servers:
    """The servers of a run, started if nobody has."""
    addresses = folder / _ADDRESSES
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not addresses.exists():
            _start(folder)
    return Servers(**json.loads(addresses.read_text("utf-8")))


_started: list[subprocess.Popen[bytes]] = []
"""Kept, so that nobody wonders about a process that still runs: `end` ends it."""


def _start(folder: Path) -> None:
    log = folder / _LOG
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers", str(folder)],
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    _started.append(process)
    (folder / _PID).write_text(str(process.pid))
    deadline = time.monotonic() + _START_WITHIN
    while not (folder / _ADDRESSES).exists():
        assert process.poll() is None, log.read_text("utf-8", "replace")
        assert time.monotonic() < deadline, f"no servers within {_START_WITHIN} s"
        time.sleep(0.05)


def end(folder: Path) -> None:
    """End the servers of a run, if there are any, and wait until they are gone."""
    if (folder / _PID).exists():
        pid = int((folder / _PID).read_text())
        os.kill(pid, signal.SIGTERM)
        while _is_there(pid):
            time.sleep(0.05)


def _is_there(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def serve(folder: Path) -> None:
    """Run both servers with a migrated template, and leave word of their addresses."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    port, postgres = free_port(), Postgres(folder / "postgres")
    temporal = await start_temporal(port, config=SKIPPING)
    try:
        await asyncio.to_thread(postgres.start)
        servers = Servers(f"127.0.0.1:{port}", postgres.url)
        for setting in _SETTINGS:
            await servers.administer(f"ALTER SYSTEM SET {setting}")
        await asyncio.to_thread(postgres.stop)
        await asyncio.to_thread(postgres.start)
        async with connect_database(await servers.create_template()) as engine:
            await migrate(engine)
        written = folder / f"{_ADDRESSES}.new"
        written.write_text(
            json.dumps({"temporal_address": servers.address, "postgres_url": postgres.url}), "utf-8"
        )
        written.rename(folder / _ADDRESSES)
        await stop.wait()
    finally:
        await stop_process(temporal)
        await asyncio.to_thread(postgres.stop)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
