"""`qingqian dev`: the embedded stack for real use, its data kept, its processes watched and brought back."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import psutil
import structlog

from office.away import ServerAway
from office.faults import Faults
from runtime.connect import connect_database
from runtime.embedded import FAST, free_port, start_temporal, stop_process
from runtime.logs import configure_logs
from runtime.postgres import Postgres
from runtime.serving import ENDED_WITHIN, WRONG
from runtime.stack import STACK_FILE, Running, Stack, find_stack
from runtime.store import FOLDER as PAPERS
from schema.migrate import migrate

log = structlog.get_logger(__name__)

_LOOK_EVERY: Final = 0.5
_OPENS_WITHIN: Final = 30.0
_OURS: Final = ("temporal", "worker", "portal")
_IN_OUR_FOLDER: Final = (STACK_FILE, "postgres", PAPERS)


class Ports(NamedTuple):
    """The ports that somebody asks for; the others are those used before, or free ones. Temporal's page is there if asked for."""

    temporal: int | None = None
    ui: int | None = None
    portal: int | None = None


class _Dev:
    """Four processes on one data folder: PostgreSQL, Temporal, a worker, the window."""

    def __init__(self, data: Path, ports: Ports, verbose: bool) -> None:
        self._data = data.resolve()
        self._verbose = verbose
        before = find_stack(data)
        temporal, portal = (before.temporal_address, before.portal) if before else (None, None)
        self._port = _asked(ports.temporal) or _if_free(temporal) or free_port()
        self._portal_port = _asked(ports.portal) or _if_free(portal) or free_port()
        self._ui_port = _asked(ports.ui)
        self._postgres = Postgres(self._data / "postgres")
        self._temporal: asyncio.subprocess.Process | None = None
        self._worker: asyncio.subprocess.Process | None = None
        self._portal: asyncio.subprocess.Process | None = None

    @property
    def stack(self) -> Stack:
        """Where everything is now."""
        processes = [process for process in (self._temporal, self._worker, self._portal) if process]
        return Stack(
            temporal_address=f"127.0.0.1:{self._port}",
            database_url=self._postgres.url,
            ui=f"http://127.0.0.1:{self._ui_port}" if self._ui_port else None,
            portal=f"http://127.0.0.1:{self._portal_port}",
            pids=(os.getpid(), *(process.pid for process in processes)),
        )

    async def keep_up(self) -> None:
        """Start what is not running. A process that was killed comes back and goes on where it was."""
        if not self._postgres.is_running():
            await asyncio.to_thread(self._postgres.start)
            log.info("started", process="postgres", pid=self._postgres.pid)
        if self._temporal is None or self._temporal.returncode is not None:
            self._temporal = await self._start_temporal()
        if self._worker is None or self._is_gone("worker", self._worker):
            self._worker = await self._start("worker")
        if self._portal is None or self._is_gone("portal", self._portal):
            self._portal = await self._start("portal")
        self.stack.write(self._data)

    def _is_gone(self, module: str, process: asyncio.subprocess.Process) -> bool:
        """Whether a process of ours has ended, and may be started again.

        Raises:
            Faults: It would end again: a setting or a file is wrong.
        """
        if process.returncode == WRONG:
            raise Faults(module, [f"a setting or a file is wrong; {self._says_why(module)}"])
        return process.returncode is not None

    def _says_why(self, name: str) -> str:
        """Where a person finds what a process logged."""
        return "its log is above" if self._verbose else f"its log is {self._data / f'{name}.log'}"

    @contextlib.contextmanager
    def _log_of(self, name: str) -> Iterator[IO[bytes]]:
        """Where a process logs: its file in the data folder, or our standard error."""
        if self._verbose:
            yield sys.stderr.buffer
        else:
            with (self._data / f"{name}.log").open("ab") as file:
                yield file

    async def _start_temporal(self) -> asyncio.subprocess.Process:
        database = self._data / "temporal.db"
        try:
            with self._log_of("temporal") as sink:
                process = await start_temporal(
                    self._port, database=database, ui_port=self._ui_port, config=FAST, output=sink
                )
        except ServerAway as away:
            raise ServerAway(f"{away}; {self._says_why('temporal')}") from away
        log.info("started", process="temporal", pid=process.pid)
        return process

    async def _start(self, module: str) -> asyncio.subprocess.Process:
        """Start a process of ours on the two servers, in a session of its own."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
        ours = {
            "TEMPORAL_ADDRESS": self.stack.temporal_address,
            "DATABASE_URL": self.stack.database_url,
            "QINGQIAN_DATA": str(self._data),
            "QINGQIAN_PORTAL": f"127.0.0.1:{self._portal_port}",
        }
        with self._log_of(module) as sink:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                module,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
                env=others | ours,
            )
        log.info("started", process=module, pid=process.pid)
        return process

    async def until_open(self) -> None:
        """Wait for the window.

        Raises:
            ServerAway: It ended, or did not open in time.
            Faults: A setting or a file of its is wrong.
        """
        assert self._portal is not None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_OPENS_WITHIN):
                while self._portal.returncode is None:
                    with contextlib.suppress(OSError):
                        _, writer = await asyncio.open_connection("127.0.0.1", self._portal_port)
                        writer.close()
                        return
                    await asyncio.sleep(0.05)
        self._is_gone("portal", self._portal)
        raise ServerAway(f"the window did not open; {self._says_why('portal')}")

    async def stop(self) -> None:
        """End what was started, in the opposite order."""
        for process in (self._portal, self._worker, self._temporal):
            if process is not None:
                await stop_process(process, within=ENDED_WITHIN + 5)
        if self._postgres.is_running():
            await asyncio.to_thread(self._postgres.stop)
        log.info("stopped")


def _asked(port: int | None) -> int | None:
    """A port that somebody asks for.

    Raises:
        ServerAway: It is taken, or not for us.
    """
    if port is not None:
        try:
            with socket.create_server(("127.0.0.1", port)):
                pass
        except OSError as error:
            raise ServerAway(f"port {port} cannot be used: {error.strerror}") from error
    return port


def own_folder(data: Path) -> None:
    """Make a data folder that nobody else can look into, or close one that there is.

    Raises:
        Faults: It is not ours to close, or somebody's folder with other things in it.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        inside = list(data.iterdir())
        is_open = bool(data.stat().st_mode & 0o067)
        if is_open and inside and not any((data / name).exists() for name in _IN_OUR_FOLDER):
            fault = "--data: others may look into this folder, and it holds other things; name another, or close it: chmod 700"
            raise Faults(str(data), [fault])
        data.chmod(0o700)
        for path in inside:
            if path.is_file() and not path.is_symlink():
                path.chmod(0o600)
    except OSError as error:
        raise Faults(str(data), [f"--data: {error.strerror}"]) from error


