"""The debtor's own programs: a case number and the debtor's access code are exchanged for a token, with which they read the case and
give commands.
"""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from domain.actors import Role
from domain.case.papers import KINDS
from domain.case.view import case_json, is_submitted
from domain.commands import Attach, read_command
from domain.evidence import DOCX
from domain.value import PartySide
from portal.api.callers import DebtorsProgram
from portal.api.described import body, wrong
from portal.api.entering import entered
from portal.api.issued import BYTES, Number
from portal.api.parties import DebtorCase, Enquiry, EnquiryToken
from portal.api.written import IdempotencyKey, JsonBody, malformed, read_ordered
from portal.gate.pace import let_act
from portal.gate.parties import Party
from portal.pages.debtor import for_debtor
from portal.problems import Forbidden, or_not_found
from portal.reading import letters_to, own_docx, supervisor
from portal.window import Here, Window
from schema import journal
from schema.seen.cases import case_and_rules_seen

router = APIRouter(prefix="/doors/debtor", tags=["debtors"])

_SUBMITTED: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": DebtorCase, "description": "Submitted: it waits for the head of the office"}
}


@router.post("", status_code=201, response_model=EnquiryToken, responses=wrong(400, 401, 413, 422, 429))
async def enter_as_debtor(request: Request, window: Here, asked: Enquiry) -> JSONResponse:
    """Exchange the debtor's access code for a token. An unknown number and a wrong code are answered alike."""
    return await entered(request, window, asked, PartySide.DEBTOR)


@router.get("/current", response_model=DebtorCase, responses=wrong(401, 404))
async def show_debtor_case(window: Here, debtor: DebtorsProgram) -> JSONResponse:
    """Show the debtor's case, as its page shows it."""
    return JSONResponse(await _shown(window, debtor))


@router.post(
    "/current/commands",
    response_model=DebtorCase,
    responses=_SUBMITTED | wrong(400, 401, 403, 404, 409, 413, 422, 429),
    openapi_extra=body("Command"),
)
async def act_as_debtor(
    window: Here, debtor: DebtorsProgram, written: JsonBody, key: IdempotencyKey = None
) -> JSONResponse:
    """Give the case a command as the debtor; `by` may be omitted. The answer is the case after it."""
    command = read_ordered(read_command, {"by": str(debtor.actor)} | written, key)
    if isinstance(command, Attach):
        raise malformed({"do": "a paper comes with its file: put it on file at the debtor's page"})
    if command.by.role is not Role.DEBTOR or command.entered_by is not None:
        raise Forbidden("本令牌属于债务人", "this token is the debtor's, who speaks for itself alone")
    await let_act(window, "case", str(debtor))
    command = command.model_copy(update={"by": debtor.actor, "account": None})
    told = await window.cases.act(debtor.case_no, command)
    return JSONResponse(await _shown(window, debtor), 202 if is_submitted(told, command) else 200)


@router.get("/current/documents/{number}", response_class=Response, responses=BYTES | wrong(401, 404, 422))
async def read_debtor_document(window: Here, debtor: DebtorsProgram, number: Number) -> Response:
    """Download a document for the debtor, as it was issued (.docx)."""
    return Response(await own_docx(window, debtor, number), media_type=DOCX)


async def _shown(window: Window, debtor: Party) -> dict[str, Any]:
    async with window.questions.connect() as connection:
        case, rules = or_not_found(await case_and_rules_seen(connection, debtor.sight, debtor.case_no))
        entries = await journal.of_kinds(connection, [debtor.case_no], KINDS)
    letters = letters_to([entry.event for entry in entries], PartySide.DEBTOR)
    shown = for_debtor(case_json(case, window.today()), supervisor(case, rules))
    return shown | {"documents": letters[::-1]}
