"""The sides of a comparison, each with its worker process."""

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain
from typing import NamedTuple, Protocol

import psutil

from benchmarks.lives import BareSide, Ours, Side
from benchmarks.side_by_side import side_by_side
from benchmarks.stack import Bench, worker_process


class Led(NamedTuple):
    """The result of some lives: the seconds in all, and the latency of each command in seconds."""

    seconds: float
    waited: list[float]


class Contender(Protocol):
    """A side of the comparison."""

    name: str
    process: psutil.Process

    async def lead(self, lives: int, concurrent: int) -> Led:
        """Lead `lives` lives, `concurrent` at a time."""


class OnTemporal:
    """Lives that this process leads on a Temporal worker."""

    def __init__(self, side: Side, process: psutil.Process) -> None:
        self._side, self.name, self.process = side, side.name, process

    async def lead(self, lives: int, concurrent: int) -> Led:
        """See `Contender`."""
        began = time.perf_counter()
        waited = await side_by_side(lives, concurrent, self._side.live)
        return Led(time.perf_counter() - began, list(chain.from_iterable(waited)))


class OnDbos:
    """Lives in a process that is worker and caller at once (`dbos_life.py`)."""

    name = "DBOS"

    def __init__(self, child: Process) -> None:
        self._child, self.process = child, psutil.Process(child.pid)

    async def lead(self, lives: int, concurrent: int) -> Led:
        """See `Contender`."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(f"{lives} {concurrent}\n".encode())
        told = json.loads(await self._child.stdout.readline())
        return Led(told["seconds"], told["waited"])


@asynccontextmanager
async def contenders(on: Bench) -> AsyncIterator[list[Contender]]:
    """All sides on the same servers, with running workers."""
    ours = Ours(on)
    command = [sys.executable, "-m", "benchmarks.dbos_life", on.url]
    child = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=2**24)
    try:
        with worker_process(on, "bare") as bare, worker_process(on, "ours") as own:
            yield [OnTemporal(BareSide(on, ours.steps()), bare), OnTemporal(ours, own), OnDbos(child)]
    finally:
        child.terminate()
        await child.wait()
