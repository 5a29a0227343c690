"""What an open case costs in memory: the resident memory of a worker per cached case, beside the bare workflow.

Measured: a worker in a process of its own (`stack.py`: `worker.py`, or with the bare workflow) gets 200 cases as a warm-up and then
the others, all open and waiting for their first deadline. The growth of its resident memory, divided by the number of those others, is
the cost of one case: the SDK's sandbox, its state, its rules, and the core's copy of its history. Each side has a new worker on the
same stack. Cases are started directly, not through `Casework`, because only the worker matters.

Repeat: `python -m benchmarks.memory` (about 2 minutes; `--cases` changes its size, `--commands` gives every case so many commands).
"""

import asyncio
from typing import Annotated, Final, NamedTuple

import psutil
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.lives import BareSide, Ours, Side
from benchmarks.side_by_side import side_by_side
from benchmarks.stack import bench, worker_process
from runtime.logs import configure_logs

WARM: Final = 200
AT_ONCE: Final = 20
MOST_KIB: Final = 100


class Grown(NamedTuple):
    """The resident memory of a worker in bytes, after the warm-up and with all cases."""

    warm: int
    full: int
    cases: int

    @property
    def kib_per_case(self) -> float:
        """The memory of one further case, in KiB."""
        return (self.full - self.warm) / (self.cases - WARM) / 1024


async def grow(side: Side, worker: psutil.Process, cases: int, commands: int) -> Grown:
    """Open cases, measuring the worker's memory before and after."""
    await _open(side, WARM, commands)
    warm = await _weigh(worker)
    await _open(side, cases - WARM, commands)
    return Grown(warm, await _weigh(worker), cases)


async def _open(side: Side, cases: int, commands: int) -> None:
    async def open_one() -> None:
        await side.lead(await side.open(), commands)

    await side_by_side(cases, AT_ONCE, open_one)


async def _weigh(worker: psutil.Process) -> int:
    """The resident memory, after a pause for the worker to become idle."""
    await asyncio.sleep(3)
    return int(worker.memory_info().rss)


async def measure(cases: int, commands: int) -> dict[str, Grown]:
    """Measure both sides, each with a worker of its own."""
    found = {}
    async with bench() as on:
        ours = Ours(on)
        sides: list[Side] = [BareSide(on, ours.steps()), ours]
        for side in sides:
            with worker_process(on, side.name) as worker:
                found[side.name] = await grow(side, worker, cases, commands)
    return found


def show(console: Console, found: dict[str, Grown]) -> None:
    """Print both sides, and what the rules add."""
    table = Table("", "warm MiB", "full MiB", "KiB a case")
    for name, grown in found.items():
        table.add_row(
            name, f"{grown.warm / 2**20:.0f}", f"{grown.full / 2**20:.0f}", f"{grown.kib_per_case:.0f}"
        )
    console.print(table)
    ours, bare = found["ours"].kib_per_case, found["bare"].kib_per_case
    console.print(f"ours {ours:.0f} KiB a case (target ≤ {MOST_KIB}), {ours / bare:.2f} times the bare one")


def main(
    cases: Annotated[int, typer.Option(help="Open cases on the worker.")] = 1500,
    commands: Annotated[int, typer.Option(help="Commands that each case has taken.")] = 0,
) -> None:
    """KiB of a worker's memory per cached case, ours beside bare."""
    configure_logs("warning")
    show(Console(), asyncio.run(measure(cases, commands)))


if __name__ == "__main__":
    typer.run(main)
