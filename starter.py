"""The clearing office's command line: `qingqian …`, or `python starter.py …`.

Exit codes everywhere: 0 done, 1 refused or not as expected, 2 wrong usage or file, 3 a server is away. With `--json` there is
exactly one JSON document on standard output; people's text and logs go to standard error.
"""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.batch import read_batch_command
from domain.calendar import SHANGHAI
from domain.commands import read_command
from domain.value import Light, Mode, Stage
from runtime import terminal
from runtime.cli import (
    DATA,
    DONE,
    NOT_AS_EXPECTED,
    AsJson,
    By,
    CommandId,
    Data,
    Fields,
    File,
    command_of,
    emit,
    emit_json,
    finish,
    the_batches,
    the_cases,
    the_database,
    the_record,
)
from runtime.cli_calendar import calendar_app
from runtime.cli_ledger import export_ledger_file, import_ledger
from runtime.cli_notices import notices_app
from runtime.cli_policy import policy_app
from runtime.cli_reports import reports_app
from runtime.cli_staff import staff_app
from runtime.connect import Stack, configured, connect_database, connect_temporal
from runtime.enquiries import now, today
from runtime.explanation import explained, foreseen
from runtime.files import read_batches, read_cases
from runtime.logs import configure_logs
from runtime.packs import rules_for
from runtime.scenario import read_scenario
from runtime.verification import verify as run_verification
from schema.incidents import incidents as recorded_incidents

app = typer.Typer(
    name="qingqian",
    help="清欠: carries payment-arrears cases from receipt to strike-off.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
batch_app = typer.Typer(help="Bond batches (债券批次).", no_args_is_help=True)
app.add_typer(batch_app, name="batch")
app.add_typer(calendar_app, name="calendar")
app.add_typer(notices_app, name="notices")
app.add_typer(policy_app, name="policy")
app.add_typer(reports_app, name="reports")
app.add_typer(staff_app, name="staff")
app.command("import")(import_ledger)
app.command("export")(export_ledger_file)

CaseNo = Annotated[str, typer.Argument(metavar="CASE")]
BatchNo = Annotated[str, typer.Argument(metavar="BATCH")]


@app.command()
def rehearse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    as_json: AsJson = False,
    svg: Annotated[Path | None, typer.Option(help="Also save the terminal picture.")] = None,
) -> None:
    """Run scenarios on an embedded stack of their own, their months passing in seconds."""

    async def run() -> int:
        from runtime.rehearsal import rehearse as run_rehearsal

        scenarios = [read_scenario(path) for path in files]
        console = Console(stderr=as_json, record=svg is not None, width=110 if svg else None)
        results = []
        for scenario in scenarios:
            console.print(f"[bold]{scenario.title}[/bold]")
            with terminal.Timeline(console, scenario) as timeline:
                result = await run_rehearsal(scenario, timeline.watch)
            console.print(terminal.outcome(result))
            results.append(result)
        if svg is not None:
            svg.write_text(terminal.picture(console), "utf-8")
        if as_json:
            emit_json(results[0] if len(results) == 1 else results)
        return DONE if all(result["ok"] for result in results) else NOT_AS_EXPECTED

    finish(run(), as_json)


@app.command()
def dev(
    data: Data = DATA,
    port: Annotated[
        int | None, typer.Option(help="Temporal's port; the one used before, or a free one.")
    ] = None,
    ui_port: Annotated[int | None, typer.Option(help="The port of Temporal's UI; a free one.")] = None,
    portal_port: Annotated[
        int | None, typer.Option(help="The port of the window; the one used before, or a free one.")
    ] = None,
) -> None:
    """Run the embedded stack for real use: PostgreSQL, Temporal with its UI, a worker, the window. Ctrl-C stops all."""

    def announce(stack: Stack) -> None:
        console = Console()
        console.print(f"window 窗口   {stack.portal}")
        console.print(f"Temporal UI   {stack.ui}")
        console.print(f"Temporal      {stack.temporal_address}")
        console.print(f"PostgreSQL    {stack.database_url}", soft_wrap=True)
        console.print(
            f"first person  qingqian staff add LOGIN --person 姓名 --office 620105 --role head --role clerk --data {data}",
            soft_wrap=True,
        )
        console.print(f"data          {data}   (other commands: --data {data}; Ctrl-C stops all)")

    async def run() -> int:
        from runtime.stack import Ports, run_dev

        await run_dev(data, announce, Ports(temporal=port, ui=ui_port, portal=portal_port))
        return DONE

    configure_logs("info")
    finish(run(), as_json=False)


