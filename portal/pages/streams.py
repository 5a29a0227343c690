"""Live pages: server-sent events say that something has changed, but not what.

A page then reloads itself, and its answer is restricted like any other. A party's page hears only of changes that it would show, so
that events reveal nothing else about the case.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final, Protocol

from fastapi import Depends, Request
from fastapi.responses import StreamingResponse

from domain.value import PartySide
from portal.gate.parties import Party
from portal.gate.router import PageRouter
from portal.gate.visitors import PartyHere, StaffHere, visitor_of
from portal.pages import debtor, enterprise
from portal.problems import Problem, or_not_found
from portal.showing.live import AWAY, HEARTBEAT, MOST_OF_PARTY, Live, Viewer, live_of, version
from portal.window import Here, Window, window_behind
from schema.seen import changes
from schema.seen.sight import Sight

APART: Final = 1.0
"""The least seconds between two events of one page."""

router = PageRouter()
TheLive = Annotated[Live, Depends(live_of)]


class ChangeWatch(Protocol):
    """Decides whether a page has to be told of a change: to one case or batch, or to anything its reader may see."""

    number: str | None

    async def begin(self) -> None:
        """Take the present state as what the page shows, unless the page says what it has seen."""

    async def look(self, numbers: frozenset[str] | None) -> bool:
        """Whether the page has to be told.

        Args:
            numbers: The cases and batches that have changed; None: any may have.
        """


class _OfOne:
    """For one case or batch: whether it still is as the page shows it."""

    def __init__(self, window: Window, sight: Sight, number: str, seen: str) -> None:
        self.number: str | None = number
        self._window, self._sight, self._of, self._seen = window, sight, number, seen

    async def begin(self) -> None:
        self._seen = self._seen or await self._now()

    async def look(self, numbers: frozenset[str] | None) -> bool:
        if numbers is not None and not numbers:
            return False
        before, self._seen = self._seen, await self._now()
        return before != self._seen

    async def _now(self) -> str:
        async with self._window.engine.connect() as connection:
            return version(await changes.head_seen(connection, self._sight, self._of) or "")


class _OfOwn(_OfOne):
    """For a party's own case: whether the party's page would differ."""

    def __init__(self, window: Window, party: Party, seen: str) -> None:
        super().__init__(window, party.sight, party.case_no, seen)
        self._party = party

    async def _now(self) -> str:
        if self._party.side is PartySide.DEBTOR:
            return await debtor.version_shown(self._window, self._party)
        shown: str = (await enterprise.status(self._window, self._sight))["version"]
        return shown


class _OfSight:
    """For everything that a visitor may see: whether any of it has changed. It does not reveal how much else was recorded."""

    def __init__(self, window: Window, sight: Sight) -> None:
        self.number: str | None = None
        self._window, self._sight, self._last = window, sight, 0

    async def begin(self) -> None:
        self._last = await self._newest()

    async def look(self, numbers: frozenset[str] | None) -> bool:
        if numbers is not None:
            return bool(numbers) and await self._sees_any(numbers)
        before, self._last = self._last, await self._newest()
        async with self._window.engine.connect() as connection:
            return await changes.sees_since(connection, self._sight, before)

    async def _sees_any(self, numbers: frozenset[str]) -> bool:
        async with self._window.engine.connect() as connection:
            return await changes.sees_any(connection, self._sight, numbers)

    async def _newest(self) -> int:
        async with self._window.engine.connect() as connection:
            return await changes.newest(connection)


async def _stream(request: Request, live: Live, party: Viewer, news: ChangeWatch) -> AsyncIterator[str]:
    """The events of one page, until it leaves, its session ends, or the process stops."""
    window = window_behind(request)
    async with live.looking:
        visitor = await visitor_of(request, window)
    with live.listener(party, news.number) as listener:
        yield "retry: 2000\n\n"
        while not listener.closed:
            numbers = await listener.heard(HEARTBEAT)
            try:
                async with live.looking:
                    if listener.closed or await visitor_of(request, window) != visitor:
                        return
                    has_changed = await news.look(numbers)
            except AWAY:
                has_changed = False
            yield "event: changed\ndata: \n\n" if has_changed else ": here\n\n"
            await asyncio.sleep(APART)


async def _answer(request: Request, live: Live, party: Viewer, news: ChangeWatch) -> StreamingResponse:
    if not live.has_slot(party):
        most = MOST_OF_PARTY[party.side]
        raise Problem(
            429,
            f"已有 {most} 个页面自动更新,本页请手动刷新",
            f"{most} pages are live already; reload this one by hand",
            headers={"Retry-After": "60"},
        )
    if not live.has_room(party):
        raise Problem(
            503,
            "页面不自动更新,请手动刷新",
            "too many pages are live; reload by hand",
            headers={"Retry-After": "60"},
        )
    async with live.looking:
        await news.begin()
    return StreamingResponse(
        _stream(request, live, party, news),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


@router.get("/case/live")
@router.get("/debtor/live")
@router.get("/unit/cases/{case_no}/live")
async def of_case(
    request: Request, visitor: PartyHere, window: Here, live: TheLive, seen: str = ""
) -> StreamingResponse:
    """Tell a party's page when its case changes."""
    name = visitor.of_unit.login if visitor.of_unit else visitor.case_no
    return await _answer(request, live, Viewer(visitor.side, name), _OfOwn(window, visitor, seen))


@router.get("/desk/live")
async def of_desk(
    request: Request,
    visitor: StaffHere,
    window: Here,
    live: TheLive,
    case: str | None = None,
    seen: str = "",
) -> StreamingResponse:
    """Tell a page of the desk when a case or batch changes; without one, when anything that the visitor may see does."""
    party = Viewer("staff", visitor.login)
    if case is None:
        return await _answer(request, live, party, _OfSight(window, visitor.sight))
    async with window.engine.connect() as connection:
        or_not_found(await changes.head_seen(connection, visitor.sight, case))
    return await _answer(request, live, party, _OfOne(window, visitor.sight, case, seen))
