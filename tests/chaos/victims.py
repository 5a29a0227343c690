"""The processes that are killed. Each is restarted as soon as it is gone."""

import asyncio
import contextlib
import os
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final, NamedTuple

import psutil

from office.away import ServerAway
from tests.chaos.clock import DayTime
from tests.durability.processes import Servers, be_worker
from tests.processes import start

Doom = str | None
"""The point at which a worker kills itself, as `tests.durability.fragile_worker` reads it; together with Temporal if a `+` follows."""

WITH_TEMPORAL: Final = "+"
_LOOKS_EVERY: Final = 0.05


class Worker(NamedTuple):
    """A worker, the point at which it dies, and its log."""

    process: BaseProcess
    doom: Doom
    log: Path

    @property
    def is_at_work(self) -> bool:
        """Whether it has started to work, so that killing it is of interest."""
        if self.process.exitcode is not None or not self.log.exists():
            return False
        with self.log.open("rb") as said:
            return b'"working"' in said.read(1 << 16)


class Victims:
    """PostgreSQL, Temporal and two workers on a folder.

    Attributes:
        deaths: Who died (SIGKILL), and at which point.
        exits: The exit codes of workers that ended by themselves.
        has_small_disk: Whether the folder is a separate disk, which may be filled.
        clock: The time of day of all but Temporal, if it can be moved.
    """

    def __init__(self, folder: Path, logs: Path, *, has_small_disk: bool, clock: DayTime | None) -> None:
        self.servers = Servers(folder)
        self.clock = clock
        self.deaths = Counter[str]()
        self.exits = Counter[int]()
        self.has_small_disk = has_small_disk
        self._folder, self._logs = folder, logs
        self._draw: Callable[[], Doom] = lambda: None
        self._crew: list[Worker] = []
        self._hired = 0
        self._alone = asyncio.Lock()
        self._keeper: asyncio.Task[None] | None = None
        self._is_ending = False

    def begin(self, draw: Callable[[], Doom]) -> None:
        """Start the workers, and from now on replace every process that is gone. `draw` chooses how each new worker dies."""
        self._draw = draw
        self._crew = [self._hire(), self._hire()]
        self._keeper = asyncio.create_task(self._keep_up())

    async def end(self) -> None:
        """Stop all processes, by pid."""
        self._is_ending = True
        if self._keeper is not None:
            # Not cancelled: a server that it is starting in a thread would outlive the run.
            await asyncio.gather(self._keeper, return_exceptions=True)
        for worker in self._crew:
            worker.process.terminate()
        for worker in self._crew:
            await asyncio.to_thread(worker.process.join, 30)
            worker.process.kill()
        await asyncio.to_thread(self.servers.stop)

    def _hire(self) -> Worker:
        doom = self._draw()
        environment = self.servers.environment
        if doom is not None:
            environment["KILL_AT"] = doom.removesuffix(WITH_TEMPORAL)
            if doom.endswith(WITH_TEMPORAL):
                environment["KILL_TOO"] = str(self.servers.pid_file)
        self._hired += 1
        log = self._logs / f"worker-{self._hired}.log"
        return Worker(start(be_worker, environment=environment, out=str(log), err=str(log)), doom, log)

    async def _keep_up(self) -> None:
        while not self._is_ending:
            await asyncio.sleep(_LOOKS_EVERY)
            async with self._alone:
                for place, worker in enumerate(self._crew):
                    if worker.process.exitcode is not None:
                        self._note_end(worker.process.exitcode, worker.doom)
                        self._crew[place] = self._hire()
                with contextlib.suppress(ServerAway, OSError, AssertionError):  # the disk may be full
                    if self.servers.temporal.poll() is not None:
                        await asyncio.to_thread(self.servers.start_temporal)
                    if not self.servers.postgres.is_running():
                        await asyncio.to_thread(self.servers.postgres.start)

    def _note_end(self, exit_code: int, doom: Doom) -> None:
        if exit_code != -signal.SIGKILL:
            self.exits[exit_code] += 1
            return
        point = (doom or "at random").partition(":")[0]
        self.deaths[f"worker {point}{' a commit' if point in ('before', 'after') else ''}"] += 1
        if doom is not None and doom.endswith(WITH_TEMPORAL) and self.servers.temporal.poll() is not None:
            self.deaths["temporal with a worker"] += 1

    def kill_worker(self, place: int) -> None:
        """Kill a worker wherever it is, unless it has just been started."""
        if self._crew[place].is_at_work:
            self._kill(place)

    def _kill(self, place: int) -> None:
        self._crew[place] = self._crew[place]._replace(doom=None)
        self._crew[place].process.kill()

    def spare(self) -> None:
        """Replace the workers that are to kill themselves now."""
        for place, worker in enumerate(self._crew):
            if worker.doom is not None:
                self._kill(place)

    def kill_temporal(self) -> None:
        """Kill Temporal."""
        if self.servers.temporal.poll() is None:
            self.deaths["temporal at random"] += 1
            self.servers.temporal.kill()

    def kill_postgres(self) -> None:
        """Kill PostgreSQL's postmaster. Its other processes end when they notice."""
        if (pid := self.servers.postgres.pid) is not None and self.servers.postgres.is_running():
            with contextlib.suppress(ProcessLookupError):  # a full disk may have ended it just now
                os.kill(pid, signal.SIGKILL)
                self.deaths["postgresql at random"] += 1

    async def pause(self, whom: str, seconds: float) -> None:
        """Stop a process and its children for a while."""
        pids = {
            "worker": self._crew[0].process.pid,
            "temporal": self.servers.temporal.pid,
            "postgresql": self.servers.postgres.pid,
        }
        if (pid := pids[whom]) is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            first = psutil.Process(pid)
            family = [first, *first.children(recursive=True)]
            try:
                _signal(family, signal.SIGSTOP)
                await asyncio.sleep(seconds)
            finally:
                _signal(family, signal.SIGCONT)

    @contextlib.contextmanager
    def full_disk(self) -> Iterator[None]:
        """Fill the disk of both servers during the block."""
        ballast = self._folder / "ballast"
        try:
            with contextlib.suppress(OSError), ballast.open("wb") as file:
                while True:
                    os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), 1 << 16)
            yield
        finally:
            ballast.unlink(missing_ok=True)

    def keep_temporal(self, copy: Path) -> None:
        """Copy Temporal's database while it runs."""
        with sqlite3.connect(self.servers.database) as now, sqlite3.connect(copy) as kept:
            now.backup(kept)
        now.close()
        kept.close()

    async def replace_temporal(self, copy: Path | None) -> None:
        """Replace Temporal's database by an older copy, or by nothing: it has lost everything. The workers are restarted, as the
        operator's guide demands.
        """
        async with self._alone:
            for place in range(len(self._crew)):
                self._kill(place)
            self.servers.temporal.kill()
            await asyncio.to_thread(self.servers.temporal.wait)
            for path in self._folder.glob(f"{self.servers.database.name}*"):
                path.unlink()
            if copy is not None:
                shutil.copyfile(copy, self.servers.database)
            await asyncio.to_thread(self.servers.start_temporal)


def _signal(family: list[psutil.Process], number: int) -> None:
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)
