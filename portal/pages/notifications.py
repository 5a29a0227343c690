"""消息: the notifications of a person at an office, each with a link to its case."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Row

from domain.telling.naming import named, told
from portal.gate.router import PageRouter
from portal.gate.visitors import Staff, StaffHere
from portal.reading import PAGE, entries_of
from portal.templating import page
from portal.window import Here, Window
from schema.seen.notifications import latest_seen
from schema.window.notifications import note_read

router = PageRouter()


@router.get("/desk/news")
async def show(
    request: Request,
    window: Here,
    visitor: StaffHere,
    after: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> Response:
    """List the notifications, the latest first."""
    async with window.engine.connect() as connection:
        found = await latest_seen(connection, visitor.as_reader, before=after, size=PAGE)
    shown = {
        "visitor": visitor,
        "latest": await _told(window, visitor, found.rows),
        "upto": max((row.id for row in found.rows), default=0),
        "further": f"/desk/news?after={found.more_behind.id}" if found.more_behind else None,
        "first": "/desk/news" if after else None,
    }
    return page(request, "desk/news.html", shown)


async def _told(window: Window, staff: Staff, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """The notifications with what happened and who did it, in words."""
    entries = await entries_of(window, staff.sight, [(row.case_no, row.seq) for row in rows])
    offices = window.offices
    return [
        {
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
    """Mark all notifications as read, up to the latest that the page has shown."""
    async with window.engine.begin() as connection:
        await note_read(connection, visitor.account, upto)
    return RedirectResponse("/desk/news", status_code=303)
