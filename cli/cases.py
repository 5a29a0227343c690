"""`qingqian open`, `act`, `approve`, `merge`: cases, as clerks and creditors move them."""

from typing import Annotated

import typer

from cli.ending import Malformed
from cli.options import (
    DATA,
    DONE,
    AsJson,
    By,
    CaseNo,
    CommandId,
    Data,
    EnteredBy,
    Fields,
    File,
    actor_of,
    command_of,
    emit,
    finish,
    open_each,
)
from cli.screen import terminal
from cli.servers import the_cases
from domain.commands import Attach, read_command
from domain.receipt import Registrar
from office.enquiries import today
from office.files import CaseToOpen, read_cases


def open_cases(file: File, by: By = None, data: Data = DATA, as_json: AsJson = False) -> None:
    """Start the case or cases of a TOML or JSON file; prints each number and, this once, its access code."""

    async def run() -> int:
        found = read_cases(file, today())
        clerk = actor_of(by)

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
            if new := await cases.code_after(case, command):
                result["access_code"] = new.code
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
