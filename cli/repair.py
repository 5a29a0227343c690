"""`qingqian verify`, `revive`, `rebuild`: whether all agrees, and after a bad day, workflows from the record, and the record from its
journal and the histories.
"""

from typing import Annotated

import typer

from cli.options import DATA, DONE, NOT_AS_EXPECTED, AsJson, Data, emit, finish
from cli.record import the_papers
from cli.screen import terminal
from cli.servers import the_servers
from office.repair.rebuilding import rebuild as run_rebuild
from office.repair.reviving import revive as run_revive
from office.verification.verifying import verify as run_verification

Numbers = Annotated[list[str] | None, typer.Argument(metavar="[CASE|BATCH]...")]


def revive(
    numbers: Numbers = None,
    after: Annotated[
        str, typer.Option(help="Go on behind this number, where an earlier attempt came to.")
    ] = "",
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Have workflows learn what is on record, and start those that Temporal has lost from the record alone."""

    async def run() -> int:
        async with the_servers(data) as (client, engine):
            with terminal.progress("恢复流程 reviving") as watch:
                result = await run_revive(client, engine, numbers or [], after=after, watch=watch)
        unreached = [{"number": number, "reason": reason} for number, reason in result.unreached]
        lines = [
            f"{result.total} 件的流程已与档案一致 {result.total} workflows know all that is on record",
            *(f"{one['number']}: {one['reason']}" for one in unreached),
        ]
        emit({"revived": result.total, "unreached": unreached}, "\n".join(lines), as_json)
        return NOT_AS_EXPECTED if unreached else DONE

    finish(run(), as_json)


def rebuild(numbers: Numbers = None, data: Data = DATA, as_json: AsJson = False) -> None:
    """Make read model and ledger anew from the journal, complete that from the histories, and compare.

    Stop workers and window first.
    """

    async def run() -> int:
        async with the_servers(data) as (client, engine):
            with terminal.progress("重建 rebuilding") as watch:
                result = await run_rebuild(client, engine, numbers or [], watch)
        emit(result, terminal.rebuilt(result), as_json)
        return DONE if result["ok"] else NOT_AS_EXPECTED

    finish(run(), as_json)


def verify(numbers: Numbers = None, data: Data = DATA, as_json: AsJson = False) -> None:
    """Compare journal, ledger, read model and workflow of some cases and batches or of all, to the fen."""

    async def run() -> int:
        async with the_servers(data) as (client, engine):
            with terminal.progress("核对 verifying") as watch:
                result = await run_verification(client, engine, numbers or [], watch, the_papers(data))
        emit(result, terminal.verified(result), as_json)
        return DONE if result["ok"] else NOT_AS_EXPECTED

    finish(run(), as_json)
