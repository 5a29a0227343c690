"""`qingqian reports …`: the day's lists, and the reports of weeks, months, quarters and years."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final

import typer
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from activities.reports import DOES_NOT_RECONCILE
from cli.options import DATA, DONE, NOT_AS_EXPECTED, AsJson, Data, emit, finish
from cli.record import the_database
from cli.servers import the_servers
from domain.refusal import Code, Refusal
from domain.reports.periods import Period, ReportKind, period_of
from domain.reports.report import report_json
from domain.reports.text import KINDS, as_text
from office.away import ServerAway
from office.calendar.loading import calendar_of
from office.enquiries import now
from office.faults import Faults
from schema import reports
from workflows.queue import TASK_QUEUE
from workflows.rhythm import CompileReports

COMPILED_WITHIN: Final = timedelta(minutes=5)
"""How long a person waits for reports. Compiling them goes on after that."""

_EARLIEST: Final = 2000

reports_app = typer.Typer(help="Lists and reports of offices (日周月季年).")


@reports_app.callback(invoke_without_command=True)
def list_reports(
    asked: typer.Context,
    office: Annotated[str | None, typer.Option(metavar="CODE", help="Of this office alone.")] = None,
    kind: Annotated[ReportKind | None, typer.Option(help="Of this kind alone.")] = None,
    size: Annotated[int, typer.Option(min=1, max=10_000, help="The latest so many.")] = 100,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """List the reports there are, the latest first. `show` prints one, `compile` makes those of a period now."""
    if asked.invoked_subcommand is not None:
        return

    async def run() -> int:
        filters = {name: str(value) for name, value in (("office", office), ("kind", kind)) if value}
        async with the_database(data) as engine:
            found = await _listed(engine, filters, size)
        emit({"reports": [_row(one) for one in found]}, _table(found), as_json)
        return DONE

    finish(run(), as_json)


@reports_app.command("show")
def show(
    number: Annotated[str, typer.Argument(metavar="NUMBER")], data: Data = DATA, as_json: AsJson = False
) -> None:
    """Print one report, for example: show RB-620105-2026-W47."""

    async def run() -> int:
        async with the_database(data) as engine, engine.connect() as connection:
            report = await reports.find(connection, number)
        if report is None:
            raise Faults("reports", [f"number: there is no report {number}"])
        emit(report_json(report), as_text(report), as_json)
        return DONE

    finish(run(), as_json)


@reports_app.command("compile")
def compile_now(
    kind: ReportKind,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day on which they are due; today."),
    ] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Compile the day's list, or the reports of the latest period that has ended, for all offices. None is made twice."""

    async def run() -> int:
        on = (as_of or now()).date()
        period = _closed_period(kind, on)
        async with the_servers(data) as (client, engine):
            await calendar_of(engine, on)
            differences = await compile_reports(client, kind, on)
            found = await _listed(engine, {"kind": kind.value, "period_start": period.start}, 10_000)
        result = {
            "ok": not differences,
            "kind": kind.value,
            "period_start": str(period.start),
            "period_end": str(period.end),
            "reports": [_row(one) for one in found],
            "differences": differences,
        }
        emit(result, _outcome(period, found, differences), as_json)
        return DONE if result["ok"] else NOT_AS_EXPECTED

    finish(run(), as_json)


def _closed_period(kind: ReportKind, on: date) -> Period:
    """The period whose reports are due on a day.

    Raises:
        Faults: There can be none of that day.
        Refusal: It has not closed yet.
    """
    if not _EARLIEST <= on.year <= now().year + 1:
        raise Faults("reports", [f"as_of: {on} is a day of which there can be no report"])
    period = period_of(kind, on)
    if now() < period.closes:
        raise Refusal(
            Code.DATE_IN_FUTURE,
            f"{period.code} 尚未到编制时间 {period.closes:%Y-%m-%d %H:%M}",
            f"{period.code} closes at {period.closes.isoformat()}",
            "as_of",
        )
    return period


async def compile_reports(client: Client, kind: ReportKind, as_of: date) -> list[str]:
    """Have the reports compiled that are due on a day; returns the differences between figures and ledger, if there are any.

    Raises:
        ServerAway: No worker has done so in time.
    """
    handle = await client.start_workflow(
        CompileReports.run,
        args=[kind, as_of],
        id=f"compile-reports-{kind.value}-{period_of(kind, as_of).code}",
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    try:
        async with asyncio.timeout(COMPILED_WITHIN.total_seconds()):
            await handle.result()
    except TimeoutError as error:
        raise ServerAway("no worker has compiled the reports yet; that goes on by itself") from error
    except WorkflowFailureError as error:
        cause = error.cause.cause if isinstance(error.cause, ActivityError) else error.cause
        if not isinstance(cause, ApplicationError) or cause.type != DOES_NOT_RECONCILE:
            raise
        return [str(difference) for difference in cause.details]
    return []


async def _listed(engine: AsyncEngine, filters: dict[str, Any], size: int) -> list[reports.ReportLine]:
    async with engine.connect() as connection:
        return await reports.listed(connection, filters=filters, size=size)


def _row(one: reports.ReportLine) -> dict[str, Any]:
    return {
        "number": one.number,
        "office": one.office,
        "kind": one.kind,
        "period_start": str(one.period_start),
        "period_end": str(one.period_end),
        "as_of": str(one.as_of),
        "created_at": one.created_at.isoformat(),
    }


def _table(found: Sequence[reports.ReportLine]) -> Table:
    table = Table("编号", "办公室", "报表", "期间", "截至", "编制", box=None, header_style="dim")
    for one in found:
        table.add_row(
            one.number,
            one.office,
            KINDS[ReportKind(one.kind)],
            f"{one.period_start}..{one.period_end}",
            str(one.as_of),
            f"{one.created_at:%Y-%m-%d}",
        )
    return table


def _outcome(period: Period, found: Sequence[reports.ReportLine], differences: Sequence[str]) -> Table | str:
    if differences:
        lines = "\n".join(differences)
        return f"账实不符,有关办公室的报表未编制 figures and ledger differ:\n{lines}"
    if not found:
        why = (
            "非工作日,或没有案件 a day off, or no cases"
            if period.kind is ReportKind.DAY
            else "没有案件 no cases"
        )
        return f"{period.code}:{why}"
    return _table(found)
