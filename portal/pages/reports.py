"""The reports that an office may see, to read and to download."""

import asyncio
import io
from datetime import date
from urllib.parse import urlencode

from fastapi import Request, Response

from domain.reports.periods import ReportKind
from domain.reports.text import KINDS, as_text, title_of
from office.sheets.writing import report_book
from portal.gate.router import PageRouter
from portal.gate.visitors import StaffHere
from portal.inputs import InAddress, key_in_address
from portal.reading import PAGE, report_of
from portal.showing.saving import XLSX, saved_as
from portal.templating import page
from portal.window import Here
from schema.paging import NotAKey
from schema.post import file_name
from schema.seen.papers import reports_seen

router = PageRouter()


@router.get("/desk/reports")
async def reports(
    request: Request, window: Here, visitor: StaffHere, kind: InAddress = "", after: InAddress = ""
) -> Response:
    """List the reports of the office and those below it, the latest period first."""
    with key_in_address():
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
    }
    return page(request, "desk/reports.html", shown)


def _place(after: str) -> tuple[date, str]:
    """The key of a page: the last day of a period, and a report's number."""
    day, _, number = after.partition(".")
    try:
        return date.fromisoformat(day), number
    except ValueError as error:
        raise NotAKey(after) from error


@router.get("/desk/reports/{number}")
async def report(request: Request, window: Here, visitor: StaffHere, number: str) -> Response:
    """Show a report."""
    found = await report_of(window, visitor.sight, number)
    shown = {
        "visitor": visitor,
        "number": number,
        "title": title_of(found),
        "lines": as_text(found).partition("\n")[2],
        "is_list": found.kind is ReportKind.DAY,
    }
    return page(request, "desk/report.html", shown)


@router.get("/desk/reports/{number}/sheet")
async def report_sheet(window: Here, visitor: StaffHere, number: str) -> Response:
    """Download a report as a workbook."""
    found, out = await report_of(window, visitor.sight, number), io.BytesIO()
    await asyncio.to_thread(report_book, out, found)
    return Response(out.getvalue(), media_type=XLSX, headers=saved_as(file_name(number, "xlsx")))


@router.get("/desk/reports/{number}/text")
async def report_text(window: Here, visitor: StaffHere, number: str) -> Response:
    """Download a report as plain text."""
    found = await report_of(window, visitor.sight, number)
    headers = saved_as(file_name(number, "txt"))
    return Response(as_text(found), media_type="text/plain; charset=utf-8", headers=headers)
