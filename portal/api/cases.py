"""Cases for programs of offices: opening, listing, reading, commands."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse

from domain.actors import LONGEST
from domain.case.possible import possible_json
from domain.case.view import contacts_json, is_submitted
from domain.commands import Attach, read_command
from office.enquiries import case_told
from office.files import CaseToOpen, check_day, read_case
from office.files import Reader as FileReader
from portal.api.callers import Clerk, Follower, Opener, Reader
from portal.api.described import body, wrong
from portal.api.documents import (
    CaseAfterCommand,
    CaseList,
    CaseLookedAt,
    EventList,
    Forecast,
    OpenedCase,
)
from portal.api.listing import ListingAsked
from portal.api.written import IdempotencyKey, JsonBody, malformed, read_opening, read_ordered
from portal.gate.access import note_code, opens
from portal.gate.pace import let_act
from portal.problems import Forbidden, or_not_found
from portal.reading import contacts_seen
from portal.window import Here, Window
from schema import journal
from schema.paging import NotAKey
from schema.seen import desk
from schema.seen.cases import offices_seen, whole_case_seen, whole_cases_seen
from schema.window.openings import Key

router = APIRouter(prefix="/cases", tags=["cases"])

MOST: Final = 200
"""The most cases on a page."""

SUBMITTED: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": CaseAfterCommand, "description": "Submitted: it waits for its second person"}
}

CaseNo = Annotated[str, Path(max_length=100, examples=["QQ-620105-2023-0001"])]


@router.post(
    "",
    status_code=201,
    response_model=OpenedCase,
    responses=wrong(400, 401, 403, 409, 413, 422, 429),
    openapi_extra=body("NewCase"),
)
async def open_case(
    window: Here, caller: Opener, written: JsonBody, key: IdempotencyKey = None
) -> JSONResponse:
    """Register a case with the token's office and start it. The answer has the enterprise's access code, which is not stored."""
    found = read_opening(lambda reader: _case_in(reader, written, window), written, "case")
    if found.receipt.office != caller.office:
        raise Forbidden(
            f"本令牌只能登记 {caller.office} 的案件", f"this token registers cases of {caller.office} only"
        )
    await let_act(window, "token", f"{caller.name}@{caller.office}")
    asked = Key.of(caller.office, key, written) if key else None
    async with window.questions.connect() as connection:
        registrar = await caller.registrar(connection, found.by) if found.by else None
    opened = await window.cases.register(
        found.receipt, window.policy, found.contacts, registrar, key=asked, secret=caller.token
    )
    still = await opens(window, opened)
    if still:
        await note_code(window, opened.case_no, registrar.account if registrar else None, str(caller))
    told = {"case_no": opened.case_no, "access_code": opened.access_code if still else None}
    return JSONResponse(told, 201)


def _case_in(reader: FileReader, written: dict[str, Any], window: Window) -> CaseToOpen | None:
    case = read_case(reader, written, "case", window.pack)
    check_day(reader, case, "case", window.today())
    return case


@router.get("", response_model=CaseList, responses=wrong(400, 401, 403, 422))
async def list_cases(
    window: Here,
    caller: Follower,
    listing: ListingAsked,
    page: Annotated[
        str | None, Query(max_length=200, description="`next` of the previous page; an opaque key.")
    ] = None,
    size: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> JSONResponse:
    """List the cases of the office and of those below it. A page begins where the previous one with the same `sort` ended."""
    today = window.today()
    try:
        async with window.engine.connect() as connection:
            rows, following = await desk.listed(
                connection, caller.sight, today, listing, after=page, size=size
            )
            cases = await whole_cases_seen(connection, caller.sight, [row.case_no for row in rows])
    except NotAKey as error:
        raise malformed({"page": "is not the `next` of a page"}) from error
    told = [case_told(whole, today) for whole in cases]
    return JSONResponse({"cases": told} | ({"next": following} if following else {}))


@router.get("/{case_no}", response_model=CaseLookedAt, responses=wrong(400, 401, 403, 404, 422))
async def show_case(
    window: Here,
    reading: Reader,
    case_no: CaseNo,
    contact: Annotated[
        bool, Query(description="Include the parties' contacts. The access is logged.")
    ] = False,
    possible: Annotated[bool, Query(description="Include the commands that are possible now.")] = False,
    by: Annotated[
        str | None,
        Query(
            max_length=LONGEST,
            description="The person of the token's office for whom `possible` is computed; by default any clerk.",
        ),
    ] = None,
) -> JSONResponse:
    """Show a case as of today."""
    caller, connection = reading
    whole = or_not_found(await whole_case_seen(connection, caller.sight, case_no))
    told = case_told(whole, window.today())
    if possible:
        told["possible"] = possible_json(whole.case, caller.speaking(by), whole.rules, window.clock())
    if contact:
        told |= contacts_json(await contacts_seen(window, caller.sight, case_no, str(caller)))
    return JSONResponse(told)


@router.get("/{case_no}/events", response_model=EventList, responses=wrong(400, 401, 403, 404, 422))
async def show_events(reading: Reader, case_no: CaseNo) -> JSONResponse:
    """Show the journal of a case. Each entry carries the hash of the one before."""
    or_not_found(await offices_seen(reading.connection, reading.caller.sight, case_no))
    entries = await journal.entries(reading.connection, stream=case_no)
    return JSONResponse({"case_no": case_no, "events": [entry.to_json() for entry in entries]})


@router.get("/{case_no}/forecast", response_model=Forecast, responses=wrong(400, 401, 403, 404, 422))
async def show_forecast(window: Here, reading: Reader, case_no: CaseNo) -> JSONResponse:
    """Show what will happen to a case, and when, if nobody acts."""
    or_not_found(await offices_seen(reading.connection, reading.caller.sight, case_no))
    return JSONResponse(await window.cases.forecast(case_no, window.clock()))


@router.post(
    "/{case_no}/commands",
    response_model=CaseAfterCommand,
    responses=SUBMITTED | wrong(400, 401, 403, 404, 409, 413, 422, 429),
    openapi_extra=body("Command"),
)
async def act_on_case(
    window: Here, caller: Clerk, case_no: CaseNo, written: JsonBody, key: IdempotencyKey = None
) -> JSONResponse:
    """Give a case a command. The answer is the case as it was right after it, also when the command is sent again; 202 if the command
    takes two persons and waits for the second one's `approve`.
    """
    async with window.questions.connect() as connection:
        or_not_found(await offices_seen(connection, caller.sight, case_no))
        command = read_ordered(read_command, written, key)
        if isinstance(command, Attach):
            raise malformed({"do": "a paper comes with its file: POST it to …/attachments"})
        command = await caller.vouched(connection, command)
    await let_act(window, "token", f"{caller.name}@{caller.office}")
    told = await window.cases.act(case_no, command)
    if new := await window.cases.code_after(case_no, command, caller.token):
        told["access_code"] = new.code
        await note_code(window, case_no, command.account, str(caller), new.side)
    return JSONResponse(told, 202 if is_submitted(told, command) else 200)
