"""Authentication of parties' programs: a case number and the party's access code are exchanged for a token."""

import structlog
from fastapi import Request
from fastapi.responses import JSONResponse

from domain.value import PartySide
from portal.api.parties import Enquiry
from portal.api.written import check_text
from portal.gate import guard
from portal.gate.visitors import new_session
from portal.problems import Problem
from portal.window import Window

log = structlog.get_logger("security")


async def entered(request: Request, window: Window, asked: Enquiry, side: PartySide) -> JSONResponse:
    """Issue a token to a party's program.

    Raises:
        Problem: 401: the number or the code is wrong, answered alike; 422: it is not valid text.
        TooMany: It was tried too often.
    """
    check_text(asked.model_dump())
    case_no, address = asked.case_no.strip().upper(), guard.address_of(request)
    if await guard.whose_code(window, address, case_no, asked.access_code, [side]) is None:
        log.warning("enquiry_refused", program=True, side=side)
        raise Problem(401, "案号或查询码不对", "the case number or the access code is wrong")
    begun = await new_session(window, case_no=case_no, side=side, for_program=True)
    return JSONResponse({"token": begun.token, "expires_at": begun.expires_at.isoformat()}, 201)
