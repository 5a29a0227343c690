"""`qingqian import …` and `qingqian export …`: the 台账 as a file, .xlsx or .csv in and .xlsx out."""

import asyncio
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from cli.options import (
    DATA,
    DONE,
    NOT_AS_EXPECTED,
    AsJson,
    By,
    Data,
    File,
    emit,
    finish,
)
from cli.record import the_database, the_stack
from cli.screen.console import complain
from domain.actors import Role, parse_actor
from domain.sheet.faults import grouped
from domain.telling.amounts import amount_in_all
from office.answers import answers
from office.calendar.loading import calendar_of
from office.cases import Casework
from office.documents import check_regular
from office.enquiries import now, today
from office.faults import Faults
from office.packs import offices_on, pack_in_force
from office.sheets import importing
from office.sheets.exporting import export_ledger
from office.sheets.importing import Looked, Sender
from office.sheets.marking import marked
from runtime.temporal import connect_temporal
from schema.seen.desk import Listing
from schema.seen.sight import Sight
from schema.window import imports

Policy = Annotated[str, typer.Option(help="The rule pack.")]
Marked = Annotated[
    Path | None,
    typer.Option(
        "--marked",
        metavar="FILE",
        help="Where something is wrong, write a copy there (.xlsx), each place marked.",
    ),
]


def import_ledger(
    file: File,
    by: By = None,
    policy: Policy = "gansu",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the file, and start nothing.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="What there is to look at, such as doubles, has been looked at.")
    ] = False,
    all_rows: Annotated[
        bool, typer.Option("--all-rows", help="Read rows that are hidden or struck out as well.")
    ] = False,
    codes: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the access codes there: it is possible once.")
    ] = None,
    mark: Marked = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Open the cases of a sheet (台账, .xlsx or .csv). It is checked whole first; given again, what was interrupted goes on."""

    async def run() -> int:
        sender = _sender(file, by, policy)
        async with the_database(data) as engine:
            looked = await _look_at(engine, file, sender, policy, all_rows, mark)
            if dry_run:
                emit(_told(looked), _outline(looked), as_json)
                return DONE
            looked = await importing.keep(engine, looked, sender, policy, file.name)
            result = _told(looked) | await _open(engine, data, looked, sender, yes)
            if codes is not None:
                result["codes"] = (
                    str(codes) if await _write_codes(engine, looked.digest, sender, codes) else None
                )
        emit(result, f"已登记 {result['opened']} 件,失败 {result['failed']} 件", as_json)
        return DONE if result["failed"] == 0 else NOT_AS_EXPECTED

    finish(run(), as_json)


def export_ledger_file(
    file: File,
    office: Annotated[str, typer.Option(metavar="CODE", help="As this office sees its cases.")] = "620000",
    policy: Policy = "gansu",
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Write the cases of an office and of those below it into a sheet (台账, .xlsx)."""

    async def run() -> int:
        if office not in offices_on(policy, today()):
            raise Faults("export", [f"office: {office} is no office of the rule pack {policy}"])
        async with the_database(data) as engine:
            await calendar_of(engine, today())
            part = file.with_name(f"{file.name}.part")
            with part.open("wb") as out:
                sight = Sight.of_office(office)
                count = await export_ledger(engine, sight, today(), Listing(), policy, out)
            part.replace(file)
        emit({"file": str(file), "cases": count}, f"{count} 件 → {file}", as_json)
        return DONE

    finish(run(), as_json)


def _sender(file: Path, by: str | None, policy: str) -> Sender:
    """Whose sheet it is: a clerk's, of the clerk's own office."""
    try:
        actor = parse_actor(by) if by else None
    except ValueError as error:
        raise Faults(str(file), [f"by: {error}"]) from error
    if actor is None or actor.role is not Role.CLERK:
        raise Faults(str(file), ["by: say which clerk imports with --by clerk:NAME@OFFICE"])
    office = actor.party
    assert office is not None, "a clerk is of an office"
    if office not in pack_in_force(policy, today()).offices:
        raise Faults(str(file), [f"by: {office} is no office of the rule pack {policy}"])
    return Sender(str(actor), actor.person or "", office)


async def _look_at(
    engine: AsyncEngine, file: Path, sender: Sender, policy: str, all_rows: bool, mark: Path | None
) -> Looked:
    try:
        check_regular(file)
        with file.open("rb") as content:
            looked = await importing.look_at(engine, content, sender, policy, now(), all_rows=all_rows)
            if looked.sheet.faults and looked.sheet.header_row and mark is not None:
                await _mark(content, sender, looked, mark)
    except OSError as error:
        raise Faults(str(file), [f"file: cannot be read: {error.strerror or error}"]) from error
    if looked.sheet.faults:
        raise Faults(str(file), [str(group) for group in grouped(looked.sheet.faults)])
    return looked


async def _mark(file: IO[bytes], sender: Sender, looked: Looked, copy: Path) -> None:
    """Write the marked copy, as the window does, for its owner alone to read: it has what the sheet has of people."""
    file.seek(0)
    content = await asyncio.to_thread(file.read)
    await asyncio.to_thread(copy.touch, 0o600)
    with copy.open("wb") as out:
        sheet = looked.sheet
        await marked(content, sender.office, sheet.header_row, sheet.faults, out, in_english=False)
    complain([f"标注的副本 the marked copy: {copy}"])


async def _open(engine: AsyncEngine, data: Path, looked: Looked, sender: Sender, yes: bool) -> dict[str, Any]:
    """Confirm an import and wait until its cases are open. Whoever does not wait finds it going on."""
    async with engine.connect() as connection:
        found = await imports.find(connection, Sight.of_office(sender.office), looked.digest)
    if found is None:
        raise Faults("import", ["file: another office has uploaded this very file"])
    client = await connect_temporal(the_stack(data).temporal_address)
    cases = Casework(client, engine)
    complain(str(group) for group in grouped(looked.sheet.warnings))
    await importing.confirm(cases, engine, found, office=sender.office, seen=yes)
    handle = await importing.carry_on(cases, looked.digest)
    with answers("the import goes on; give the file again to see how far it is"):
        imported = await handle.result()
    return imported.model_dump()


async def _write_codes(engine: AsyncEngine, digest: str, sender: Sender, file: Path) -> bool:
    """Write the codes, for its owner alone to read."""
    await asyncio.to_thread(file.touch, 0o600)
    with file.open("wb") as out:
        return await importing.hand_out_codes(engine, digest, sender.login, out)


def _told(looked: Looked) -> dict[str, Any]:
    return {
        "digest": looked.digest,
        "rows": len(looked.sheet.rows),
        "claimed_fen": looked.sheet.claimed_fen,
        "unverified": looked.sheet.unverified,
        "warnings": [str(group) for group in grouped(looked.sheet.warnings)],
    }


def _outline(looked: Looked) -> str:
    lines = [
        f"{len(looked.sheet.rows)} 行,欠款金额合计 {amount_in_all(looked.sheet.claimed_fen, looked.sheet.unverified)[0]}"
    ]
    return "\n".join([*lines, *(str(group) for group in grouped(looked.sheet.warnings))])
