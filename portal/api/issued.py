"""Documents (文书) for programs of offices: listing, and downloading them as they were issued."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse

from domain.evidence import DOCX
from office.enquiries import documents_of
from portal.api.callers import Reader
from portal.api.cases import CaseNo
from portal.api.described import files, wrong
from portal.api.documents import DocumentList
from portal.problems import NotFound, or_not_found
from schema import post
from schema.seen.cases import offices_seen

router = APIRouter(prefix="/cases/{case_no}/documents", tags=["documents"])

BYTES: Final = files(DOCX)

Number = Annotated[str, Path(max_length=100, examples=["清欠转〔2023〕620105-2023-0001-2号"])]


@router.get("", response_model=DocumentList, responses=wrong(400, 401, 403, 404, 422))
async def list_documents(reading: Reader, case_no: CaseNo) -> JSONResponse:
    """List the documents that a case has issued, each with its hash and how it was served."""
    or_not_found(await offices_seen(reading.connection, reading.caller.sight, case_no))
    documents = await documents_of(reading.connection, case_no)
    return JSONResponse({"case_no": case_no, "documents": documents})


@router.get("/{number}", response_class=Response, responses=BYTES | wrong(400, 401, 403, 404, 422))
async def read_document(reading: Reader, case_no: CaseNo, number: Number) -> Response:
    """Download a document of the case as it was issued: a .docx file with the hash in the journal."""
    or_not_found(await offices_seen(reading.connection, reading.caller.sight, case_no))
    found = [one for one in await documents_of(reading.connection, case_no) if one["number"] == number]
    docx = await post.docx_of(reading.connection, number) if found else None
    if docx is None:
        raise NotFound("文书", "document")
    return Response(docx, media_type=DOCX)
