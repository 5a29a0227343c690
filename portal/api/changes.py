"""The feed of changes, for programs that follow the cases of their office."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from office.feed import changes
from portal.api.callers import Follower
from portal.api.described import wrong
from portal.api.documents import ChangeList
from portal.window import Here

router = APIRouter(prefix="/changes", tags=["changes"])

LONGEST_WAIT: Final = 30


@router.get("", response_model=ChangeList, responses=wrong(400, 401, 403, 422))
async def follow_changes(
    request: Request,
    window: Here,
    caller: Follower,
    after: Annotated[
        int, Query(ge=0, lt=2**63, description="`next` of the previous answer; 0: from the beginning.")
    ] = 0,
    wait: Annotated[
        int, Query(ge=0, le=LONGEST_WAIT, description="The seconds to wait for new entries.")
    ] = 0,
) -> JSONResponse:
    """Follow the journals that the office may see, in the order of writing. Each entry appears once, and none is missed."""
    found = await changes(window.questions, caller.sight, after, wait, request.is_disconnected)
    told = [{"id": entry.id, **entry.to_json()} for entry in found.entries]
    return JSONResponse({"changes": told, "next": found.last})
