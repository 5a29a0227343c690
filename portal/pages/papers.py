"""Papers: the notices and the reports that an office may see, to read and to take along."""

from datetime import date
from typing import Final
from urllib.parse import quote, urlencode

from fastapi import Request, Response

from domain.reports.periods import ReportKind
from domain.reports.text import KINDS, as_text, title_of
from domain.value import NoticeKind
from office.packs import load_pack
from portal.gate.router import PageRouter
from portal.gate.visitors import StaffHere
from portal.inputs import InAddress
from portal.problems import Problem
from portal.reading import PAGE, deliveries_of, docx_of, report_of, services_of
from portal.templating import page
from portal.window import Here
from schema.post import file_name
from schema.seen.papers import notices_seen, place_seen, reports_seen

router = PageRouter()

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/desk/notices")
async def notices(
    request: Request, window: Here, visitor: StaffHere, notice: InAddress = "", after: InAddress = ""
) -> Response:
    """The notices of the cases in sight, the latest first."""
    async with window.engine.connect() as connection:
        before = await place_seen(connection, visitor.sight, after) if after else None
        if after and before is None:
            raise _no_page(after)
        found = await notices_seen(connection, visitor.sight, notice=notice or None, before=before, size=PAGE)
    last = found.more_behind
    further = urlencode({"notice": notice, "after": last.number}) if last else None
    shown = {
        "visitor": visitor,
        "notices": found.rows,
        "deliveries": await deliveries_of(window, found.rows),
        "services": await services_of(window, found.rows),
        "chosen": notice,
        "kinds": [kind.value for kind in NoticeKind],
        "further": f"/desk/notices?{further}" if further else None,
        "offices": load_pack(window.policy).offices,
    }
    return page(request, "desk/notices.html", shown)


def _no_page(after: str) -> Problem:
    return Problem(422, "页码有误,请从第一页看起", f"not the key of a page: {after!r}", {"code": "malformed"})


@router.get("/desk/notices/{number}")
async def notice_document(window: Here, visitor: StaffHere, number: str) -> Response:
    """A notice as it was issued, as a document of Word's."""
    docx = await docx_of(window, visitor.sight, number)
    return Response(docx, media_type=DOCX, headers=_attached(file_name(number, "docx")))


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


@router.get("/desk/reports")
async def reports(
    request: Request, window: Here, visitor: StaffHere, kind: InAddress = "", after: InAddress = ""
) -> Response:
    """The reports of the office and of those below it, the latest period first."""
    before = _place(after) if after else None
    async with window.engine.connect() as connection:
        found = await reports_seen(connection, visitor.sight, kind=kind or None, before=before, size=PAGE)
    last = found.more_behind
    further = urlencode({"kind": kind, "after": f"{last.period_end}.{last.number}"}) if last else None
    shown = {
        "visitor": visitor,
        "reports": found.rows,
        "chosen": kind,
        "kinds": {kind.value: name for kind, name in KINDS.items()},
        "further": f"/desk/reports?{further}" if further else None,
        "offices": load_pack(window.policy).offices,
    }
    return page(request, "desk/reports.html", shown)


def _place(after: str) -> tuple[date, str]:
    """Where the page before ended: the last day of a period, and a report's number."""
    day, _, number = after.partition(".")
    try:
        return date.fromisoformat(day), number
    except ValueError as error:
        raise _no_page(after) from error


@router.get("/desk/reports/{number}")
async def report(request: Request, window: Here, visitor: StaffHere, number: str) -> Response:
    """A report, to read."""
    found = await report_of(window, visitor.sight, number)
    shown = {
        "visitor": visitor,
        "number": number,
        "title": title_of(found),
        "lines": as_text(found).partition("\n")[2],
        "is_list": found.kind is ReportKind.DAY,
    }
    return page(request, "desk/report.html", shown)


@router.get("/desk/reports/{number}/text")
async def report_text(window: Here, visitor: StaffHere, number: str) -> Response:
    """A report as a file of plain text."""
    found = await report_of(window, visitor.sight, number)
    headers = _attached(file_name(number, "txt"))
    return Response(as_text(found), media_type="text/plain; charset=utf-8", headers=headers)