@app.command()
def portal(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for a free one.")] = 8080,
    data: Data = DATA,
) -> None:
    """Serve the window alone, on the stack that `dev` runs or the environment names. Ctrl-C stops it."""

    async def run() -> int:
        from portal.serve import serve

        await serve(data, host, port)
        return DONE

    configure_logs("info")
    finish(run(), as_json=False)


@app.command("open")
def open_cases(file: File, data: Data = DATA, as_json: AsJson = False) -> None:
    """Start the case or cases of a TOML or JSON file; prints each number and, this once, its access code."""

    async def run() -> int:
        found = read_cases(file, today())
        opened = []
        async with the_cases(data) as cases:
            for case in found.cases:
                calendar = await cases.calendar(case.receipt.received_on)
                rules = rules_for(found.policy, case.receipt.office, calendar)
                one = await cases.open(case.receipt, rules, case.contact)
                ref = {"ref": case.ref} if case.ref else {}
                opened.append({"case_no": one.case_no, **ref, "access_code": one.access_code})
        lines = "\n".join(f"{one['case_no']}  查询码 {one['access_code']}" for one in opened)
        emit({"cases": opened}, lines, as_json)
        return DONE

    finish(run(), as_json)


@app.command()
def act(
    case: CaseNo,
    do: Annotated[str, typer.Argument(metavar="DO")],
    by: By = None,
    field: Fields = None,
    command_id: CommandId = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Give a case one command, for example: act CASE accept --by clerk:李敏@620105."""

    async def run() -> int:
        command = command_of(read_command, do, by, field, command_id)
        async with the_cases(data) as cases:
            result = await cases.act(case, command)
        emit(result, terminal.case_sheet(result), as_json)
        return DONE

    finish(run(), as_json)


@app.command()
def show(
    case: CaseNo,
    explain: Annotated[bool, typer.Option("--explain", help="How each last day was found.")] = False,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Show a case from the record."""

    async def run() -> int:
        async with the_record(data) as record:
            result = await record.show(case, today())
        emit(result, explained(result) if explain else terminal.case_sheet(result), as_json)
        return DONE

    finish(run(), as_json)


@app.command()
def forecast(case: CaseNo, data: Data = DATA, as_json: AsJson = False) -> None:
    """Show what will happen to a case, and on which day, if nobody acts."""

    async def run() -> int:
        async with the_record(data) as record:
            result = await record.forecast(case, now())
        emit(result, foreseen(result), as_json)
        return DONE

    finish(run(), as_json)


@app.command("list")
def list_cases(
    office: Annotated[str | None, typer.Option(help="Cases it holds or registered.")] = None,
    stage: Annotated[Stage | None, typer.Option()] = None,
    light: Annotated[Light | None, typer.Option()] = None,
    mode: Annotated[Mode | None, typer.Option()] = None,
    after: Annotated[
        str | None, typer.Option(help="Go on behind this case: the `next` of the page before.")
    ] = None,
    size: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """List cases from the record."""

    async def run() -> int:
        asked = {"office": office, "stage": stage, "light": light, "mode": mode}
        filters = {name: str(value) for name, value in asked.items() if value is not None}
        async with the_record(data) as record:
            result = await record.cases(today(), filters, after, size)
        emit(result, terminal.case_list(result["cases"]), as_json)
        return DONE

    finish(run(), as_json)


@app.command()
def history(case: CaseNo, data: Data = DATA, as_json: AsJson = False) -> None:
    """Show the journal of a case or batch."""

    async def run() -> int:
        async with the_record(data) as record:
            entries = await record.entries(case)
        result = {"case_no": case, "events": [entry.to_json() for entry in entries]}
        emit(result, terminal.journal_table(entries), as_json)
        return DONE

    finish(run(), as_json)


@app.command()
def verify(
    cases: Annotated[list[str] | None, typer.Argument(metavar="[CASE]...")] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Compare journal, ledger, read model and workflow history of some cases or of all, to the fen."""

    async def run() -> int:
        stack = configured(data)
        async with connect_database(stack.database_url) as engine:
            client = await connect_temporal(stack.temporal_address or None)
            result = await run_verification(client, engine, cases or [])
        lines = "\n".join(result["differences"]) or f"{result['cases']} 件案件,账实相符"
        emit(result, lines, as_json)
        return DONE if result["ok"] else NOT_AS_EXPECTED

    finish(run(), as_json)


@app.command()
def incidents(
    stream: Annotated[str | None, typer.Argument(metavar="[CASE|BATCH]")] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """List what could not be recorded and was given up, the latest first: of one case or batch, or of all."""

    async def run() -> int:
        async with the_database(data) as engine, engine.connect() as connection:
            found = await recorded_incidents(connection, stream)
        told = [one._asdict() | {"at": one.at.astimezone(SHANGHAI).isoformat()} for one in found]
        lines = [f"{one['at']} {one['subject']} {one['what']}: {one['reason']}" for one in told]
        emit({"incidents": told}, "\n".join(lines) or "没有异常记录 no incidents", as_json)
        return DONE

    finish(run(), as_json)


@batch_app.command("open")
def batch_open(file: File, data: Data = DATA, as_json: AsJson = False) -> None:
    """Open the bond batch or batches of a file."""

    async def run() -> int:
        pack, openings = read_batches(file)
        async with the_batches(data) as batches:
            numbers = [await batches.open(opening, pack.allocation_order) for opening in openings]
        emit({"batches": [{"batch_no": number} for number in numbers]}, "\n".join(numbers), as_json)
        return DONE

    finish(run(), as_json)


@batch_app.command("show")
def batch_show(batch: BatchNo, data: Data = DATA, as_json: AsJson = False) -> None:
    """Show a bond batch, and who gets how much of it and why."""

    async def run() -> int:
        async with the_record(data) as record:
            result = await record.batch(batch)
        emit(result, terminal.batch_sheet(result), as_json)
        return DONE

    finish(run(), as_json)


def _batch_command(do: str, about: str) -> None:
    """Add `qingqian batch DO BATCH`."""

    def command(
        batch: BatchNo,
        by: By = None,
        field: Fields = None,
        command_id: CommandId = None,
        data: Data = DATA,
        as_json: AsJson = False,
    ) -> None:
        async def run() -> int:
            order = command_of(read_batch_command, do, by, field, command_id)
            async with the_batches(data) as batches:
                result = await batches.act(batch, order)
            emit(result, terminal.batch_sheet(result), as_json)
            return DONE

        finish(run(), as_json)

    batch_app.command(do, help=about)(command)


_batch_command(
    "exclude", "Exclude a request that a general bond may not pay: --field case_no=… --field reason=…."
)
_batch_command("approve", "Record the approval of the standing committee.")
_batch_command("decline", "Record that it declined: --field reason=…. The requests return to the pool.")
_batch_command("arrive", "Record money that arrived: --field amount=… --field reference=….")
_batch_command("close_batch", "Close a batch; what is left of its quota goes back.")


def main() -> None:
    """The entry point of `qingqian`."""
    configure_logs(os.environ.get("QINGQIAN_LOG", "critical"))
    app()


if __name__ == "__main__":
    main()
