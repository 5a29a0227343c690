"""Papers (证据材料) for all parts of the window: filing, listing, and downloading them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from fastapi import Response
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from domain.actors import Actor, parse_actor
from domain.case.casefile import Case
from domain.case.evidence import attached, attachments_json
from domain.commands import AnyCommand, read_command
from domain.events import Event
from domain.facts import Substituted
from domain.refusal import Refusal
from domain.telling.naming import named
from domain.value import LONGEST_NAME, PartySide
from office.evidence.store import Stored
from portal.forms.form import Malformed, faults_in, id_of
from portal.gate.uploads import files_in
from portal.problems import NotFound
from portal.showing.saving import saved_as
from portal.window import Window

_SHOWN: Final = ("application/pdf", "image/")
"""The types that a browser may display itself. Every other type is downloaded."""

_ALONE: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"
"""The Content-Security-Policy of an uploaded file: it may run no script, and load nothing of ours."""

_IN_A_VIEWER: Final = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
"""The Content-Security-Policy of a PDF. Browsers display it in a viewer of their own, which a sandbox would block."""


async def commands_with_papers(
    window: Window, case_no: str, form: FormData, by: Actor, command_id: str | None = None
) -> list[AnyCommand]:
    """Store the files of a form; returns the commands that file them, one for each. If one file is refused, none is filed.

    Raises:
        Malformed: There is no file, or another field of the form is wrong.
        Refusal: A file is too large, or of a type that is not accepted.
        ServerAway: The store did not answer.
    """
    sent = files_in(form, "file")
    if not sent:
        raise Malformed({"file": ("请选择文件", "choose a file")})
    said = {name: form[name] for name in ("what", "for") if form.get(name)} | {"do": "attach", "by": by}
    given = command_id or id_of(form)
    written = [
        {
            **said,
            "command_id": f"{given}-{no}" if no else given,
            "name": (file.filename or "")[-LONGEST_NAME:],
            **(await _kept(window, case_no, file, one_of=len(sent)))._asdict(),
        }
        for no, file in enumerate(sent)
    ]
    try:
        return [read_command(one) for one in written]
    except ValidationError as error:
        raise Malformed(faults_in(error, tag="attach")) from error


async def _kept(window: Window, case_no: str, file: UploadFile, one_of: int) -> Stored:
    """Put a file into the store. If it is one of several, a refusal names it."""
    try:
        return await window.papers.keep(case_no, file.file)
    except Refusal as refusal:
        if one_of == 1:
            raise
        told, detail = f"{file.filename}:{refusal.message}", f"{file.filename}: {refusal.detail}"
        raise Refusal(refusal.code, told, detail, refusal.field) from None


def own_of(case: Case, by: Actor) -> frozenset[int]:
    """The numbers of the papers on file that this actor filed, and may therefore detach."""
    return frozenset(paper.no for paper in case.papers if paper.by == by)


def shown(events: Sequence[Event], offices: Mapping[str, str]) -> list[dict[str, Any]]:
    """The papers in a case's entries, as a page shows them: with the name of whoever filed each."""
    return [paper | {"who": named(parse_actor(paper["by"]), offices)} for paper in attachments_json(events)]


def own(events: Iterable[Event], side: PartySide) -> list[Event]:
    """The entries about a party's own papers. It sees neither those of others nor those of the party whose place it took."""
    papers: list[Event] = []
    for event in events:
        if isinstance(event.fact, Substituted) and event.fact.side is side:
            papers.clear()
        elif event.by.role.value == side.value:
            papers.append(event)
    return papers


async def given_back(window: Window, events: Sequence[Event], no: int) -> Response:
    """Download a paper, unchanged.

    Raises:
        NotFound: No paper has that number.
        ServerAway: The store did not answer.
    """
    paper = attached(events, no)
    pieces = await window.papers.read(paper.attachment) if paper else None
    if paper is None or pieces is None:
        raise NotFound("材料", "paper")
    headers: Mapping[str, str] = {
        **saved_as(paper.name, "inline" if paper.mime.startswith(_SHOWN) else "attachment"),
        "Content-Length": str(paper.size),
        "Content-Security-Policy": _IN_A_VIEWER if paper.mime == "application/pdf" else _ALONE,
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(pieces, media_type=paper.mime, headers=dict(headers))
