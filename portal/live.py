"""What changed, told to open pages at once: PostgreSQL's notifications, passed on as server-sent events.

The record notifies the channel `journal` of every new entry, with the number of its case or batch. One connection of the process
listens for as long as any page does, and comes back when PostgreSQL was away; every page then looks for itself. A page is told
that something changed, never what: it asks for itself again, and is answered as anybody is.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final

import structlog
from asyncpg.exceptions import InterfaceError, PostgresError
from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from portal.problems import NotFound, Problem
from portal.visitors import EnterpriseHere, StaffHere, visitor_of
from portal.window import Here, Window, window_behind
from schema.sight import Sight
from schema.tables import bond_batch, case_file, event

log = structlog.get_logger(__name__)

CHANNEL: Final = "journal"
HEARTBEAT: Final = 15.0
"""Seconds after which a page hears that it is still connected, and whoever left is noticed."""

APART: Final = 1.0
"""Seconds between two ticks of one page."""

MOST_PAGES: Final = 1000
MOST_NUMBERS: Final = 500
"""Pages that one process keeps, and numbers that it remembers for one page; more than that count as any."""

_AWAY: Final = (SQLAlchemyError, PostgresError, InterfaceError, OSError, TimeoutError)


class Listener:
    """What one page has not been told yet: of one case or batch, or of all."""

    def __init__(self, number: str | None) -> None:
        self.closed = False
        self._number = number
        self._numbers: set[str] = set()
        self._may_have_missed = False
        self._woken = asyncio.Event()

    def hear(self, number: str | None) -> None:
        """Note that a case or batch has changed; None: anything may have."""
        if number and self._number and number != self._number:
            return
        if number is None or len(self._numbers) >= MOST_NUMBERS:
            self._may_have_missed = True
        else:
            self._numbers.add(number)
        self._woken.set()

    def close(self) -> None:
        """Let the page go."""
        self.closed = True
        self._woken.set()

    async def heard(self, within: float) -> frozenset[str] | None:
        """The numbers that have changed since, none after a while in which nothing did; None: anything may have."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), within)
        self._woken.clear()
        numbers, missed = frozenset(self._numbers), self._may_have_missed
        self._numbers, self._may_have_missed = set(), False
        return None if missed else numbers


