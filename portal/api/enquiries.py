"""Enterprises' own programs: a case number and its access code are exchanged for a token, with which they read the case."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from domain.case.view import case_json
from domain.value import PartySide
from portal.api.callers import Enquirer
from portal.api.described import wrong
from portal.api.entering import entered
from portal.api.parties import Enquiry, EnquiryToken, EnterpriseCase
from portal.pages.enterprise import for_enterprise
from portal.problems import or_not_found
from portal.reading import supervisor
from portal.window import Here
from schema.seen.cases import case_and_rules_seen

router = APIRouter(prefix="/enquiries", tags=["enquiries"])


@router.post("", status_code=201, response_model=EnquiryToken, responses=wrong(400, 401, 413, 422, 429))
async def enquire(request: Request, window: Here, asked: Enquiry) -> JSONResponse:
    """Exchange an access code for a token. An unknown number and a wrong code are answered alike."""
    return await entered(request, window, asked, PartySide.CREDITOR)


@router.get("/current", response_model=EnterpriseCase, responses=wrong(401, 404))
async def show_own_case(window: Here, enterprise: Enquirer) -> JSONResponse:
    """Show the enterprise's case, as its page shows it."""
    async with window.questions.connect() as connection:
        seen = await case_and_rules_seen(connection, enterprise.sight, enterprise.case_no)
    case, rules = or_not_found(seen)
    return JSONResponse(for_enterprise(case_json(case, window.today()), supervisor(case, rules)))
