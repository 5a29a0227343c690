"""Bond batches for programs of offices: opening, listing, reading, commands."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.bonds.batch import BATCH_NO
from domain.bonds.commands import read_batch_command
from office.files import read_batch
from portal.api.callers import Caller, Treasurer
from portal.api.described import body, wrong
from portal.api.documents import BatchDocument, BatchLine, BatchList, OpenedBatch
from portal.api.written import IdempotencyKey, JsonBody, malformed, read_opening, read_ordered
from portal.gate.pace import let_act
from portal.problems import Forbidden, NotFound
from portal.reading import BATCH
from portal.window import Here
from schema.seen.batches import batches_seen, is_batch_seen
from schema.window.openings import Key

router = APIRouter(prefix="/bond-batches", tags=["bond batches"])

MOST: Final = 200
"""The most batches on a page."""

BatchNo = Annotated[str, Path(max_length=100, examples=["BB-620105-2023-01"])]


@router.post(
    "",
    status_code=201,
    response_model=OpenedBatch,
    responses=wrong(400, 401, 403, 409, 413, 422, 429),
    openapi_extra=body("NewBatch"),
)
async def open_batch(
    window: Here, caller: Treasurer, written: JsonBody, key: IdempotencyKey = None
) -> JSONResponse:
    """Open a bond batch of the token's office. It allocates by itself at the end of its last day of requests."""
    pack = window.pack
    opening = read_opening(lambda reader: read_batch(reader, written, "batch", pack), written, "batch")
    if opening.office != caller.office:
        raise Forbidden(
            f"本令牌只能开立 {caller.office} 的批次", f"this token opens batches of {caller.office} only"
        )
    account = None
    if opening.by is not None:
        async with window.questions.connect() as connection:
            by, account = await caller.own(connection, opening.by)
        opening = opening.model_copy(update={"by": by})
    await let_act(window, "token", f"{caller.name}@{caller.office}")
    asked = Key.of(caller.office, key, written) if key else None
    batch_no = await window.batches.open(opening, pack.allocation_order, key=asked, account=account)
    return JSONResponse({"batch_no": batch_no}, 201)


@router.get("", response_model=BatchList, responses=wrong(400, 401, 403, 422))
async def list_batches(
    window: Here,
    caller: Treasurer,
    page: Annotated[
        str | None, Query(max_length=100, description="`next` of the previous page; an opaque key.")
    ] = None,
    size: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> JSONResponse:
    """List the bond batches of the office and of those below it, by descending number."""
    if page is not None and not BATCH_NO.fullmatch(page):
        raise malformed({"page": "is not the `next` of a page"})
    async with window.questions.connect() as connection:
        found = await batches_seen(connection, caller.sight, before=page, size=size)
    kept = set(BatchLine.model_fields)
    told: dict[str, Any] = {"batches": [batch.model_dump(mode="json", include=kept) for batch in found.rows]}
    return JSONResponse(told | ({"next": found.more_behind.batch_no} if found.more_behind else {}))


@router.get("/{batch_no}", response_model=BatchDocument, responses=wrong(400, 401, 403, 404, 422))
async def show_batch(window: Here, caller: Treasurer, batch_no: BatchNo) -> JSONResponse:
    """Show a bond batch and its allocation with reasons; before the cut-off, the allocation as it would be now."""
    async with window.questions.connect() as connection:
        await _check_is_seen(connection, caller, batch_no)
    return JSONResponse(await window.batches.show(batch_no))


@router.post(
    "/{batch_no}/commands",
    response_model=BatchDocument,
    responses=wrong(400, 401, 403, 404, 409, 413, 422, 429),
    openapi_extra=body("BatchCommand"),
)
async def act_on_batch(
    window: Here, caller: Treasurer, batch_no: BatchNo, written: JsonBody, key: IdempotencyKey = None
) -> JSONResponse:
    """Give a batch a command. The answer is the batch after it; the cases are informed a moment later."""
    async with window.questions.connect() as connection:
        await _check_is_seen(connection, caller, batch_no)
        command = await caller.vouched(connection, read_ordered(read_batch_command, written, key))
    await let_act(window, "token", f"{caller.name}@{caller.office}")
    return JSONResponse(await window.batches.act(batch_no, command))


async def _check_is_seen(connection: AsyncConnection, caller: Caller, batch_no: str) -> None:
    """Check that the caller may see a batch.

    Raises:
        NotFound: No such batch may be seen.
    """
    if not await is_batch_seen(connection, caller.sight, batch_no):
        raise NotFound(*BATCH)
