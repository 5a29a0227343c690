"""How fast the window reads a large record: status pages, the desk's lists, the HTTP interface, and the overview.

Measured on two databases of one server, with crowds (`crowd.py`) of 10,000 and of 1,000,000 cases: (a) the queries of a status page,
alternately on both; (b) on the large one, the desk's lists with every filter and the usual pairs, as a province, cities and a district
see them, first pages and later ones; (c) `GET /api/v1/cases/{case_no}` beside a bare asyncpg SELECT of the same row through the same
web server, alternately; (d) overviews.

Repeat: `python -m benchmarks.desk` (fills both databases first, which takes some 15 minutes; with `--data DIR` they are kept for the
next run).
"""

import asyncio
import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Annotated, Any, Final, NamedTuple

import typer
from obstore.store import MemoryStore
from rich.console import Console
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.crowd import TODAY, add_crowd, begin_crowd, drop_indexes, make_indexes
from benchmarks.web import both_ways
from domain.actors import Role
from domain.value import Light, Mode, Stage
from office.batches import Batchwork
from office.cases import Casework
from office.evidence.store import Papers
from portal.gate.visitors import Staff
from portal.reading import case_and_rules, duties_of
from portal.serve import TRUSTED_FOR
from portal.showing.diagrams import diagrams
from portal.window import Window
from runtime.connect import connect_database
from runtime.logs import configure_logs
from runtime.postgres import Postgres
from schema.migrate import migrate
from schema.seen.desk import Filters, Listing, Sort, listed
from schema.seen.overview import held_in
from schema.seen.sight import Sight

FEW, MANY, AT_A_TIME = 10_000, 1_000_000, 50_000
SIGHTS: Final = {"甘肃省": "620000", "兰州市": "620100", "天水市": "620500", "安宁区": "620105"}
MOST_STATUS_RATIO, MOST_LIST_MS, MOST_API_RATIO = 1.3, 100.0, 3.0

Seconds = list[float]


class Bench(NamedTuple):
    """The two databases, and a window on each."""

    few: Window
    many: Window
    url: str


