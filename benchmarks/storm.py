"""A night on which a thousand deadlines lapse at once: how late is the last one recorded, and who has to wait?

Measured: open cases on one stack with one worker process. A tenth of them, or as many as `--lapsing` says, lapse at the same midnight,
which their clocks reach during the run. One person gives commands to other cases one after the other, from before midnight until the
last lapse is recorded. A rule pack spreads the wake-ups over `spread` minutes (50 in Gansu); here it is two, so that the storm is 25
times as dense, or none. Every lapse must be recorded exactly once. Before that, as many bare workflows wake at one instant on a worker
of their own, and each runs its one activity.

Repeat: `python -m benchmarks.storm` (about 15 minutes; `--cases`, `--lapsing` and `--spread` change its size).
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Annotated, Final, NamedTuple

import typer
from rich.console import Console
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.bare_record import Step
from benchmarks.lives import OFFICE, BareSide, receipt_of
from benchmarks.side_by_side import side_by_side
from benchmarks.stack import Bench, bench, worker_process
from domain.calendar import SHANGHAI, add_working_days, business_date, business_instant
from domain.commands import read_command
from domain.duty import DutyKind
from domain.rules import Rules
from office.away import ServerAway
from office.calendar.loading import published_calendar
from office.cases import Casework
from office.packs import load_pack
from runtime.logs import configure_logs

AT_ONCE: Final = 20
QUIET_FOR: Final = 120.0
MOST_SLOWER, MOST_OF_BARE = 3.0, 4.0
_COUNT: Final = text("SELECT count(*), count(DISTINCT stream) FROM event WHERE kind = 'deadline_lapsed'")
_BARE_COUNT: Final = text(
    "SELECT count(*), count(DISTINCT case_no) FROM bare_entry WHERE step_id LIKE 'wake%'"
)


class Storm(NamedTuple):
    """The latencies of commands in seconds, before and after midnight; the seconds from midnight to the last record; and the number of
    lapses.
    """

    quiet: list[float]
    stormy: list[float]
    last_after: float
    lapses: int


def _p95(waited: Iterable[float]) -> float:
    return statistics.quantiles(waited, n=20)[18]


async def _open(cases: Casework, count: int, rules: Rules, received_on: datetime) -> list[str]:
    """Open `count` cases that were received on that day."""
    receipt = receipt_of(business_date(received_on))
    return [one.case_no for one in await side_by_side(count, AT_ONCE, lambda: cases.open(receipt, rules))]


async def _act(cases: Casework, case_nos: list[str], is_over: Callable[[], bool]) -> list[float]:
    """Give commands one after the other, each to another case, until `is_over`; returns their latencies."""
    waited = []
    while case_nos and not is_over():
        began = time.perf_counter()
        await _accept(cases, case_nos.pop())
        waited.append(time.perf_counter() - began)
        await asyncio.sleep(0.1)
    return waited


async def _accept(cases: Casework, case_no: str) -> None:
    """Accept a case; send the command again as long as nobody answers."""
    command = read_command({"do": "accept", "by": f"clerk:李敏@{OFFICE}", "command_id": "accept"})
    while True:
        with suppress(ServerAway):
            await cases.act(case_no, command)
            return


async def _until(engine: AsyncEngine, count: TextClause, wanted: int) -> tuple[float, int]:
    """Wait until so many cases have entries; returns the monotonic time, and the number of entries."""
    while True:
        async with engine.connect() as connection:
            entries, of_cases = (await connection.execute(count)).one()
        if of_cases >= wanted:
            return time.monotonic(), entries
        await asyncio.sleep(0.1)


async def bare_storm(on: Bench, waking: int) -> float:
    """Have as many bare workflows wake at one instant; returns the seconds until each has run its activity."""
    ahead = timedelta(seconds=waking / 20 + 15)
    strikes, instant = time.monotonic() + ahead.total_seconds(), datetime.now(SHANGHAI) + ahead
    await side_by_side(waking, AT_ONCE, BareSide(on, [Step(step_id="c0", wakes=(instant,))]).open)
    assert time.monotonic() < strikes, "some were opened too late"
    last, _ = await _until(on.engine, _BARE_COUNT, waking)
    return last - strikes


async def measure(on: Bench, cases: int, lapsing: int, spread: int) -> Storm:
    """Open the cases, wait for midnight, and measure."""
    today = business_date(datetime.now(SHANGHAI))
    calendar = published_calendar(today)
    rules = load_pack("gansu").for_case(calendar).model_copy(update={"spread": spread})
    began = time.monotonic()
    others = await _open(Casework(on.client, on.engine), cases - lapsing, rules, datetime.now(SHANGHAI))
    each = (time.monotonic() - began) / (cases - lapsing)

    ahead = timedelta(seconds=each * lapsing * 1.5 + QUIET_FOR + 45)
    last_day = add_working_days(calendar, today, -1)
    midnight = business_instant(last_day + timedelta(days=1))
    offset = midnight - (datetime.now(SHANGHAI) + ahead)
    strikes = time.monotonic() + ahead.total_seconds()
    term = rules.duties[DutyKind.INTAKE].term
    assert term is not None
    received = business_instant(add_working_days(calendar, last_day, -term.days), 9)
    await _open(
        Casework(on.client, on.engine, lambda: datetime.now(SHANGHAI) + offset), lapsing, rules, received
    )

    acting, half = Casework(on.client, on.engine), len(others) // 2
    ends = min(strikes, time.monotonic() + QUIET_FOR)
    quiet = await _act(acting, others[:half], lambda: time.monotonic() >= ends)
    await asyncio.sleep(max(strikes - time.monotonic(), 0))
    all_lapsed = asyncio.create_task(_until(on.engine, _COUNT, lapsing))
    stormy = await _act(acting, others[half:], all_lapsed.done)
    last, lapses = await all_lapsed
    return Storm(quiet, stormy, last - strikes, lapses)


async def run(cases: int, lapsing: int, spread: int) -> tuple[float, Storm]:
    """Run both storms on temporary servers, the bare one first."""
    async with bench() as on:
        with worker_process(on, "bare"):
            bare_after = await bare_storm(on, lapsing)
        with worker_process(on, "ours"):
            return bare_after, await measure(on, cases, lapsing, spread)


def main(
    cases: Annotated[int, typer.Option(help="Open cases.")] = 10_000,
    lapsing: Annotated[int, typer.Option(help="Of them, those whose deadline lapses.")] = 1_000,
    spread: Annotated[int, typer.Option(help="Minutes over which they wake.")] = 2,
) -> None:
    """How late the last lapse is recorded, and what a command waits meanwhile."""
    configure_logs("warning")
    bare_after, found = asyncio.run(run(cases, lapsing, spread))
    console = Console()
    quiet, stormy = _p95(found.quiet) * 1000, _p95(found.stormy) * 1000
    console.print(
        f"{cases} open cases, {lapsing} lapse: {found.lapses} deadline_lapsed, the last "
        f"on record {found.last_after:.1f} s after midnight (spread over {spread * 60} s)"
    )
    console.print(
        f"as many bare workflows that wake at once: {bare_after:.1f} s, "
        f"{found.last_after / bare_after:.2f} times (target without a spread ≤ {MOST_OF_BARE})"
    )
    console.print(
        f"a command's p95: {quiet:.0f} ms before ({len(found.quiet)}), {stormy:.0f} ms meanwhile "
        f"({len(found.stormy)}), {stormy / quiet:.2f} times (target ≤ {MOST_SLOWER}); "
        f"the longest {max(found.stormy):.1f} s"
    )


if __name__ == "__main__":
    typer.run(main)
