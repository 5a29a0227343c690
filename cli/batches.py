"""`qingqian batch …`: bond batches."""

from typing import Annotated

import typer

from cli.options import (
    DATA,
    DONE,
    AsJson,
    By,
    CommandId,
    Data,
    Fields,
    File,
    command_of,
    emit,
    finish,
    open_each,
)
from cli.record import the_record
from cli.screen import terminal
from cli.servers import the_batches
from domain.bonds.commands import BatchOpening, read_batch_command
from office.enquiries import today
from office.files import read_batches

batch_app = typer.Typer(help="Bond batches (债券批次).", no_args_is_help=True)

BatchNo = Annotated[str, typer.Argument(metavar="BATCH")]


@batch_app.command("open")
def batch_open(file: File, by: By = None, data: Data = DATA, as_json: AsJson = False) -> None:
    """Open the bond batch or batches of a file: by whom it names, or by whoever is given here."""

    async def run() -> int:
        pack, openings = read_batches(file, today(), by)

        async def open_one(opening: BatchOpening) -> dict[str, str]:
            return {"batch_no": await batches.open(opening, pack.allocation_order)}

        async with the_batches(data) as batches:
            return await open_each("batches", openings, open_one, lambda one: one["batch_no"], as_json)

    finish(run(), as_json)


@batch_app.command("show")
def batch_show(batch: BatchNo, data: Data = DATA, as_json: AsJson = False) -> None:
    """Show a bond batch, and who gets how much of it and why; before its cut-off, who would."""

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
    "exclude", "Exclude a request that these bonds may not pay: --field case_no=… --field reason=…."
)
_batch_command(
    "approve",
    "Record the approval of the standing committee, and the number of its decision: --field resolution=….",
)
_batch_command("decline", "Record that it declined: --field reason=…. The requests return to the pool.")
_batch_command("arrive", "Record money that arrived: --field amount=… --field reference=….")
_batch_command("close_batch", "Close a batch; what is left of its quota goes back.")
