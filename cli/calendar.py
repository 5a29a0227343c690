"""`qingqian calendar …`: the working-day calendar and the notices it is made of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.ending import AWAY
from cli.options import DATA, DONE, AsJson, Data, File, emit, finish
from cli.record import the_database
from cli.servers import the_cases
from domain.telling.words import DUTIES
from office.calendar.files import read_notice
from office.calendar.loading import LoadedCalendar, overview
from office.enquiries import today
from office.redating import Brought, Loading, Move, load_notice, redate_all, waiting
from schema.calendars import Kind

calendar_app = typer.Typer(help="The working-day calendar (工作日历).", no_args_is_help=True)

_KINDS: Mapping[Kind, str] = {"off": "放假 off", "work": "上班 work"}
_WEEKDAYS = "一二三四五六日"


@calendar_app.command("load")
def load(
    file: File,
    notice: Annotated[str | None, typer.Option(metavar="文号", help="What the notice is called.")] = None,
    amends: Annotated[
        str | None,
        typer.Option(metavar="文号", help="The notice it changes, where the file does not say so."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; change nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Even if a deadline that is still to come would then be past.")
    ] = False,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Load a year's notice (国办放假通知), TOML or CSV: its dates stop being provisional, and open cases are re-dated."""

    async def run() -> int:
        found = read_notice(file, notice, amends)
        async with the_database(data) as engine:
            done = await load_notice(engine, found, today(), keep=not dry_run, yes=yes)
        shown = _loaded_json(done, loaded=not dry_run)
        state = "未载入 not loaded" if dry_run else "已载入 loaded"
        brought = Brought(0, []) if dry_run else await _bring(data)
        if not dry_run:
            shown |= brought.to_json()
        sheet = Group(_sheet(done.calendar, state), _moves_table(done.moves), *_unreached(brought))
        emit(shown, sheet, as_json)
        return _exit_code(brought)

    finish(run(), as_json)


@calendar_app.command("redate")
def redate(data: Data = DATA, as_json: AsJson = False) -> None:
    """Bring the calendar to the open cases that count by an older one: what `load` does, if it was cut off."""

    async def run() -> int:
        brought = await _bring(data)
        counted = Text(f"{brought.cases} 件案件已按现行日历重新计算 case(s) re-dated")
        emit(brought.to_json(), Group(counted, *_unreached(brought)), as_json)
        return _exit_code(brought)

    finish(run(), as_json)


async def _bring(data: Path) -> Brought:
    async with the_database(data) as engine:
        outdated = await waiting(engine)
    if not outdated:
        return Brought(0, [])
    async with the_cases(data) as cases:
        return await redate_all(cases, outdated)


def _unreached(brought: Brought) -> list[Text]:
    """The cases whose workflows are gone, one by one."""
    return [Text(f"{one.message}\n  {one.detail}", style="red") for one in brought.unreached]


def _exit_code(brought: Brought) -> int:
    """A case that could not be reached is the servers' fault, as when a command cannot reach it."""
    return AWAY if brought.unreached else DONE


@calendar_app.command("show")
def show_calendar(
    year: Annotated[int | None, typer.Option(min=1949, max=9998, help="The year to show; this year.")] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Show the calendar in use, its notices, and the days of a year that differ from Monday-to-Friday."""

    async def run() -> int:
        async with the_database(data) as engine:
            result = await overview(engine, year or today().year)
        emit(result, _overview_sheet(result), as_json)
        return DONE

    finish(run(), as_json)


def _loaded_json(done: Loading, *, loaded: bool) -> dict[str, Any]:
    found = done.calendar
    return {
        "loaded": loaded,
        "version": found.version,
        "notice": found.notice,
        "amends": found.amends,
        "year": found.year,
        "horizon": str(found.horizon),
        "days": [{"day": str(day), "kind": kind} for day, kind in found.days.items()],
        "changed": [str(day) for day in found.changed],
        "moves": [move.to_json() for move in done.moves],
    }


def _moves_table(moves: Sequence[Move]) -> RenderableType:
    """The open duties that get another last day."""
    if not moves:
        return Text("没有待办事项改期 no open duty moves")
    table = Table("案件", "事项", "原到期", "新到期", box=None, header_style="dim")
    for move in moves:
        name = f"{DUTIES[move.duty.duty]} {move.duty.subject or ''}".rstrip()
        table.add_row(move.case_no, name, str(move.duty.was), str(move.duty.due_on))
    return table


def _sheet(found: LoadedCalendar, state: str) -> RenderableType:
    """The days that a notice sets, runs of days in one row each."""
    amends = f"  修改 amends {found.amends}" if found.amends else ""
    head = Text.assemble((found.notice, "bold"), f"  {found.year}年{amends}  ", (state, "bold"))
    until = Text(f"日历至 horizon {found.horizon}; 改变 changes {len(found.changed)} 日 day(s)")
    return Group(head, until, _days_table((day, kind, "") for day, kind in found.days.items()))


def _overview_sheet(shown: Mapping[str, Any]) -> RenderableType:
    head = Text.assemble((shown["version"], "bold"), f"  日历至 horizon {shown['horizon']}")
    notices = Table(box=None, header_style="dim")
    for name in ("版本", "文号", "修改", "天数", "日历至", "载入"):
        notices.add_column(name, overflow="fold")
    for notice in shown["notices"]:
        notices.add_row(
            str(notice["version"]),
            notice["notice"],
            notice["amends"] or "",
            str(notice["days"]),
            notice["horizon"],
            notice["loaded_at"][:10],
        )
    of_year = Text(f"{shown['year']}年")
    if shown["provisional"]:
        of_year = Text(
            f"{shown['year']}年放假通知尚未载入,暂按周一至周五计,法定节假日除外 no notice of {shown['year']} yet: "
            "Monday to Friday but for the days off by law, provisional",
            style="yellow",
        )
    rows = ((date.fromisoformat(one["day"]), one["kind"], one["notice"]) for one in shown["exceptions"])
    return Group(head, notices, of_year, _days_table(rows))


def _days_table(days: Iterable[tuple[date, Kind, str]]) -> Table:
    """A row for each run of days that are alike."""
    table = Table(box=None, show_header=False)
    runs: list[list[tuple[date, Kind, str]]] = []
    for one in days:
        if runs and runs[-1][-1] == (one[0] - timedelta(days=1), *one[1:]):
            runs[-1].append(one)
        else:
            runs.append([one])
    for run in runs:
        (first, kind, notice), (last, *_) = run[0], run[-1]
        weekday = f"周{_WEEKDAYS[first.weekday()]}"
        if first == last:
            table.add_row(str(first), weekday, _KINDS[kind], notice)
        else:
            to = f"周{_WEEKDAYS[last.weekday()]}"
            table.add_row(f"{first}..{last}", f"{weekday}至{to}", _KINDS[kind], notice)
    return table