def at(values: Sequence[float], share: float) -> float:
    """The percentile of the values at that share."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def timed(into: Seconds, wanted: Awaitable[Any]) -> Any:
    """Await something, and note the seconds it took in `into`."""
    began = time.perf_counter()
    got = await wanted
    into.append(time.perf_counter() - began)
    return got


@asynccontextmanager
async def bench(data: Path) -> AsyncIterator[Bench]:
    """Start the server and fill the databases if necessary. It runs without fsync, because the data can be made again."""
    postgres = Postgres(data / "postgres")
    await asyncio.to_thread(postgres.start)
    try:
        async with connect_database(postgres.url) as engine:
            await _outside(engine, "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET max_wal_size = '8GB'")
            await _outside(engine, "SELECT pg_reload_conf()")
            for name in ("few", "many"):
                found = await _outside(engine, f"SELECT 1 FROM pg_database WHERE datname = '{name}'")
                if not found:
                    await _outside(engine, f"CREATE DATABASE {name}")
        urls = [make_url(postgres.url).set(database=name) for name in ("few", "many")]
        few, many = (url.render_as_string(hide_password=False) for url in urls)
        async with (
            connect_database(few, trusted_for=TRUSTED_FOR) as small,
            connect_database(many, trusted_for=TRUSTED_FOR) as great,
        ):
            await fill(small, FEW)
            await fill(great, MANY)
            yield Bench(window_on(small), window_on(great), many)
    finally:
        await asyncio.to_thread(postgres.stop)


async def _outside(engine: AsyncEngine, *statements: str) -> list[Any]:
    """Execute statements outside a transaction; returns the rows of the last one."""
    rows: list[Any] = []
    async with engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in statements:
            result = await alone.execute(text(statement))
            rows = list(result.all()) if result.returns_rows else []
    return rows


async def fill(engine: AsyncEngine, size: int) -> None:
    """Insert a crowd of that size, unless it is there."""
    await migrate(engine)
    if await _outside(engine, "SELECT 1 FROM case_file LIMIT 1"):
        return
    async with engine.begin() as connection:
        await begin_crowd(connection)
        definitions = await drop_indexes(connection)
        for first in range(1, size + 1, AT_A_TIME):
            await add_crowd(connection, first, min(size, first + AT_A_TIME - 1), size)
        await make_indexes(connection, definitions)
    await _outside(engine, "VACUUM ANALYZE", "CHECKPOINT")


def window_on(engine: AsyncEngine) -> Window:
    """A window on a record without workflows, which is only read."""
    nobody: Any = None
    return Window(engine, Casework(nobody, engine), Batchwork(nobody, engine), Papers(MemoryStore()))


async def some_cases(window: Window, chance: Random, size: int) -> list[str]:
    """Random case numbers of the crowd."""
    days = [TODAY - timedelta(days=chance.randrange(2190)) for _ in range(size)]
    found = []
    async with window.engine.connect() as connection:
        for day in days:
            after = f"{day}.QQ-630000-0000-0"
            rows, _ = await listed(connection, Sight.of_office("620000"), TODAY, after=after, size=50)
            found.append(chance.choice(rows).case_no)
    return found


async def status_pages(on: Bench, size: int) -> tuple[Seconds, Seconds]:
    """The seconds for reading a case for its status page, on the small and on the large record."""
    chance = Random(1)
    cases = [await some_cases(window, chance, size) for window in (on.few, on.many)]
    took: tuple[Seconds, Seconds] = ([], [])
    for pair in zip(*cases, strict=True):
        for window, into, case_no in zip((on.few, on.many), took, pair, strict=True):
            await timed(into, case_and_rules(window, Sight.of_party(case_no), case_no))
    return took[0][size // 5 :], took[1][size // 5 :]


def filters() -> Iterator[tuple[str, Filters]]:
    """Every filter, and the usual pairs of filters, each with its kind."""
    stages, lights, modes = ([str(value) for value in kind] for kind in (Stage, Light, Mode))
    offices = ("620000", "620100", "620105", "620500", "620502")
    words = (
        "道路",
        "食堂维修款",
        "安宁区",
        "秦州区 城投",
        "八冶",
        "安宁区道路工程款",
        "没有这样的",
        "陇原 垃圾场 丝",
    )
    numbers = ("QQ-62", "QQ-620105-2023", "QQ-620502-2021-0", "91620000000012345X", "11620000000000012Y")
    yield "all", Filters()
    yield from (("office", Filters(office=office)) for office in offices)
    yield from (("stage", Filters(stage=stage)) for stage in stages)
    yield from (("light", Filters(light=light)) for light in lights)
    yield from (("mode", Filters(mode=mode)) for mode in modes)
    yield from (("words", Filters(q=q)) for q in words)
    yield from (("number, code", Filters(q=q)) for q in numbers)
    for stage, light in itertools.product(stages, lights):
        yield "stage, light", Filters(stage=stage, light=light)
    for stage, mode in itertools.product(stages, modes):
        yield "stage, mode", Filters(stage=stage, mode=mode)
    for light, mode in itertools.product(lights, modes):
        yield "light, mode", Filters(light=light, mode=mode)
    for office, stage in itertools.product(offices, stages):
        yield "office, stage", Filters(office=office, stage=stage)
    for office, light in itertools.product(offices, lights):
        yield "office, light", Filters(office=office, light=light)
    for stage, q in itertools.product(("payment", "closed"), words):
        yield "stage, words", Filters(stage=stage, q=q)


def sorted_lists() -> Iterator[tuple[str, Listing]]:
    """Lists with every filter, the latest received first; single filters also in the other orders; those of days and amounts in all
    three orders.
    """
    yield from ((kind, Listing(chosen)) for kind, chosen in filters())
    single = [(kind, chosen) for kind, chosen in filters() if "," not in kind or kind == "number, code"]
    for sort in (Sort.DUE, Sort.AMOUNT):
        yield from ((f"{kind}, by {sort}", Listing(chosen, sort)) for kind, chosen in single)
    soon, week = TODAY - timedelta(days=1), TODAY + timedelta(days=7)
    of_days = [
        Filters(due_until=soon),
        Filters(due_from=TODAY, due_until=TODAY),
        Filters(due_from=TODAY, due_until=week, stage="payment"),
        Filters(least_fen=10**10),
        Filters(least_fen=10**9, most_fen=2 * 10**9, light="red"),
        Filters(debtor="城投"),
        Filters(debtor="安宁区", due_until=soon),
    ]
    for chosen, sort in itertools.product(of_days, Sort):
        yield "days, amounts, debtor", Listing(chosen, sort)


def behind(sort: Sort, day: date) -> str:
    """The key of a page in the middle of a list in that order."""
    rank = {Sort.RECEIVED: "", Sort.DUE: f"{(date.max - TODAY).days}.", Sort.AMOUNT: f"{10**9}."}[sort]
    return f"{rank}{day}.QQ-630000-0000-0"


async def lists(window: Window, times: int) -> dict[tuple[str, str], dict[Listing, Seconds]]:
    """The seconds for a page of a list, by office and kind of filter."""
    chance = Random(2)
    took: dict[tuple[str, str], dict[Listing, Seconds]] = {}
    async with window.engine.connect() as connection:
        for _ in range(times + 1):
            day = TODAY - timedelta(days=chance.randrange(2190))
            for (place, office), (kind, listing) in itertools.product(SIGHTS.items(), list(sorted_lists())):
                into = took.setdefault((place, kind), {}).setdefault(listing, [])
                for key in (None, behind(listing.sort, day)):
                    asked = listed(connection, Sight.of_office(office), TODAY, listing, after=key)
                    await timed(into, asked)
    return {kind: {chosen: all_of[2:] for chosen, all_of in by.items()} for kind, by in took.items()}


async def pages(window: Window, times: int) -> dict[str, Seconds]:
    """The seconds for an overview, from the query to the charts, and for the desk's first page."""
    took: dict[str, Seconds] = {}
    for turn, (place, office) in itertools.product(range(times + 1), SIGHTS.items()):
        staff = Staff(0, "somebody", "李敏", office, (Role.CLERK, Role.HEAD), "")
        known: tuple[Seconds, Seconds] = ([], [])
        await timed(known[0], overview(window, office))
        await timed(known[1], duties_of(window, staff))
        if turn:
            took.setdefault(f"overview {place}", []).extend(known[0])
            took.setdefault(f"duties on the desk {place}", []).extend(known[1])
    return took


