"""The archive of an ended case (案卷归档): journal, documents, papers, their hashes, and a readable overview."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.case.casefile import Case
from domain.case.papers import documents_in, kind_of
from domain.case.view import case_json
from domain.evidence import EVIDENCE, FORMATS
from domain.facts import Attached, NoticeIssued
from domain.letters import Letter
from domain.money import format_money
from domain.refusal import Code, Refusal
from domain.telling import giver
from domain.telling.naming import told
from domain.telling.words import DOCUMENTS, STAGES
from office.enquiries import load_with_rules
from office.evidence.store import Papers
from schema import journal, post
from schema.journal import Entry

_PAGES: Final = Environment(
    loader=PackageLoader("office.archive", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


class Packed(NamedTuple):
    """A file in an archive: its path, its kind, and the hash of its bytes."""

    path: str
    what: str
    sha256: str


async def archive(engine: AsyncEngine, papers: Papers, case_no: str, out: Path) -> dict[str, Any]:
    """Write the archive of a case; returns its manifest, `{case_no, ended, ended_on, head, files: [{path, what, sha256}]}`.

    Raises:
        UnknownCase: There is no such case.
        Refusal: `wrong_stage`: it has not ended; `evidence_missing`: a paper or document differs from the journal.
        ServerAway: The store did not answer.
        OSError: The file cannot be written. An older file of that name is left unchanged.
    """
    async with engine.connect() as connection:
        case, rules = await load_with_rules(connection, case_no)
        entries = await journal.entries(connection, stream=case_no)
        issued = [document for entry in entries for document in documents_in(entry.event)]
        kept = {document.number: await post.docx_of(connection, document.number) for document in issued}
    if case.ended is None:
        raise Refusal(Code.WRONG_STAGE, "本案未结束,结束后归档", "the case has not ended: archive it then")
    unfinished = out.with_name(f"{out.name}.part")
    try:
        with ZipFile(unfinished, "w", ZIP_DEFLATED) as archived:
            files = [_journal(archived, entries)]
            for document in issued:
                files.append(_document(archived, document, kept[document.number]))
            for entry in entries:
                if isinstance(entry.event.fact, Attached):
                    files.append(await _paper(archived, papers, entry.event.fact))
            page = _page(case, entries, files, rules.offices)
            files.append(_written(archived, "index.html", "案卷", page.encode()))
            manifest = {
                "case_no": case_no,
                "ended": case.ended.value,
                "ended_on": str(case.ended_on),
                "head": entries[-1].hash,
                "files": [one._asdict() for one in files],
            }
            archived.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _written(archived: ZipFile, path: str, what: str, content: bytes) -> Packed:
    archived.writestr(path, content)
    return Packed(path, what, hashlib.sha256(content).hexdigest())


def _document(archived: ZipFile, document: NoticeIssued | Letter, docx: bytes | None) -> Packed:
    if docx is None or hashlib.sha256(docx).hexdigest() != document.sha256:
        raise _not_as_it_was(f"文书 {document.number} ", f"document {document.number}")
    path = f"documents/{post.file_name(document.number, 'docx')}"
    return _written(archived, path, f"{DOCUMENTS[kind_of(document)]} {document.number}", docx)


def _journal(archived: ZipFile, entries: Sequence[Entry]) -> Packed:
    lines = "".join(json.dumps(entry.to_json(), ensure_ascii=False) + "\n" for entry in entries)
    return _written(archived, "journal.jsonl", "办理日志", lines.encode())


async def _paper(archived: ZipFile, papers: Papers, fact: Attached) -> Packed:
    """Copy a paper into the archive in pieces. It is named by its number, because the names that people give to files are unsafe."""
    path = f"papers/{fact.no:03}.{_ENDINGS[fact.mime]}"
    pieces = await papers.read(fact.attachment)
    if pieces is None:
        raise _not_as_it_was(f"第 {fact.no} 号材料", f"attachment {fact.no}")
    found = hashlib.sha256()
    with archived.open(path, "w") as file:
        async for piece in pieces:
            found.update(piece)
            file.write(piece)
    if found.hexdigest() != fact.sha256:
        raise _not_as_it_was(f"第 {fact.no} 号材料", f"attachment {fact.no}")
    return Packed(path, f"{EVIDENCE[fact.what][0]} {fact.name}", fact.sha256)


def _not_as_it_was(zh: str, en: str) -> Refusal:
    return Refusal(
        Code.EVIDENCE_MISSING,
        f"{zh}缺失或者已改动,先用 qingqian verify 核对",
        f"{en} is missing or altered: see qingqian verify",
    )


_ENDINGS: Final[Mapping[str, str]] = {mime: called.lower() for mime, called in FORMATS.items()}


def _page(case: Case, entries: Sequence[Entry], files: Sequence[Packed], offices: Mapping[str, str]) -> str:
    assert case.ended_on is not None, "it has ended"
    lines = []
    for entry in entries:
        zh, en = told(entry.event.fact, offices)
        lines.append({"seq": entry.seq, "on": entry.event.on, "who": giver(entry.event), "zh": zh, "en": en})
    return _PAGES.get_template("page.html").render(
        case=case_json(case, case.ended_on),
        end=STAGES[case.stage],
        lines=lines,
        files=files,
        head=entries[-1].hash,
        money=format_money,
    )
