"""消息: what is new to somebody of an office, each with a link to its case."""

from typing import Annotated, Any, Final

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from domain.telling.naming import named, told
from office.packs import load_pack
from portal.gate.router import PageRouter
from portal.gate.visitors import Staff, StaffHere
from portal.reading import entries_of
from portal.templating import page
from portal.window import Here, Window
from schema.seen.notifications import latest_seen
from schema.window.notifications import note_read

router = PageRouter()

LISTED: Final = 100
"""The latest that a page lists."""


@router.get("/desk/news")
async def show(request: Request, window: Here, visitor: StaffHere) -> Response:
    """The latest notifications, the last first."""
    latest = await _latest(window, visitor)
    upto = max((one["id"] for one in latest), default=0)
    return page(request, "desk/news.html", {"visitor": visitor, "latest": latest, "upto": upto})


async def _latest(window: Window, staff: Staff) -> list[dict[str, Any]]:
    """Each with what happened, in words, and who did it."""
    async with window.engine.connect() as connection:
        rows = await latest_seen(connection, staff.as_reader, LISTED)
    entries = await entries_of(window, staff.sight, [(row.case_no, row.seq) for row in rows])
    offices = load_pack(window.policy).offices
    return [
        {
            "id": row.id,
            "case_no": row.case_no,
            "title": row.title,
            "is_new": row.is_new,
            "on": event.on,
            "what": told(event.fact, offices),
            "who": named(event.by, offices),
        }
        for row in rows
        if (event := entries.get((row.case_no, row.seq))) is not None
    ]


@router.post("/desk/news/read")
async def read(window: Here, visitor: StaffHere, upto: Annotated[int, Form(ge=0, lt=2**63)]) -> Response:
    """All that the page has shown has been read."""
    async with window.engine.begin() as connection:
        await note_read(connection, visitor.account, upto)
    return RedirectResponse("/desk/news", status_code=303)
