"""Importing a 台账 (upload, preview, confirmation, progress, and the access codes, shown once), and exporting what the desk lists."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from typing import IO, Annotated, Any, Final

from fastapi import Form, Path, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from domain.refusal import Refusal
from domain.sheet.columns import COLUMNS, Column
from domain.sheet.faults import grouped
from office.sheets import importing
from office.sheets.exporting import export_ledger
from office.sheets.importing import Sender
from office.sheets.marking import keep_faulty, marked_copy
from office.sheets.writing import blank_ledger
from portal.columns import of_sheet
from portal.filters import InList
from portal.gate.router import PageRouter
from portal.gate.uploads import file_in, form_with_file
from portal.gate.visitors import Staff, StaffHere
from portal.inputs import InAddress
from portal.pages.register import Registrar
from portal.problems import NotFound, Problem, problem_of
from portal.showing.saving import XLSX, saved_as
from portal.templating import language_of, page
from portal.window import Here, Window
from schema.window import imports
from schema.window.views import columns_of

router = PageRouter()

Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]

FAULTS_SHOWN: Final = 200
"""The most distinct faults that are shown. The same fault in many cells is one."""

_AT_ONCE: Final = 64 * 1024


@router.get("/desk/import")
async def ask(request: Request, window: Here, visitor: Registrar) -> Response:
    """Show the upload form and the latest imports."""
    return await _upload_page(request, window, visitor)


@router.get("/desk/import/blank.xlsx")
async def blank(visitor: StaffHere) -> Response:
    """Download an empty sheet."""
    out = _file()
    blank_ledger(out)
    return _download(out, "qingqian-blank.xlsx")


@router.post("/desk/import")
async def upload(request: Request, window: Here, visitor: Registrar) -> Response:
    """Check a whole file. A file without faults is kept for preview and confirmation; otherwise all faults are shown."""
    sender = Sender(visitor.login, visitor.person, visitor.office)
    async with form_with_file(request, visitor) as form:
        sent = file_in(form, "file")
        if sent is None:
            told = ("请选择文件", "choose a file")
            return await _upload_page(request, window, visitor, {"fault": told}, status=422)
        all_rows = form.get("all_rows") == "yes"
        looked = await importing.look_at(
            window.engine, sent.file, sender, window.policy, window.clock(), all_rows=all_rows
        )
        file_name, is_kept = sent.filename or "", False
        if looked.sheet.faults:
            is_kept = await keep_faulty(window.engine, looked, sender, sent.file, file_name)
    if looked.sheet.faults:
        shown = {
            "faults": grouped(looked.sheet.faults),
            "fault_count": len(looked.sheet.faults),
            "file_name": file_name,
            "marked": f"/desk/import/{looked.digest}/marked.xlsx" if is_kept else None,
        }
        return await _upload_page(request, window, visitor, shown, status=422)
    looked = await importing.keep(window.engine, looked, sender, window.policy, file_name)
    if looked.is_known:
        await _found(window, visitor, looked.digest, known=True)
    return RedirectResponse(f"/desk/import/{looked.digest}", status_code=303)


@router.get("/desk/import/{digest}/marked.xlsx")
async def marked(request: Request, window: Here, visitor: Registrar, digest: Digest) -> Response:
    """Download the faulty sheet with each place marked and explained. Available for a day to whoever uploaded it last."""
    out = _file()
    in_english = language_of(request) == "en"
    if not await marked_copy(window.engine, visitor.login, digest, out, in_english=in_english):
        out.close()
        raise NotFound(
            "标注的副本(只保留最近一次上传,保留一天)", "marked copy: the last upload is kept, for a day"
        )
    return _download(out, f"marked-{digest[:8]}.xlsx")


@router.get("/desk/import/{digest}")
async def show(
    request: Request, window: Here, visitor: Registrar, digest: Digest, still: InAddress = ""
) -> Response:
    """Show the preview or the progress of an import. While cases are being opened the page reloads by itself, unless `still`."""
    return await _import_page(request, window, visitor, digest, still=bool(still))


@router.post("/desk/import/{digest}/confirm")
async def confirm(
    request: Request,
    window: Here,
    visitor: Registrar,
    digest: Digest,
    doubles: Annotated[str, Form()] = "",
) -> Response:
    """Open the cases. Confirming twice opens them once, and resumes an import that has stopped."""
    found = await _found(window, visitor, digest)
    try:
        await importing.confirm(
            window.cases, window.engine, found, office=visitor.office, seen=doubles == "seen"
        )
    except Refusal as refusal:
        more = {"refusal": refusal}
        return await _import_page(
            request, window, visitor, digest, more=more, status=problem_of(refusal).status
        )
    return RedirectResponse(f"/desk/import/{digest}", status_code=303)


@router.post("/desk/import/{digest}/resume")
async def resume(window: Here, visitor: Registrar, digest: Digest) -> Response:
    """Resume an import that has stopped, and retry what failed."""
    found = await _found(window, visitor, digest)
    await importing.resume(window.cases, window.engine, found, office=visitor.office)
    return RedirectResponse(f"/desk/import/{digest}", status_code=303)


@router.post("/desk/import/{digest}/discard")
async def discard(window: Here, visitor: Registrar, digest: Digest) -> Response:
    """Discard a sheet that nobody has confirmed."""
    found = await _found(window, visitor, digest)
    await importing.discard(window.engine, found, office=visitor.office)
    return RedirectResponse("/desk/import", status_code=303)


@router.post("/desk/import/{digest}/codes")
async def codes(window: Here, visitor: Registrar, digest: Digest) -> Response:
    """Download the access codes of the cases, once, for whoever imported them."""
    found = await _found(window, visitor, digest)
    importing.must_be_of(visitor.office, found)
    out = _file()
    if found.login != visitor.login or not await importing.hand_out_codes(
        window.engine, digest, visitor.login, out
    ):
        out.close()
        raise Problem(
            409,
            "查询码只能由导入人在全部登记后下载一次;遗失的在案件页重新发给",
            "the access codes can be fetched once, by whoever imported, when all cases are open; "
            "later, the page of a case gives another",
        )
    return _download(out, f"codes-{digest[:8]}.xlsx")


@router.get("/desk/export")
async def export(window: Here, visitor: StaffHere, chosen: InList, columns: InAddress = "") -> Response:
    """Download the desk's list with the same filters and order: with all columns of the 台账, or with those `chosen` for the list."""
    out, today = _file(), window.today()
    try:
        wanted = await _columns(window, visitor) if columns == "chosen" else COLUMNS
        await export_ledger(window.engine, visitor.sight, today, chosen.listing, window.policy, out, wanted)
    except BaseException:
        out.close()
        raise
    return _download(out, f"qingqian-{visitor.office}-{today}.xlsx")


