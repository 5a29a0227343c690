"""What all commands of the command line share: arguments, options, answers, exit codes."""

import json
import secrets
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from rich.console import RenderableType

from cli.ending import DONE as DONE
from cli.ending import NOT_AS_EXPECTED as NOT_AS_EXPECTED
from cli.ending import Malformed, Partly, run_to_end, tell
from cli.screen.console import say, say_json
from domain.actors import Actor, parse_actor
from office.documents import parse_json
from office.faults import faults_of

Opening = TypeVar("Opening")

CaseNo = Annotated[str, typer.Argument(metavar="CASE")]
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


def actor_of(by: str | None) -> Actor | None:
    """Who acts, if it is said.

    Raises:
        Malformed: It is written like nobody.
    """
    try:
        return parse_actor(by) if by else None
    except ValueError as error:
        raise Malformed([f"by: {error}"]) from error


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
    given = {"do": do, "by": by, "command_id": command_id or secrets.token_hex(8)}
    if entered_by is not None:
        given["entered_by"] = entered_by
    texts: dict[str, str] = {}
    for field in fields or []:
        name, is_field, value = field.partition("=")
        if not is_field:
            raise Malformed([f"{name}: write fields as name=value"])
        texts[name] = value
    lists, broken = _lists(texts)
    try:
        return _read(read, given | texts, lists)
    except ValidationError as error:
        faults = faults_of(error, tag=do)
        raise Malformed([broken.get(fault.partition(":")[0], fault) for fault in faults]) from error


def _lists(texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields that hold JSON lists or tables, as such; and why others that begin like one hold none."""
    lists, broken = {}, {}
    for name, value in texts.items():
        if value[:1] in ("[", "{"):
            try:
                lists[name] = parse_json(value)
            except json.JSONDecodeError as error:
                broken[name] = f"{name}: not JSON: {error.msg} at position {error.pos + 1}"
            except ValueError as error:
                broken[name] = f"{name}: {error}"
    return lists, broken


def _read(read: Any, written: Mapping[str, str], lists: Mapping[str, Any]) -> Any:
    """The command. Where text is wanted, what could be a list is text nevertheless."""
    try:
        return read({**written, **lists})
    except ValidationError as error:
        unfit = {str(fault["loc"][-1]) for fault in error.errors() if len(fault["loc"]) == 2}
        fit = {name: value for name, value in lists.items() if name not in unfit}
        if len(fit) == len(lists):
            raise
    return read({**written, **fit})


def emit(result: Any, text: RenderableType, as_json: bool) -> None:
    """Tell a result: to a program as JSON, or to a person."""
    if as_json:
        say_json(result)
    else:
        say(text)


async def open_each(
    name: str,
    openings: Sequence[Opening],
    open_one: Callable[[Opening], Awaitable[dict[str, str]]],
    line: Callable[[dict[str, str]], str],
    as_json: bool,
) -> int:
    """Open one after the other. What is open is told also where the next one is not opened: it may be told this once only.

    Args:
        name: Under which a program is told what was opened.
        line: What a person is told of one.
    """
    opened: list[dict[str, str]] = []
    try:
        for opening in openings:
            opened.append(await open_one(opening))
    except Exception as error:
        if not opened:
            raise
        if not as_json:
            say("\n".join(map(line, opened)))
        raise Partly(error, {name: opened}) from error
    emit({name: opened}, "\n".join(map(line, opened)), as_json)
    return DONE


def finish(run: Coroutine[Any, Any, int], as_json: bool) -> None:
    """Run a command to its exit code."""
    try:
        code = run_to_end(run)
    except BaseException as error:
        code = tell(error, as_json)
    sys.exit(code)
