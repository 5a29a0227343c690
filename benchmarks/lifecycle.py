"""What a life costs: 青石沟's history, and how many lives a second one worker carries, beside the bare workflow.

Measured: (a) history events of 青石沟 in the rehearsal and of a bare case led through the same days (`history.py`);
(b) lives per second at 20 concurrent cases, a life being the opening and eleven commands up to the strike-off (`lives.py`): ours
through `Casework`, each command answered with the case as it stands; the bare one by updates alone. One server, one database and
one worker process serve both sides, which take turns; a round's ratio compares two neighbours in time. CPU is that of the worker
process and of this one, which is the caller.

Repeat: `python -m benchmarks.lifecycle` (about 4 minutes; `--rounds`, `--lives`, `--concurrent` change its size).
"""

import asyncio
import statistics
import time
from typing import Annotated, NamedTuple

import psutil
import typer
from rich.console import Console
from rich.table import Table

from benchmarks import history
from benchmarks.lives import BareSide, Ours, Side
from benchmarks.stack import Bench, bench, worker_process
from runtime.logs import configure_logs

MOST_EVENTS, MOST_EVENTS_RATIO, LEAST_LIVES_RATIO = 340, 1.15, 0.7


class Round(NamedTuple):
    """One side's turn: lives a second, each command's wait in seconds, CPU seconds a life by process."""

    per_s: float
    waited: list[float]
    cpu: dict[str, float]


async def turn(on: Bench, side: Side, worker: psutil.Process, lives: int, concurrent: int) -> Round:
    """So many lives, so many of them at any time."""
    waited: list[float] = []
    left = iter(range(lives))

    async def one_after_another() -> None:
        for _ in left:
            waited.extend(await side.live())

    before = on.cpu(worker)
    began = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(concurrent)))
    took = time.perf_counter() - began
    cpu = {name: (spent - before[name]) / lives for name, spent in on.cpu(worker).items()}
    return Round(lives / took, waited, cpu)


async def throughput(
    on: Bench, rounds: int, lives: int, concurrent: int
) -> tuple[dict[str, list[Round]], dict[str, Round]]:
    """Rounds under load, and one of a single case at a time. Whoever began a round ends the next."""
    ours = Ours(on)
    sides: list[Side] = [BareSide(on, ours.steps()), ours]
    loaded: dict[str, list[Round]] = {side.name: [] for side in sides}
    alone: dict[str, Round] = {}
    with worker_process(on, "bare") as bare, worker_process(on, "ours") as own:
        workers = {"bare": bare, "ours": own}
        for side in sides:
            await side.live()
            await turn(on, side, workers[side.name], concurrent, concurrent)
        for side in sides:
            alone[side.name] = await turn(on, side, workers[side.name], 8, 1)
        for _ in range(rounds):
            for side in sides:
                loaded[side.name].append(await turn(on, side, workers[side.name], lives, concurrent))
            sides.reverse()
    return loaded, alone


def show_histories(console: Console, found: history.Histories) -> None:
    """Both lengths, and what the bare one consists of."""
    ratio = found.ours / found.bare
    console.print(
        f"history of 青石沟: ours {found.ours} events (target ≤ {MOST_EVENTS}), bare {found.bare}, "
        f"ratio {ratio:.3f} (target ≤ {MOST_EVENTS_RATIO})"
    )
    console.print("bare: " + ", ".join(f"{count} {kind}" for kind, count in found.of_bare.most_common()))


def show_throughput(
    console: Console, loaded: dict[str, list[Round]], alone: dict[str, Round], concurrent: int
) -> None:
    """Each round, and what the rounds come to."""
    table = Table("round", "ours lives/s", "bare lives/s", "ratio")
    ratios = []
    for no, (our, bare) in enumerate(zip(loaded["ours"], loaded["bare"], strict=True), 1):
        ratios.append(our.per_s / bare.per_s)
        table.add_row(str(no), f"{our.per_s:.2f}", f"{bare.per_s:.2f}", f"{ratios[-1]:.2f}")
    console.print(table)
    console.print(
        f"lives/s, ours/bare: median ratio {statistics.median(ratios):.2f} (target ≥ {LEAST_LIVES_RATIO})"
    )
    table = Table("", f"ack p50/p99 ms, {concurrent} cases", "1 case")
    spent = Table("CPU ms a life", *loaded["ours"][0].cpu, "sum")
    for name, rounds in loaded.items():
        waited = [wait for one in rounds for wait in one.waited]
        table.add_row(name, _percentiles(waited), _percentiles(alone[name].waited))
        cpu = [statistics.median(one.cpu[part] for one in rounds) * 1000 for part in rounds[0].cpu]
        spent.add_row(name, *(f"{ms:.0f}" for ms in (*cpu, sum(cpu))))
    console.print(table, spent)


def _percentiles(seconds: list[float]) -> str:
    cuts = statistics.quantiles(seconds, n=100)
    return f"{cuts[49] * 1000:.0f} / {cuts[98] * 1000:.0f}"


async def measure(rounds: int, lives: int, concurrent: int) -> None:
    """Measure both, and print them."""
    console = Console()
    show_histories(console, await history.measure())
    async with bench() as on:
        loaded, alone = await throughput(on, rounds, lives, concurrent)
    show_throughput(console, loaded, alone, concurrent)


def main(
    rounds: Annotated[int, typer.Option(help="Turns of each side.")] = 5,
    lives: Annotated[int, typer.Option(help="Lives in a turn.")] = 40,
    concurrent: Annotated[int, typer.Option(help="Cases at any time.")] = 20,
) -> None:
    """History events and lives per second, ours beside bare."""
    configure_logs("warning")
    asyncio.run(measure(rounds, lives, concurrent))


if __name__ == "__main__":
    typer.run(main)
