"""What a life costs: the length of 青石沟's history, and how many lives per second one worker carries, beside the bare workflow.

Measured: (a) the history events of 青石沟 in the rehearsal, and of a bare case led through the same days (`history.py`); (b) lives per
second with 20 concurrent cases, where a life is the opening and eleven commands up to the strike-off (`lives.py`): ours through
`Casework`, each command answered with the case; the bare one by updates only; and one on DBOS Transact (`dbos_life.py`). One server
and one database serve all sides, each with a worker process of its own. The sides take turns, and the ratio of a round compares two
consecutive turns. CPU time is that of the worker, of this process, which is the caller, and of the servers.

Repeat: `python -m benchmarks.lifecycle` (about 4 minutes; `--rounds`, `--lives`, `--concurrent` change its size).
"""

import asyncio
import statistics
from typing import Annotated, NamedTuple

import typer
from rich.console import Console
from rich.table import Table

from benchmarks import history
from benchmarks.stack import Bench, bench
from benchmarks.turns import Contender, contenders
from runtime.logs import configure_logs

MOST_EVENTS = 215


class Round(NamedTuple):
    """The result of one side's turn: lives per second, each command's latency in seconds, and CPU seconds per life by process."""

    per_s: float
    waited: list[float]
    cpu: dict[str, float]


async def turn(on: Bench, side: Contender, lives: int, concurrent: int) -> Round:
    """Lead `lives` lives on one side, and measure them."""
    before = on.cpu(side.process)
    led = await side.lead(lives, concurrent)
    cpu = {name: (spent - before[name]) / lives for name, spent in on.cpu(side.process).items()}
    return Round(lives / led.seconds, led.waited, cpu)


async def throughput(
    on: Bench, rounds: int, lives: int, concurrent: int
) -> tuple[dict[str, list[Round]], dict[str, Round]]:
    """Several rounds under load, and one with a single case at a time. The side that began a round is the last in the next."""
    async with contenders(on) as sides:
        for side in sides:
            await turn(on, side, 1, 1)
            await turn(on, side, concurrent, concurrent)
        alone = {side.name: await turn(on, side, 8, 1) for side in sides}
        loaded: dict[str, list[Round]] = {side.name: [] for side in sides}
        for _ in range(rounds):
            for side in sides:
                loaded[side.name].append(await turn(on, side, lives, concurrent))
            sides.reverse()
    return loaded, alone


def show_histories(console: Console, found: history.Histories) -> None:
    """Print both lengths, and the events of the bare history."""
    console.print(
        f"history of 青石沟: ours {found.ours} events (target ≤ {MOST_EVENTS}), bare {found.bare}, "
        f"ratio {found.ours / found.bare:.3f}"
    )
    console.print("bare: " + ", ".join(f"{count} {kind}" for kind, count in found.of_bare.most_common()))


def show_throughput(
    console: Console, loaded: dict[str, list[Round]], alone: dict[str, Round], concurrent: int
) -> None:
    """Print each round, and the medians, with the ratios to the bare workflow's turn of the same round."""
    table = Table("round", *(f"{name} lives/s" for name in loaded))
    for no, abreast in enumerate(zip(*loaded.values(), strict=True), 1):
        table.add_row(str(no), *(f"{one.per_s:.2f}" for one in abreast))
    console.print(table)
    for name in loaded.keys() - {"ours"}:
        ratios = [our.per_s / its.per_s for our, its in zip(loaded["ours"], loaded[name], strict=True)]
        console.print(f"lives/s, ours/{name}: median ratio {statistics.median(ratios):.2f}")
    table = Table("", f"ack p50/p99 ms, {concurrent} cases", "1 case")
    spent = Table("CPU ms a life", *loaded["ours"][0].cpu, "sum", "of bare")
    sums = {}
    for name, rounds in loaded.items():
        waited = [wait for one in rounds for wait in one.waited]
        table.add_row(name, _percentiles(waited), _percentiles(alone[name].waited))
        cpu = [statistics.median(one.cpu[part] for one in rounds) * 1000 for part in rounds[0].cpu]
        sums[name] = sum(cpu)
        ratio = sums[name] / sums["bare"]
        spent.add_row(name, *(f"{ms:.0f}" for ms in (*cpu, sums[name])), f"{ratio:.2f}")
    console.print(table, spent)


def _percentiles(seconds: list[float]) -> str:
    cuts = statistics.quantiles(seconds, n=100)
    return f"{cuts[49] * 1000:.0f} / {cuts[98] * 1000:.0f}"


async def measure(rounds: int, lives: int, concurrent: int) -> None:
    """Measure histories and throughput, and print them."""
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
