"""Papers (证据材料) at every door of the window: put on file, listed, and given back to whoever may see the case."""

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
"""What a browser shows in its own window; everything else is saved."""

_ALONE: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"
"""What somebody uploaded runs nothing, and reads nothing of ours."""

_IN_A_VIEWER: Final = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
"""Browsers show a PDF in a viewer of their own, which a sandbox does not let in."""


async def commands_with_papers(
    window: Window, case_no: str, form: FormData, by: Actor, command_id: str | None = None
) -> list[AnyCommand]:
    """The commands that put the files of a form on file, one for each. All are in the store by then, or there is none.

    Raises:
        Malformed: There is no file, or the form says something else wrong.
        Refusal: A file is none that is taken.
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
    """A file in the store. Where it is one of several, a refusal says which."""
    try:
        return await window.papers.keep(case_no, file.file)
    except Refusal as refusal:
        if one_of == 1:
            raise
        told, detail = f"{file.filename}:{refusal.message}", f"{file.filename}: {refusal.detail}"
        raise Refusal(refusal.code, told, detail, refusal.field) from None


def own_of(case: Case, by: Actor) -> frozenset[int]:
    """Which papers count and were put on file by somebody, who may take them back: their numbers."""
    return frozenset(paper.no for paper in case.papers if paper.by == by)


def shown(events: Sequence[Event], offices: Mapping[str, str]) -> list[dict[str, Any]]:
    """The papers among the entries of a case, for a page: with whoever put each on file, in words."""
    return [paper | {"who": named(parse_actor(paper["by"]), offices)} for paper in attachments_json(events)]


def own(events: Iterable[Event], side: PartySide) -> list[Event]:
    """The papers of a party, among the entries of its case: it sees no others, nor those of whose place it took."""
    papers: list[Event] = []
    for event in events:
        if isinstance(event.fact, Substituted) and event.fact.side is side:
            papers.clear()
        elif event.by.role.value == side.value:
            papers.append(event)
    return papers


async def given_back(window: Window, events: Sequence[Event], no: int) -> Response:
    """The bytes of a paper among these, as they were put on file.

    Raises:
        NotFound: There is none of that number.
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
