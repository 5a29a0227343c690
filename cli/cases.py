"""`qingqian open`, `act`, `show`, `list`, …: cases, as clerks and creditors move them and as anybody reads them."""

from typing import Annotated

import typer

from cli.ending import Malformed
from cli.options import (
    DATA,
    DONE,
    NOT_AS_EXPECTED,
    AsJson,
    By,
    CommandId,
    Data,
    EnteredBy,
    Fields,
    File,
    command_of,
    emit,
    finish,
    open_each,
    the_cases,
    the_database,
    the_papers,
    the_record,
    the_servers,
)
from cli.screen import terminal
from cli.screen.explanation import explained, foreseen
from cli.screen.interest import interest_sheet
from domain.actors import Actor, parse_actor
from domain.commands import Attach, read_command
from domain.receipt import Registrar
from domain.value import Light, Mode, Stage
from office.enquiries import now, today
from office.files import CaseToOpen, read_cases
from office.verification.verifying import verify as run_verification
from schema.incidents import incidents as recorded_incidents

CaseNo = Annotated[str, typer.Argument(metavar="CASE")]


def open_cases(file: File, by: By = None, data: Data = DATA, as_json: AsJson = False) -> None:
    """Start the case or cases of a TOML or JSON file; prints each number and, this once, its access code."""

    async def run() -> int:
        found = read_cases(file, today())
        clerk = _actor(by)

        async def open_one(case: CaseToOpen) -> dict[str, str]:
            who = clerk or case.by
            registrar = Registrar(by=who) if who else None
            one = await cases.register(case.receipt, found.policy, case.contacts, registrar)
            ref = {"ref": case.ref} if case.ref else {}
            return {"case_no": one.case_no, **ref, "access_code": one.access_code}

        async with the_cases(data) as cases:
            return await open_each("cases", found.cases, open_one, _opened, as_json)

    finish(run(), as_json)


def _opened(one: dict[str, str]) -> str:
    return f"{one['case_no']}  查询码 {one['access_code']}"


def _actor(by: str | None) -> Actor | None:
    """Who acts, if it is said.

    Raises:
        Malformed: It is written like nobody.
    """
    try:
        return parse_actor(by) if by else None
    except ValueError as error:
        raise Malformed([f"by: {error}"]) from error


def act(
    case: CaseNo,
    do: Annotated[str, typer.Argument(metavar="DO")],
    by: By = None,
    entered_by: EnteredBy = None,
    field: Fields = None,
    command_id: CommandId = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Give a case one command, for example: act CASE accept --by clerk:李敏@620105."""

    async def run() -> int:
        command = command_of(read_command, do, by, field, command_id, entered_by)
        if isinstance(command, Attach):
            raise Malformed(["do: a paper comes with its file: qingqian attach"])
        async with the_cases(data) as cases:
            result = await cases.act(case, command)
            result |= await cases.code_after(case, command)
        emit(result, terminal.case_sheet(result), as_json)
        return DONE

    finish(run(), as_json)


def approve(
    case: CaseNo,
    submission: Annotated[
        str | None,
        typer.Argument(metavar="[SUBMISSION]", help="Its number or its command, where several wait."),
    ] = None,
    by: By = None,
    sent_back: Annotated[
        str | None, typer.Option("--return", metavar="REASON", help="Send it back instead, and say why.")
    ] = None,
    command_id: CommandId = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Approve what another person has submitted, or return it: approve CASE refuse --by head:孙@620105."""
    fields = [f"submission={submission}"] if submission else []
    if sent_back is None:
        act(case, "approve", by, None, fields, command_id, data, as_json)
    else:
        fields = [*fields, f"reason={sent_back}"]
        act(case, "return_submission", by, None, fields, command_id, data, as_json)


def merge(
    case: CaseNo,
    into: Annotated[str, typer.Option(metavar="CASE", help="The case in which it goes on.")],
    by: By = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why.")] = "重复登记",
    command_id: CommandId = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Submit that a case goes on in another one (并案): merge CASE --into CASE --by clerk:李敏@620105."""
    act(case, "merge", by, None, [f"into={into}", f"reason={reason}"], command_id, data, as_json)


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

    somebody = _actor(by)

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


def verify(
    numbers: Annotated[list[str] | None, typer.Argument(metavar="[CASE|BATCH]...")] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Compare journal, ledger, read model and workflow of some cases and batches or of all, to the fen."""

    async def run() -> int:
        async with the_servers(data) as (client, engine):
            with terminal.progress("核对 verifying") as watch:
                result = await run_verification(client, engine, numbers or [], watch, the_papers(data))
        emit(result, terminal.verified(result), as_json)
        return DONE if result["ok"] else NOT_AS_EXPECTED

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
