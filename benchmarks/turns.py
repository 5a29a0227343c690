"""Whose turn it is: sides that lead so many lives at once, each with a process that works for it."""

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
    """What some lives took: seconds in all, and of each command how long it waited for its answer, in seconds."""

    seconds: float
    waited: list[float]


class Contender(Protocol):
    """One of those that are compared."""

    name: str
    process: psutil.Process

    async def lead(self, lives: int, concurrent: int) -> Led:
        """So many lives, so many of them at any time."""


class OnTemporal:
    """Lives told from here to a worker."""

    def __init__(self, side: Side, process: psutil.Process) -> None:
        self._side, self.name, self.process = side, side.name, process

    async def lead(self, lives: int, concurrent: int) -> Led:
        """See `Contender`."""
        began = time.perf_counter()
        waited = await side_by_side(lives, concurrent, self._side.live)
        return Led(time.perf_counter() - began, list(chain.from_iterable(waited)))


class OnDbos:
    """Lives in a process that is worker and caller in one (`dbos_life.py`)."""

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
    """All of them on one stack, at work."""
    ours = Ours(on)
    command = [sys.executable, "-m", "benchmarks.dbos_life", on.url]
    child = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=2**24)
    try:
        with worker_process(on, "bare") as bare, worker_process(on, "ours") as own:
            yield [OnTemporal(BareSide(on, ours.steps()), bare), OnTemporal(ours, own), OnDbos(child)]
    finally:
        child.terminate()
        await child.wait()
