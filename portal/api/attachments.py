"""Papers for programs of offices: filing, listing, downloading."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse

from domain.actors import parse_actor
from domain.case.evidence import attachments_json
from domain.evidence import FORMATS, EvidenceKind
from domain.facts import Attached
from office.enquiries import attachments_of, papers_of
from portal.api.callers import Clerk, Follower, Reader
from portal.api.cases import CaseNo
from portal.api.described import files, wrong
from portal.api.documents import AttachmentDocument, AttachmentList
from portal.api.written import IdempotencyKey, malformed
from portal.evidence import commands_with_papers, given_back
from portal.gate.pace import let_act
from portal.gate.uploads import form_on_disk
from portal.problems import or_not_found
from portal.window import Here
from schema.seen.cases import offices_seen

router = APIRouter(prefix="/cases/{case_no}/attachments", tags=["attachments"])

_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "what", "by"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "At most 20 MiB."},
                        "what": {"type": "string", "enum": [kind.value for kind in EvidenceKind]},
                        "for": {
                            "type": "string",
                            "maxLength": 100,
                            "description": "A voucher, duty or command.",
                        },
                        "by": {"type": "string", "maxLength": 200, "examples": ["clerk:李敏@620105"]},
                    },
                }
            }
        },
    }
}


@router.post(
    "",
    status_code=201,
    response_model=AttachmentDocument,
    responses=wrong(400, 401, 403, 404, 409, 413, 422, 429),
    openapi_extra=_FORM,
)
async def attach(
    request: Request, window: Here, caller: Clerk, case_no: CaseNo, key: IdempotencyKey = None
) -> JSONResponse:
    """File a paper in a case, by one of the office's people. Its type is recognised by its content."""
    async with form_on_disk(request) as form:
        try:
            by = parse_actor(str(form.get("by", "")))
        except ValueError as error:
            raise malformed({"by": str(error)}) from error
        async with window.questions.connect() as connection:
            or_not_found(await offices_seen(connection, caller.sight, case_no))
            by, account = await caller.own(connection, by)
        await let_act(window, "token", f"{caller.name}@{caller.office}")
        command, *others = await commands_with_papers(window, case_no, form, by, key)
        if others:
            raise malformed({"file": "is one: send each paper by itself"})
    command = command.model_copy(update={"account": account})
    await window.cases.carry_out(case_no, command)
    async with window.questions.connect() as connection:
        events = await papers_of(connection, case_no)
    no = next(
        event.fact.no for event in events if isinstance(event.fact, Attached) and event.key == command.key
    )
    return JSONResponse(next(paper for paper in attachments_json(events) if paper["no"] == no), 201)


_BYTES: Final = files(*FORMATS)


@router.get("", response_model=AttachmentList, responses=wrong(400, 401, 403, 404, 422))
async def list_attachments(reading: Reader, case_no: CaseNo) -> JSONResponse:
    """List the papers of a case, including detached ones."""
    or_not_found(await offices_seen(reading.connection, reading.caller.sight, case_no))
    papers = await attachments_of(reading.connection, case_no)
    return JSONResponse({"case_no": case_no, "attachments": papers})


@router.get(
    "/{no}",
    response_class=Response,
    responses=_BYTES | wrong(400, 401, 403, 404, 422),
)
async def read_attachment(
    window: Here, caller: Follower, case_no: CaseNo, no: Annotated[int, Path(ge=1, le=200)]
) -> Response:
    """Download a paper, unchanged."""
    async with (
        window.questions.connect() as connection
    ):  # The connection is returned to the pool before the download begins.
        or_not_found(await offices_seen(connection, caller.sight, case_no))
        events = await papers_of(connection, case_no)
    return await given_back(window, events, no)