async def overview(window: Window, office: str) -> None:
    """Read and draw the figures of an office."""
    async with window.engine.connect() as connection:
        held = await held_in(connection, Sight.of_office(office), TODAY)
    assert diagrams(held, lambda chinese, english: chinese)


def ms(values: Sequence[float], share: float) -> str:
    """A percentile of seconds, in milliseconds."""
    return f"{at(values, share) * 1000:.1f}"


def show_ratio(
    console: Console, what: str, ours: Seconds, other: Seconds, share: float, target: float
) -> None:
    """Print a percentile of both sides, and their ratio."""
    ratio = at(ours, share) / at(other, share)
    console.print(
        f"{what}: p{share * 100:.0f} {ms(ours, share)} against {ms(other, share)} ms, ratio {ratio:.2f} (target ≤ {target}); "
        f"p50 {ms(ours, 0.5)} against {ms(other, 0.5)} ms"
    )


def show_lists(console: Console, took: dict[tuple[str, str], dict[Listing, Seconds]]) -> None:
    """Print p50 and p95 by office and kind of filter, the totals, and the slowest lists."""
    table = Table("ms p50 / p95", *SIGHTS, title="lists of the desk")
    for kind in dict.fromkeys(kind for _, kind in took):
        of_kind = [list(itertools.chain(*took[place, kind].values())) for place in SIGHTS]
        table.add_row(kind, *(f"{ms(values, 0.5)} / {ms(values, 0.95)}" for values in of_kind))
    console.print(table)
    single = {(place, chosen): values for (place, _), by in took.items() for chosen, values in by.items()}
    whole = list(itertools.chain(*single.values()))
    console.print(
        f"all of them: p50 {ms(whole, 0.5)}, p95 {ms(whole, 0.95)} ms (target ≤ {MOST_LIST_MS:.0f}), {len(whole)} pages"
    )
    for (place, chosen), values in sorted(single.items(), key=lambda item: -at(item[1], 0.5))[:12]:
        told = {name: str(value) for name, value in chosen.filters._asdict().items() if value}
        console.print(
            f"  slowest by their median: {place} by {chosen.sort} {told}: p50 {ms(values, 0.5)}, p95 {ms(values, 0.95)} ms"
        )


async def measure(console: Console, data: Path, times: int) -> None:
    """Run all measurements."""
    async with bench(data) as on:
        few, many = await status_pages(on, 3000)
        show_ratio(console, "status page, 1,000,000 against 10,000 cases", many, few, 0.99, MOST_STATUS_RATIO)
        cases = await some_cases(on.many, Random(3), 500)
        ours, bare = await both_ways(on.many, on.url, cases)
        show_ratio(
            console,
            "GET /api/v1/cases/{case_no} against a bare SELECT",
            ours[50:],
            bare[50:],
            0.5,
            MOST_API_RATIO,
        )
        show_lists(console, await lists(on.many, times))
        for what, values in (await pages(on.many, 50)).items():
            told = f"median {ms(values, 0.5)}, p95 {ms(values, 0.95)}, worst {ms(values, 1)} ms"
            console.print(f"{what}: {told}")


def main(
    data: Annotated[Path | None, typer.Option(help="Keep both databases here for the next run.")] = None,
    times: Annotated[
        int, typer.Option(help="How often each list is asked for, first page and later one.")
    ] = 5,
) -> None:
    """Run all measurements, and print them with their targets."""
    configure_logs()
    with tempfile.TemporaryDirectory(prefix="qingqian-bench-") as folder:
        asyncio.run(measure(Console(width=150), data or Path(folder), times))


if __name__ == "__main__":
    typer.run(main)
