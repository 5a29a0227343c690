"""What all commands of the command line share: options, connections, answers, exit codes."""

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console, RenderableType
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.refusal import Code, Refusal
from runtime import terminal
from runtime.batchwork import Batchwork
from runtime.casework import Casework
from runtime.connect import Running, ServerAway, configured, connect_database, connect_temporal
from runtime.enquiries import Enquiries, UnknownCase
from runtime.faults import Faults, faults_of

DONE, NOT_AS_EXPECTED, WRONG, AWAY = 0, 1, 2, 3

File = Annotated[Path, typer.Argument(metavar="FILE")]
Data = Annotated[Path, typer.Option(help="The data folder of `qingqian dev`.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
By = Annotated[
    str | None,
    typer.Option(envvar="QINGQIAN_BY", metavar="ACTOR", help="Who acts: role[:person]@party."),
]
EnteredBy = Annotated[
    str | None,
    typer.Option(
        metavar="ACTOR", help="The clerk who enters what a creditor or debtor said on paper (代录)."
    ),
]
Fields = Annotated[
    list[str] | None,
    typer.Option("--field", metavar="K=V", help="A field of the command; lists and tables as JSON."),
]
CommandId = Annotated[
    str | None,
    typer.Option(
        "--id", metavar="COMMAND_ID", help="Sent again with its id, a command gets its first answer again."
    ),
]
DATA = Path(".qingqian")


@asynccontextmanager
async def the_cases(data: Path) -> AsyncIterator[Casework]:
    """Both servers, for acting on cases."""
    stack = configured(data)
    async with connect_database(stack.database_url) as engine:
        yield Casework(await connect_temporal(stack.temporal_address or None), engine)


@asynccontextmanager
async def the_batches(data: Path) -> AsyncIterator[Batchwork]:
    """Both servers, for acting on bond batches."""
    stack = configured(data)
    async with connect_database(stack.database_url) as engine:
        yield Batchwork(await connect_temporal(stack.temporal_address or None), engine)


@asynccontextmanager
async def the_database(data: Path) -> AsyncIterator[AsyncEngine]:
    """PostgreSQL alone."""
    async with connect_database(configured(data).database_url) as engine:
        yield engine


@asynccontextmanager
async def the_record(data: Path) -> AsyncIterator[Enquiries]:
    """PostgreSQL alone, for reading."""
    async with the_database(data) as engine:
        yield Enquiries(engine)


class Malformed(Faults):
    """The arguments describe no command; every fault is named."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("command", faults)
        detail = "; ".join(faults)
        field = faults[0].partition(":")[0]
        self.refusal = Refusal(Code.MALFORMED, f"命令有误:{detail}", detail, field)


def command_of(
    read: Any,
    do: str,
    by: str | None,
    fields: list[str] | None,
    command_id: str | None,
    entered_by: str | None = None,
) -> Any:
    """The command that the arguments describe.

    Raises:
        Malformed: They describe none.
    """
    if by is None:
        raise Malformed(["by: say who acts with --by role[:person]@party, or set QINGQIAN_BY"])
    written: dict[str, Any] = {"do": do, "by": by, "command_id": command_id or secrets.token_hex(8)}
    if entered_by is not None:
        written["entered_by"] = entered_by
    for field in fields or []:
        name, is_field, value = field.partition("=")
        if not is_field:
            raise Malformed([f"{name}: write fields as name=value"])
        try:
            written[name] = json.loads(value) if value[:1] in ("[", "{") else value
        except json.JSONDecodeError as error:
            raise Malformed([f"{name}: not JSON: {error.msg} at position {error.pos + 1}"]) from error
    try:
        return read(written)
    except ValidationError as error:
        raise Malformed(faults_of(error, tag=do)) from error


def emit(result: Any, text: RenderableType, as_json: bool) -> None:
    """Tell a result: to a program as JSON, or to a person."""
    if as_json:
        emit_json(result)
    else:
        Console(soft_wrap=isinstance(text, str)).print(text)


def emit_json(result: Any) -> None:
    """The one JSON document of a call."""
    typer.echo(json.dumps(result, ensure_ascii=False, indent=1))


def finish(run: Coroutine[Any, Any, int], as_json: bool) -> None:
    """Run a command to its exit code. What goes wrong for a person is told to that person, without a traceback."""
    errors = Console(stderr=True)
    told: dict[str, Any]
    try:
        code = asyncio.run(run)
    except Refusal as refusal:
        errors.print(terminal.refusal_text(refusal))
        told, code = {"refused": refusal.to_json()}, NOT_AS_EXPECTED
    except Malformed as malformed:
        errors.print(terminal.faults_text("command", malformed.faults), soft_wrap=True)
        told, code = {"refused": malformed.refusal.to_json(), "faults": malformed.faults}, WRONG
    except Faults as faults:
        errors.print(terminal.faults_text(faults.source, faults.faults), soft_wrap=True)
        told, code = {"file": faults.source, "faults": faults.faults}, WRONG
    except UnknownCase as unknown:
        errors.print(f"[bold red]没有此编号[/bold red] there is no case or batch {unknown}")
        told, code = {"error": f"there is no case or batch {unknown}"}, WRONG
    except ModuleNotFoundError as missing:
        told = {"error": f"{missing.name} is not installed: pip install 'qingqian[embedded]'"}
        errors.print(told["error"], soft_wrap=True, markup=False)
        code = WRONG
    except (ServerAway, Running) as away:
        errors.print(f"[bold red]服务不可用[/bold red] {away}", soft_wrap=True)
        told, code = {"error": str(away)}, AWAY
    except KeyboardInterrupt:
        sys.exit(130)
    else:
        sys.exit(code)
    if as_json:
        emit_json(told)
    sys.exit(code)