class Live:
    """The pages that listen, and the one connection that listens for them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._is_connected = self._closed = False

    @property
    def pages(self) -> int:
        """How many pages listen."""
        return len(self._listeners)

    @contextmanager
    def listener(self, number: str | None) -> Iterator[Listener]:
        """A page that listens for as long as this lasts. The connection is there while there is any.

        It hears at once, or as soon as there is a connection, that anything may have changed before.
        """
        listener = Listener(number)
        self._listeners.add(listener)
        if self._closed:
            listener.close()
        elif self._is_connected:
            listener.hear(None)
        elif self._task is None:
            self._task = asyncio.create_task(self._listen())
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            if not self._listeners and self._task is not None:
                self._task.cancel()
                self._task = None
                self._is_connected = False

    def close(self) -> None:
        """Let all pages go: the process is about to stop."""
        self._closed = True
        for listener in self._listeners:
            listener.close()

    async def _listen(self) -> None:
        pause = 0.2
        while True:
            try:
                async with self._engine.connect() as connection:
                    log.info("listening", channel=CHANNEL)
                    pause = 0.2
                    await self._pass_on(connection)
            except _AWAY as away:
                log.warning("not_listening", reason=type(away).__name__, again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def _pass_on(self, connection: AsyncConnection) -> None:
        """Pass notifications on until the connection is lost."""
        raw: Any = (await connection.get_raw_connection()).driver_connection
        lost = asyncio.Event()

        def hear(connection: Any, process: int, channel: str, number: str) -> None:
            self._tell(number)

        def lose(connection: Any) -> None:
            lost.set()

        raw.add_termination_listener(lose)
        await raw.add_listener(CHANNEL, hear)
        self._is_connected = True
        try:
            self._tell(None)
            while not lost.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(lost.wait(), HEARTBEAT)
                if not lost.is_set():
                    await raw.execute("SELECT 1", timeout=HEARTBEAT)
        finally:
            self._is_connected = False
            raw.remove_termination_listener(lose)
            if not raw.is_closed():
                await raw.remove_listener(CHANNEL, hear)
            await connection.invalidate()

    def _tell(self, number: str | None) -> None:
        for listener in self._listeners:
            listener.hear(number)


def live_of(request: Request) -> Live:
    """What this process listens with."""
    state = request.app.state
    if not hasattr(state, "live"):
        state.live = Live(window_behind(request).engine)
    found: Live = state.live
    return found


def version(case_no: str, seq: int) -> str:
    """What a page remembers of the state it shows. It tells nothing of it."""
    return hashlib.sha256(f"{case_no}/{seq}".encode()).hexdigest()[:16]


class _News:
    """What a page is to be told: of one case or batch, or of all that its reader may see."""

    def __init__(self, window: Window, sight: Sight, number: str | None, seen: str) -> None:
        self.number = number
        self._window, self._sight, self._seen = window, sight, seen

    async def begin(self) -> None:
        """What the page shows is as it is now, unless it says what it has seen."""
        self._seen = self._seen or await self._now()

    async def look(self, numbers: frozenset[str] | None) -> bool:
        """Whether there is news, after these numbers have changed; None: anything may have."""
        if numbers and self.number is None:
            return await _sees_any(self._window, self._sight, numbers)
        if numbers is not None and not numbers:
            return False
        before, self._seen = self._seen, await self._now()
        return before != self._seen

    async def _now(self) -> str:
        async with self._window.engine.connect() as connection:
            if self.number is None:
                latest = (await connection.execute(select(func.max(event.c.id)))).scalar_one()
                return version("*", latest or 0)
            return version(self.number, await _seq(connection, self._sight, self.number) or 0)


async def _sees_any(window: Window, sight: Sight, numbers: frozenset[str]) -> bool:
    of_case = select(case_file.c.case_no).where(case_file.c.case_no.in_(numbers), sight.cases())
    of_batch = select(bond_batch.c.batch_no).where(
        bond_batch.c.batch_no.in_(numbers), sight.offices(bond_batch.c.office)
    )
    async with window.engine.connect() as connection:
        return (await connection.execute(of_case.union_all(of_batch).limit(1))).first() is not None


async def _seq(connection: AsyncConnection, sight: Sight, number: str) -> int | None:
    """How many entries the journal of a case or batch has, if it may be seen."""
    of_case = select(case_file.c.seq).where(case_file.c.case_no == number, sight.cases())
    of_batch = select(bond_batch.c.seq).where(
        bond_batch.c.batch_no == number, sight.offices(bond_batch.c.office)
    )
    return (await connection.execute(of_case.union_all(of_batch))).scalar_one_or_none()


async def _stream(request: Request, live: Live, news: _News) -> AsyncIterator[str]:
    """The events of one page, until it goes, its session is over, or the process stops."""
    window = window_behind(request)
    visitor = await visitor_of(request, window)
    with live.listener(news.number) as listener:
        yield "retry: 2000\n\n"
        while not listener.closed:
            numbers = await listener.heard(HEARTBEAT)
            try:
                if listener.closed or await visitor_of(request, window) != visitor:
                    return
                has_changed = await news.look(numbers)
            except _AWAY:
                has_changed = False
            yield "event: changed\ndata: \n\n" if has_changed else ": here\n\n"
            await asyncio.sleep(APART)


async def _answer(request: Request, live: Live, news: _News) -> StreamingResponse:
    if live.pages >= MOST_PAGES:
        raise Problem(
            503,
            "页面不自动更新,请手动刷新",
            "too many pages are live; reload by hand",
            headers={"Retry-After": "60"},
        )
    await news.begin()
    return StreamingResponse(
        _stream(request, live, news), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


router = APIRouter()
TheLive = Annotated[Live, Depends(live_of)]


@router.get("/case/live")
async def of_case(
    request: Request, visitor: EnterpriseHere, window: Here, live: TheLive, seen: str = ""
) -> StreamingResponse:
    """Tell an enterprise's page when its case changes."""
    return await _answer(request, live, _News(window, visitor.sight, visitor.case_no, seen))


@router.get("/desk/live")
async def of_desk(
    request: Request,
    visitor: StaffHere,
    window: Here,
    live: TheLive,
    case: str | None = None,
    seen: str = "",
) -> StreamingResponse:
    """Tell a page of the desk when a case or batch changes, or, without one, whenever anything in its sight does."""
    if case is not None:
        async with window.engine.connect() as connection:
            if await _seq(connection, visitor.sight, case) is None:
                raise NotFound
    return await _answer(request, live, _News(window, visitor.sight, case, seen))
