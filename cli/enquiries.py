"""`qingqian show`, `forecast`, `list`, `history`, `incidents`: what anybody reads in the record."""

from typing import Annotated

import typer

from cli.options import DATA, DONE, AsJson, CaseNo, Data, actor_of, emit, finish
from cli.record import the_database, the_record
from cli.screen import terminal
from cli.screen.explanation import explained, foreseen
from cli.screen.interest import interest_sheet
from domain.value import Light, Mode, Stage
from office.enquiries import now, today
from schema.incidents import incidents as recorded_incidents


def show(
    case: CaseNo,
    explain: Annotated[bool, typer.Option("--explain", help="How each last day was found.")] = False,
    interest: Annotated[bool, typer.Option("--interest", help="Its interest, with the computation.")] = False,
    by: Annotated[
        str | None, typer.Option("--by", metavar="ACTOR", help="With what somebody may do with it now.")
    ] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Show a case from the record."""

    somebody = actor_of(by)

    async def run() -> int:
        async with the_record(data) as record:
            result = await record.show(case, today())
            if somebody is not None:
                result |= {"possible": await record.possible(case, somebody, now())}
        sheet = interest_sheet if interest else explained if explain else terminal.case_sheet
        emit(result, sheet(result), as_json)
        return DONE

    finish(run(), as_json)


def forecast(case: CaseNo, data: Data = DATA, as_json: AsJson = False) -> None:
    """Show what will happen to a case, and on which day, if nobody acts."""

    async def run() -> int:
        async with the_record(data) as record:
            result = await record.forecast(case, now())
        emit(result, foreseen(result), as_json)
        return DONE

    finish(run(), as_json)


def list_cases(
    office: Annotated[str | None, typer.Option(help="Cases it holds or registered.")] = None,
    stage: Annotated[Stage | None, typer.Option()] = None,
    light: Annotated[Light | None, typer.Option()] = None,
    mode: Annotated[Mode | None, typer.Option()] = None,
    assigned_to: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="On whose desk they are, at any office unless --office names one."),
    ] = None,
    after: Annotated[
        str | None, typer.Option(help="Go on behind this case: the `next` of the page before.")
    ] = None,
    size: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """List cases from the record."""

    async def run() -> int:
        asked = {
            "office": office,
            "stage": stage,
            "light": light,
            "mode": mode,
            "assigned_to": assigned_to,
        }
        filters = {name: str(value) for name, value in asked.items() if value is not None}
        async with the_record(data) as record:
            result = await record.cases(today(), filters, after, size)
        emit(result, terminal.case_list(result["cases"]), as_json)
        return DONE

    finish(run(), as_json)


def history(case: CaseNo, data: Data = DATA, as_json: AsJson = False) -> None:
    """Show the journal of a case or batch."""

    async def run() -> int:
        async with the_record(data) as record:
            entries = await record.entries(case)
        result = {"case_no": case, "events": [entry.to_json() for entry in entries]}
        emit(result, terminal.journal_table(entries), as_json)
        return DONE

    finish(run(), as_json)


def incidents(
    stream: Annotated[str | None, typer.Argument(metavar="[CASE|BATCH]")] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """List what could not be recorded and was given up, the latest first: of one case or batch, or of all."""

    async def run() -> int:
        async with the_database(data) as engine, engine.connect() as connection:
            found = await recorded_incidents(connection, stream)
        told = [one._asdict() | {"at": one.at.isoformat()} for one in found]
        lines = [f"{one['at']} {one['subject']} {one['what']}: {one['reason']}" for one in told]
        emit({"incidents": told}, "\n".join(lines) or "没有异常记录 no incidents", as_json)
        return DONE

    finish(run(), as_json)
