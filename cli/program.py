"""`qingqian`: which commands there are, and the module of each, which is loaded when the command is given.

A name and a sentence are all that `--help` needs. Temporal's and PostgreSQL's libraries take a second to load.
"""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from runtime.settings import own_variables, read_settings


class Place(NamedTuple):
    """Where a command, or a group of commands, is written, and the sentence that says what it does."""

    module: str
    name: str
    about: str


COMMANDS: Final[Mapping[str, Place]] = {
    "rehearse": Place(
        "cli.stack",
        "rehearse",
        "Run scenarios on an embedded stack of their own, their months passing in seconds.",
    ),
    "dev": Place(
        "cli.stack",
        "dev",
        "Run the embedded stack for real use: PostgreSQL, Temporal, a worker, the window. Ctrl-C stops all.",
    ),
    "portal": Place(
        "cli.portal",
        "portal",
        "Serve the window alone, on the stack that `dev` runs or the environment names. Ctrl-C stops it.",
    ),
    "open": Place(
        "cli.cases",
        "open_cases",
        "Start the case or cases of a TOML or JSON file; prints each number and, this once, its access code.",
    ),
    "act": Place(
        "cli.cases",
        "act",
        "Give a case one command, for example: act CASE accept --by clerk:李敏@620105.",
    ),
    "approve": Place(
        "cli.cases",
        "approve",
        "Approve what another person has submitted, or return it: approve CASE refuse --by head:孙@620105.",
    ),
    "merge": Place(
        "cli.cases",
        "merge",
        "Submit that a case goes on in another one (并案): merge CASE --into CASE --by clerk:李敏@620105.",
    ),
    "attach": Place(
        "cli.evidence",
        "attach",
        "Put a paper on file: attach CASE 回单.pdf --what bank_receipt --for PZ-1 --by clerk:李敏@620105.",
    ),
    "archive": Place(
        "cli.evidence",
        "archive",
        "Write the archive of an ended case (案卷): journal, documents, papers, a manifest of hashes, and a page to read.",
    ),
    "show": Place("cli.enquiries", "show", "Show a case from the record."),
    "forecast": Place(
        "cli.enquiries",
        "forecast",
        "Show what will happen to a case, and on which day, if nobody acts.",
    ),
    "list": Place("cli.enquiries", "list_cases", "List cases from the record."),
    "history": Place("cli.enquiries", "history", "Show the journal of a case or batch."),
    "verify": Place(
        "cli.repair",
        "verify",
        "Compare journal, ledger, read model and workflow of some cases and batches or of all, to the fen.",
    ),
    "revive": Place(
        "cli.repair",
        "revive",
        "Have workflows learn what is on record, and start those that Temporal has lost from the record alone.",
    ),
    "rebuild": Place(
        "cli.repair",
        "rebuild",
        "Make read model and ledger anew from the journal, complete that from the histories, and compare.",
    ),
    "incidents": Place(
        "cli.enquiries",
        "incidents",
        "List what could not be recorded and was given up, the latest first: of one case or batch, or of all.",
    ),
    "import": Place(
        "cli.sheets",
        "import_ledger",
        "Open the cases of a sheet (台账, .xlsx or .csv). It is checked whole first; given again, what was interrupted goes on.",
    ),
    "export": Place(
        "cli.sheets",
        "export_ledger_file",
        "Write the cases of an office and of those below it into a sheet (台账, .xlsx).",
    ),
    "batch": Place("cli.batches", "batch_app", "Bond batches (债券批次)."),
    "calendar": Place("cli.calendar", "calendar_app", "The working-day calendar (工作日历)."),
    "notices": Place(
        "cli.notices",
        "notices_app",
        "Documents (文书): `notices [CASE]` lists them, `notices save` saves one, `notices resend` sends one again.",
    ),
    "policy": Place("cli.policy", "policy_app", "Rule packs (规则包)."),
    "reports": Place("cli.reports", "reports_app", "Lists and reports of offices (日周月季年)."),
    "staff": Place("cli.staff", "staff_app", "The people of the offices (工作人员)."),
}


def load(name: str) -> Any:
    """A command or group of `COMMANDS`, from its module."""
    place = COMMANDS[name]
    found = getattr(import_module(place.module), place.name)
    if isinstance(found, typer.Typer):
        return get_group(found)
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    return get_command(alone)


class Program(TyperGroup):
    """The commands by their names. However one of them ends, and if none is found, `cli.ending` has the last word."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """What `--help` shows of a command."""
        place = COMMANDS.get(cmd_name)
        return place and TyperCommand(cmd_name, help=place.about)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is given, ready to run."""
        name, found, rest = super().resolve_command(ctx, args)
        if name is None:
            return name, found, rest
        command = load(name)
        settings = read_settings()
        import_module("runtime.logs").configure_logs(settings.log)
        import_module("office.packs").use_packs_in(settings.policies)
        return name, command, rest

    def main(self, *call: Any, **more: Any) -> Any:
        """Run a command and end the process with its exit code."""
        given = call[0] if call else more.pop("args", None)
        words = list(sys.argv[1:] if given is None else given)
        try:
            _check(words)
            code = super().main(words, *call[1:], **{**more, "standalone_mode": False})
        except BaseException as error:
            code = import_module("cli.ending").tell(error, "--json" in words)
        sys.exit(code)


def _check(words: Sequence[str]) -> None:
    """Every word, and every setting of ours, must be text: bytes that are none can neither be kept nor shown."""
    for place, word in [
        *((f"word {no}", word) for no, word in enumerate(words, 1)),
        *own_variables().items(),
    ]:
        try:
            word.encode("utf-8")
        except UnicodeEncodeError:
            raise typer.BadParameter(f"{place} is not text in this terminal's encoding") from None


app = typer.Typer(
    cls=Program,
    name="qingqian",
    help="清欠: carries payment-arrears cases from receipt to strike-off.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def qingqian() -> None:
    """清欠: carries payment-arrears cases from receipt to strike-off."""
