"""`qingqian attach` and `archive`: papers (证据材料) of a case, and all of an ended one in a file (案卷)."""

from pathlib import Path
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
    command_of,
    emit,
    finish,
)
from cli.record import the_database, the_papers
from cli.screen import terminal
from cli.servers import the_cases
from domain.commands import read_command
from domain.evidence import EvidenceKind
from office.archive.packing import archive as pack


def attach(
    case: CaseNo,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    what: Annotated[EvidenceKind, typer.Option(help="What it is.")],
    of: Annotated[
        str | None, typer.Option("--for", metavar="TEXT", help="The voucher, duty or command it is for.")
    ] = None,
    by: By = None,
    command_id: CommandId = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Put a paper on file: attach CASE 回单.pdf --what bank_receipt --for PZ-1 --by clerk:李敏@620105."""

    async def run() -> int:
        papers = the_papers(data)
        async with the_cases(data) as cases:
            await cases.entries(case)  # Nothing is kept for a case that there is not.
            try:
                with file.open("rb") as content:
                    stored = await papers.keep(case, content)
            except OSError as error:
                raise Malformed([f"file: {error.strerror}"]) from error
            said = {"what": what.value, "name": file.name[-200:], **stored._asdict()}
            fields = [f"{name}={value}" for name, value in (said | ({"for": of} if of else {})).items()]
            command = command_of(read_command, "attach", by, fields, command_id)
            result = await cases.act(case, command)
        emit(result, terminal.case_sheet(result), as_json)
        return DONE

    finish(run(), as_json)


def archive(
    case: CaseNo,
    out: Annotated[Path, typer.Argument(metavar="OUT.zip")],
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Write the archive of an ended case (案卷): journal, documents, papers, a manifest of hashes, and a page to read."""

    async def run() -> int:
        papers = the_papers(data)
        async with the_database(data) as engine:
            try:
                manifest = await pack(engine, papers, case, out)
            except OSError as error:
                if error.filename is None:  # It is of no file, but of a server.
                    raise
                raise Malformed([f"out: {error.strerror}"]) from error
        emit(manifest, f"{out}: {len(manifest['files'])} 个文件 files", as_json)
        return DONE

    finish(run(), as_json)