async def _columns(window: Window, staff: Staff) -> Sequence[Column]:
    async with window.engine.connect() as connection:
        return of_sheet(await columns_of(connection, staff.account))


async def _found(window: Window, staff: Staff, digest: str, *, known: bool = False) -> imports.Import:
    """An import that the visitor may see. If an office elsewhere has imported the file, the answer says only that it is known."""
    async with window.engine.connect() as connection:
        found = await imports.find(connection, staff.sight, digest)
    if found is not None:
        return found
    if known:
        raise Problem(409, "此文件已由其他办公室上传", "another office has uploaded this very file")
    raise NotFound("导入", "import")


async def _upload_page(
    request: Request,
    window: Window,
    staff: Staff,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    async with window.engine.connect() as connection:
        latest = await imports.latest(connection, staff.sight)
    shown: dict[str, Any] = {"fault": None, "faults": [], "fault_count": 0, "file_name": "", "marked": None}
    shown |= more or {}
    shown |= {"visitor": staff, "here": "/desk/import", "imports": latest, "shown": FAULTS_SHOWN}
    return page(request, "sheets/upload.html", shown, status=status)


async def _import_page(
    request: Request,
    window: Window,
    staff: Staff,
    digest: str,
    *,
    still: bool = False,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    found = await _found(window, staff, digest)
    async with window.engine.connect() as connection:
        sums = await imports.sums(connection, digest)
        first = await imports.first_rows(connection, digest) if found.confirmed_at is None else []
        failed = await imports.failed_rows(connection, digest) if sums.failed else []
    shown: dict[str, Any] = {"visitor": staff, "found": found, "sums": sums, "first": first, "failed": failed}
    shown["warnings"] = grouped(found.warnings)
    shown["is_own"] = found.office == staff.office
    if found.confirmed_at is None:
        shown["late"] = await importing.late_on_entry(window.engine, digest, found.policy, window.clock())
    shown |= {
        "here": f"/desk/import/{digest}",
        "refusal": None,
        "still": still,
        "is_running": found.confirmed_at is not None and sums.waiting > 0,
    }
    return page(request, "sheets/import.html", shown | (more or {}), status=status)


def _file() -> IO[bytes]:
    """A temporary file, in memory while it is small."""
    return tempfile.SpooledTemporaryFile(max_size=2**20)


def _download(out: IO[bytes], name: str) -> Response:
    out.seek(0)

    async def chunks() -> AsyncIterator[bytes]:
        with out:
            while chunk := out.read(_AT_ONCE):
                yield chunk

    return StreamingResponse(chunks(), media_type=XLSX, headers=saved_as(name))
