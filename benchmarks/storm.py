"""A night on which a thousand deadlines lapse at once: when is the last of them on record, and who has to wait for it?

Measured: open cases on one stack with one worker process; a tenth of them, or as many as `--lapsing` says, lapse at one midnight,
which their clocks reach while the benchmark runs. One person gives a command to one other case after the other, before midnight
and while the cases are woken. A rule pack spreads their waking over `spread` minutes (50 in Gansu); here it is over two, so that
the storm is 25 times as dense as it would be. Every lapse must be there, once.

Repeat: `python -m benchmarks.storm` (about 15 minutes; `--cases` and `--lapsing` change its size).
"""

import asyncio
import statistics
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Final, NamedTuple

import typer
from rich.console import Console
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.lives import OFFICE, receipt_of
from benchmarks.stack import Bench, bench, worker_process
from domain.calendar import SHANGHAI, add_working_days, business_date, business_instant
from domain.commands import read_command
from domain.duty import DutyKind
from domain.rules import Rules
from office.calendar.loading import published_calendar
from office.cases import Casework
from office.packs import load_pack
from runtime.logs import configure_logs

AT_ONCE: Final = 20
SPREAD: Final = 2
MOST_SLOWER: Final = 3.0
_COUNT: Final = text("SELECT count(*), count(DISTINCT stream) FROM event WHERE kind = 'deadline_lapsed'")


class Storm(NamedTuple):
    """Seconds a command waited, before midnight and after; seconds from midnight to the last record; lapses and cases."""

    quiet: list[float]
    stormy: list[float]
    last_after: float
    lapses: int
    lapsed: int


def _p95(waited: Iterable[float]) -> float:
    return statistics.quantiles(waited, n=20)[18]


async def _open(cases: Casework, count: int, rules: Rules, received_on: datetime) -> list[str]:
    """So many cases, received on that day."""
    receipt, left, opened = receipt_of(business_date(received_on)), iter(range(count)), []

    async def one_after_another() -> None:
        for _ in left:
            opened.append((await cases.open(receipt, rules)).case_no)

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return opened


async def _act(cases: Casework, case_nos: list[str], until: float) -> list[float]:
    """One command after the other, each to another case, until an instant of the monotonic clock."""
    waited = []
    while time.monotonic() < until and case_nos:
        command = read_command({"do": "accept", "by": f"clerk:李敏@{OFFICE}", "command_id": "accept"})
        began = time.perf_counter()
        await cases.act(case_nos.pop(), command)
        waited.append(time.perf_counter() - began)
        await asyncio.sleep(0.1)
    return waited


async def _until_all_lapsed(engine: AsyncEngine, lapsing: int) -> tuple[float, tuple[int, int]]:
    """When that was, by the monotonic clock; and how many lapses of how many cases there are."""
    while True:
        async with engine.connect() as connection:
            lapses, lapsed = (await connection.execute(_COUNT)).one()
        if lapsed >= lapsing:
            return time.monotonic(), (lapses, lapsed)
        await asyncio.sleep(0.1)


async def measure(on: Bench, cases: int, lapsing: int) -> Storm:
    """Open the cases, wait for midnight, and watch."""
    today = business_date(datetime.now(SHANGHAI))
    calendar = published_calendar(today)
    rules = load_pack("gansu").for_case(calendar).model_copy(update={"spread": SPREAD})
    began = time.monotonic()
    others = await _open(Casework(on.client, on.engine), cases - lapsing, rules, datetime.now(SHANGHAI))
    each = (time.monotonic() - began) / (cases - lapsing)

    ahead = timedelta(seconds=each * lapsing * 1.5 + 45)
    midnight = business_instant(today + timedelta(days=1))
    offset = midnight - (datetime.now(SHANGHAI) + ahead)
    strikes = time.monotonic() + ahead.total_seconds()
    term = rules.duties[DutyKind.INTAKE].term
    assert term is not None
    received = business_instant(add_working_days(calendar, today, -term.days), 9)
    await _open(
        Casework(on.client, on.engine, lambda: datetime.now(SHANGHAI) + offset), lapsing, rules, received
    )

    acting = Casework(on.client, on.engine)
    half = len(others) // 2
    quiet = await _act(acting, others[:half], min(strikes, time.monotonic() + SPREAD * 60))
    await asyncio.sleep(max(strikes - time.monotonic(), 0))
    stormy = await _act(acting, others[half:], strikes + SPREAD * 60)
    last_after, found = await _until_all_lapsed(on.engine, lapsing)
    return Storm(quiet, stormy, last_after - strikes, *found)


async def run(cases: int, lapsing: int) -> Storm:
    """On a stack of its own."""
    async with bench() as on:
        with worker_process(on, "ours"):
            return await measure(on, cases, lapsing)


def main(
    cases: Annotated[int, typer.Option(help="Open cases.")] = 10_000,
    lapsing: Annotated[int, typer.Option(help="Of them, those whose deadline lapses.")] = 1_000,
) -> None:
    """How late the last lapse is recorded, and what a command waits meanwhile."""
    configure_logs("warning")
    found = asyncio.run(run(cases, lapsing))
    console = Console()
    quiet, stormy = _p95(found.quiet) * 1000, _p95(found.stormy) * 1000
    console.print(
        f"{cases} open cases, {lapsing} lapse: {found.lapses} deadline_lapsed of {found.lapsed} cases, the last "
        f"on record {found.last_after:.0f} s after midnight (spread over {SPREAD * 60} s)"
    )
    console.print(
        f"a command's p95: {quiet:.0f} ms before ({len(found.quiet)}), {stormy:.0f} ms meanwhile "
        f"({len(found.stormy)}), {stormy / quiet:.2f} times (target ≤ {MOST_SLOWER})"
    )


if __name__ == "__main__":
    typer.run(main)
