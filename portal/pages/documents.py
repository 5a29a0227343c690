"""Documents (文书): listing, previewing, printing and downloading them, for offices and for the party they are addressed to."""

from datetime import date
from typing import Annotated, Any, Final, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import Depends, Query, Request, Response
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Row

from domain.evidence import DOCX
from domain.telling.terms import DOCUMENTS
from domain.value import Day
from portal.gate.router import PageRouter
from portal.gate.visitors import PartyHere, StaffHere
from portal.inputs import InAddress, key_in_address
from portal.problems import NotFound, Problem
from portal.reading import PAGE, deliveries_of, docx_of, own_docx, services_of
from portal.showing.pdf import converter, pdf_of
from portal.showing.preview import preview
from portal.showing.saving import saved_as
from portal.templating import page
from portal.window import Here
from schema.paging import NotAKey
from schema.post import file_name
from schema.seen.papers import Wanted, notices_seen, place_seen

router = PageRouter()

_DAY: Final[TypeAdapter[date]] = TypeAdapter(Day)

_MALFORMED: Final = {"code": "malformed"}


class NoticesAsked(NamedTuple):
    """The filters in the page's address, as they were written. Empty ones are ignored."""

    notice: str
    day: str
    case: str

    def wanted(self) -> Wanted:
        """The filters as values.

        Raises:
            Problem: 422: one of them is malformed.
        """
        return Wanted(self.notice or None, _day(self.day), self.case.strip().upper() or None)

    def said(self) -> dict[str, str]:
        """The filters that are not empty."""
        return {name: value for name, value in self._asdict().items() if value}


async def asked_for(
    notice: InAddress = "",
    day: Annotated[str, Query(max_length=10)] = "",
    case: Annotated[str, Query(max_length=100)] = "",
) -> NoticesAsked:
    """Read the filters from the address."""
    return NoticesAsked(notice, day, case)


AskedFor = Annotated[NoticesAsked, Depends(asked_for)]


def _day(written: str) -> date | None:
    """The day in a filter.

    Raises:
        Problem: 422: it is not a date.
    """
    try:
        return _DAY.validate_python(written) if written else None
    except ValidationError as error:
        raise Problem(422, "日期有误", "not a date; write it like 2023-04-26", _MALFORMED) from error


@router.get("/desk/notices")
async def notices(
    request: Request, window: Here, visitor: StaffHere, asked: AskedFor, after: InAddress = ""
) -> Response:
    """List the documents of the visible cases, the latest first."""
    wanted = asked.wanted()
    async with window.engine.connect() as connection:
        before = await place_seen(connection, visitor.sight, after) if after else None
        with key_in_address():
            if after and before is None:
                raise NotAKey(after)
        found = await notices_seen(connection, visitor.sight, wanted, before=before, size=PAGE)
    last, said = found.more_behind, asked.said()
    shown = {
        "visitor": visitor,
        "notices": found.rows,
        "deliveries": deliveries_of(found.rows),
        "services": await services_of(window, found.rows),
        "asked": asked,
        "kinds": list(DOCUMENTS),
        "further": f"/desk/notices?{urlencode(said | {'after': last.number})}" if last else None,
        "print": f"/desk/notices/print?{urlencode(said)}" if found.rows else None,
    }
    return page(request, "desk/notices.html", shown)


@router.get("/desk/notices/print")
async def print_notices(request: Request, window: Here, visitor: StaffHere, asked: AskedFor) -> Response:
    """The first page of that list for printing, each document on a sheet of its own."""
    wanted = asked.wanted()
    async with window.engine.connect() as connection:
        found = await notices_seen(connection, visitor.sight, wanted, size=PAGE)
    sheets = [await _sheet(one, await docx_of(window, visitor.sight, one.number)) for one in found.rows]
    shown = {"visitor": visitor, "sheets": sheets, "is_cut": found.more_behind is not None}
    return page(request, "sheets.html", shown)


async def _sheet(one: Row[Any], docx: bytes) -> dict[str, Any]:
    return {"number": one.number, "body": await preview(docx)}


@router.get("/desk/notices/{number}")
async def document(window: Here, visitor: StaffHere, number: str) -> Response:
    """Download a document as it was issued (.docx)."""
    return _attached(number, await docx_of(window, visitor.sight, number))


@router.get("/desk/notices/{number}/preview")
async def preview_document(request: Request, window: Here, visitor: StaffHere, number: str) -> Response:
    """Show a document as a page."""
    body = await preview(await docx_of(window, visitor.sight, number))
    docx = f"/desk/notices/{quote(number)}"
    sheets = [{"number": number, "body": body, "docx": docx, "pdf": f"{docx}/pdf" if converter() else None}]
    return page(request, "sheets.html", {"visitor": visitor, "sheets": sheets, "is_cut": False})


@router.get("/desk/notices/{number}/pdf")
async def document_as_pdf(window: Here, visitor: StaffHere, number: str) -> Response:
    """Download a document as PDF; 404 if the server has no LibreOffice."""
    docx, program = await docx_of(window, visitor.sight, number), converter()
    if program is None:
        raise NotFound("PDF", "PDF: there is no LibreOffice here")
    pdf = await pdf_of(docx, program)
    return Response(pdf, media_type="application/pdf", headers=saved_as(file_name(number, "pdf")))


@router.get("/case/documents/{number}")
@router.get("/debtor/documents/{number}")
@router.get("/unit/cases/{case_no}/documents/{number}")
async def own_document(window: Here, visitor: PartyHere, number: str) -> Response:
    """Download a document for the party itself (.docx)."""
    return _attached(number, await own_docx(window, visitor, number))


@router.get("/case/documents/{number}/preview")
@router.get("/debtor/documents/{number}/preview")
@router.get("/unit/cases/{case_no}/documents/{number}/preview")
async def preview_own_document(request: Request, window: Here, visitor: PartyHere, number: str) -> Response:
    """Show a document for the party itself as a page."""
    body = await preview(await own_docx(window, visitor, number))
    sheets = [{"number": number, "body": body, "docx": f"{visitor.home}/documents/{quote(number)}"}]
    return page(request, "sheets.html", {"visitor": visitor, "sheets": sheets, "is_cut": False})


def _attached(number: str, docx: bytes) -> Response:
    return Response(docx, media_type=DOCX, headers=saved_as(file_name(number, "docx")))
