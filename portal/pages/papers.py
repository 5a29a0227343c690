"""Papers: the notices and the reports that an office may see, to read and to take along."""

from datetime import date
from typing import Annotated, Final
from urllib.parse import quote, urlencode

from fastapi import Query, Request, Response

from domain.reports.periods import ReportKind
from domain.reports.text import KINDS, as_text, title_of
from domain.value import NoticeKind
from office.packs import load_pack
from portal.gate.router import PageRouter
from portal.gate.visitors import StaffHere
from portal.problems import NotFound, Problem
from portal.reading import PAGE, deliveries_of, docx_seen, notices_seen, report_seen, reports_seen
from portal.templating import page
from portal.window import Here
from schema.post import file_name

router = PageRouter()

Written = Annotated[str, Query(max_length=80)]

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/desk/notices")
async def notices(
    request: Request, window: Here, visitor: StaffHere, notice: Written = "", after: Written = ""
) -> Response:
    """The notices of the cases in sight, the latest first."""
    try:
        found = await notices_seen(
            window, visitor.sight, notice=notice or None, before=after or None, size=PAGE + 1
        )
    except NotFound as unknown:
        raise _no_page(after) from unknown
    further = {"notice": notice, "after": found[PAGE - 1].number} if len(found) > PAGE else None
    shown = {
        "visitor": visitor,
        "notices": found[:PAGE],
        "deliveries": await deliveries_of(window, found[:PAGE]),
        "chosen": notice,
        "kinds": [kind.value for kind in NoticeKind],
        "further": f"/desk/notices?{urlencode(further)}" if further else None,
        "offices": load_pack(window.policy).offices,
    }
    return page(request, "desk_notices.html", shown)


def _no_page(after: str) -> Problem:
    return Problem(422, "页码有误,请从第一页看起", f"not the key of a page: {after!r}", {"code": "malformed"})


@router.get("/desk/notices/{number}")
async def notice_document(window: Here, visitor: StaffHere, number: str) -> Response:
    """A notice as it was issued, as a document of Word's."""
    docx = await docx_seen(window, visitor.sight, number)
    return Response(docx, media_type=DOCX, headers=_attached(file_name(number, "docx")))


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


@router.get("/desk/reports")
async def reports(
    request: Request, window: Here, visitor: StaffHere, kind: Written = "", after: Written = ""
) -> Response:
    """The reports of the office and of those below it, the latest period first."""
    found = await reports_seen(
        window, visitor.sight, kind=kind or None, before=_place(after) if after else None, size=PAGE + 1
    )
    last = found[PAGE - 1] if len(found) > PAGE else None
    further = urlencode({"kind": kind, "after": f"{last.period_end}.{last.number}"}) if last else None
    shown = {
        "visitor": visitor,
        "reports": found[:PAGE],
        "chosen": kind,
        "kinds": {kind.value: name for kind, name in KINDS.items()},
        "further": f"/desk/reports?{further}" if further else None,
        "offices": load_pack(window.policy).offices,
    }
    return page(request, "desk_reports.html", shown)


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
    found = await report_seen(window, visitor.sight, number)
    shown = {
        "visitor": visitor,
        "number": number,
        "title": title_of(found),
        "lines": as_text(found).partition("\n")[2],
        "is_list": found.kind is ReportKind.DAY,
    }
    return page(request, "desk_report.html", shown)


@router.get("/desk/reports/{number}/text")
async def report_text(window: Here, visitor: StaffHere, number: str) -> Response:
    """A report as a file of plain text."""
    found = await report_seen(window, visitor.sight, number)
    headers = _attached(file_name(number, "txt"))
    return Response(as_text(found), media_type="text/plain; charset=utf-8", headers=headers)