def _if_free(address: str | None) -> int | None:
    """The port of an address that was used before, if nobody has taken it since."""
    if address is None:
        return None
    port = int(address.rpartition(":")[2])
    is_taken = any(
        connection.laddr.port == port
        for connection in psutil.net_connections("tcp")
        if connection.laddr and connection.status == psutil.CONN_LISTEN
    )
    return None if is_taken else port


def _refuse_a_second(data: Path) -> None:
    """Raise `Running` if a `dev` is on the folder."""
    found = find_stack(data)
    for pid, words in _there(found.pids[:1] if found else ()):
        if "dev" in words:
            raise Running(f"`qingqian dev` already runs on {data} (process {pid})")


def _end_leftovers(data: Path) -> None:
    """End what a `dev` that was killed has left running."""
    found = find_stack(data)
    for pid, words in _there(found.pids[1:] if found else ()):
        if any(name in words for name in _OURS):
            log.info("ending_leftover", pid=pid)
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                process = psutil.Process(pid)
                process.kill()
                process.wait(10)


def _there(pids: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """Those of some processes that still are, with the words they were called by."""
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            yield pid, [Path(word).name for word in psutil.Process(pid).cmdline()]


async def run_dev(
    data: Path, announce: Callable[[Stack], Any], ports: Ports, *, verbose: bool = False
) -> None:
    """Run the stack on a data folder until SIGINT or SIGTERM.

    Args:
        announce: Told where everything is, once all is open.
        verbose: All log to standard error, not into the folder; PostgreSQL keeps its own log there.

    Raises:
        Running: Another one runs on that folder.
        ServerAway: A server did not come up.
        Faults: The folder cannot be used, or what worker and window need to start is wrong.
    """
    _refuse_a_second(data)
    os.umask(0o077)
    own_folder(data)
    configure_logs("info", None if verbose else data / "dev.log")
    _end_leftovers(data)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    dev = _Dev(data, ports, verbose)
    try:
        await dev.keep_up()
        async with connect_database(dev.stack.database_url) as engine:
            await migrate(engine)
        await dev.until_open()
        announce(dev.stack)
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _LOOK_EVERY)
            if not stop.is_set():
                try:
                    await dev.keep_up()
                except ServerAway as away:
                    log.warning("not_back_yet", message=str(away))
    finally:
        await dev.stop()
