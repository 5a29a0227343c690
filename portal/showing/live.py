"""Distributes PostgreSQL's notifications to open pages; `portal.pages.streams` sends them on.

The record notifies the channel `journal` of every new entry, with the number of its case or batch. One connection of the process
listens while any page does, and reconnects when PostgreSQL was away; every page then checks for itself.

The number of live pages of each party is limited, and so is that of each side (creditors, debtors, staff). When a side is full, the
party with the most pages gives one up to a party with fewer, so that nobody's pages keep others out.
"""

import asyncio
import contextlib
import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal, NamedTuple

import structlog
from asyncpg.exceptions import InterfaceError, PostgresError
from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.value import PartySide
from office.away import ServerAway
from portal.window import window_behind

log = structlog.get_logger(__name__)

CHANNEL: Final = "journal"
HEARTBEAT: Final = 15.0
"""The seconds after which an idle page gets a heartbeat, by which lost connections are noticed."""

MOST_NUMBERS: Final = 500
"""The most numbers that are remembered for one page. Beyond that, anything may have changed."""

Side = PartySide | Literal["staff"]

MOST_OF_PARTY: Final[dict[Side, int]] = {PartySide.CREDITOR: 10, PartySide.DEBTOR: 10, "staff": 20}
MOST_OF_SIDE: Final[dict[Side, int]] = {PartySide.CREDITOR: 600, PartySide.DEBTOR: 600, "staff": 600}
"""The most live pages in one process: of one party's case, unit or person (`MOST_OF_PARTY`), and of each side (`MOST_OF_SIDE`)."""

AT_ONCE: Final = 4
"""How many pages may query the record at the same time. The other connections are for requests."""

AWAY: Final = (SQLAlchemyError, PostgresError, InterfaceError, ServerAway, OSError, TimeoutError)
"""The errors that mean that the record is away for a while."""


class Viewer(NamedTuple):
    """The owner of a page: a party by its case; a unit or a person at an office by the login."""

    side: Side
    name: str


class Listener:
    """The changes that one page has not been told of yet: to one case or batch, or to all."""

    def __init__(self, party: Viewer, number: str | None) -> None:
        self.closed = False
        self.party = party
        self._number = number
        self._numbers: set[str] = set()
        self._may_have_missed = False
        self._woken = asyncio.Event()

    def hear(self, number: str | None) -> None:
        """Note that a case or batch has changed; None: any may have."""
        if number and self._number and number != self._number:
            return
        if number is None or len(self._numbers) >= MOST_NUMBERS:
            self._may_have_missed = True
        else:
            self._numbers.add(number)
        self._woken.set()

    def close(self) -> None:
        """Make the page leave."""
        self.closed = True
        self._woken.set()

    async def heard(self, within: float) -> frozenset[str] | None:
        """Wait for changes.

        Args:
            within: For how many seconds.

        Returns:
            The numbers that have changed, empty after a timeout; None: any may have.
        """
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), within)
        self._woken.clear()
        numbers, missed = frozenset(self._numbers), self._may_have_missed
        self._numbers, self._may_have_missed = set(), False
        return None if missed else numbers


class Live:
    """The listening pages, and the one connection that listens for them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._listeners: dict[Listener, None] = {}
        self.looking = asyncio.Semaphore(AT_ONCE)
        self._task: asyncio.Task[None] | None = None
        self._is_connected = self._closed = False

    def has_slot(self, party: Viewer) -> bool:
        """Whether a party may have another live page."""
        held = sum(listener.party == party for listener in self._listeners)
        return held < MOST_OF_PARTY[party.side]

    def has_room(self, party: Viewer) -> bool:
        """Whether its side has room for another page, or somebody there can give one up."""
        held = sum(listener.party.side == party.side for listener in self._listeners)
        return held < MOST_OF_SIDE[party.side] or self._spare_for(party) is not None

    def _spare_for(self, party: Viewer) -> Listener | None:
        """The oldest page of the party with the most pages on that side, if it has more than this party would then have; otherwise
        None.
        """
        held = Counter(listener.party for listener in self._listeners if listener.party.side == party.side)
        richest, most = held.most_common(1)[0]
        if most <= held[party] + 1:
            return None
        return next(listener for listener in self._listeners if listener.party == richest)

    @contextmanager
    def listener(self, party: Viewer, number: str | None) -> Iterator[Listener]:
        """Listen for a page while the block lasts.

        As soon as there is a connection, the page hears that anything may have changed before. If the party has no slot, its listener
        is closed.
        """
        listener = Listener(party, number)
        if self._closed or not (self.has_slot(party) and self.has_room(party)):
            listener.close()
            yield listener
            return
        self._join(listener)
        try:
            yield listener
        finally:
            self._leave(listener)

    def _join(self, listener: Listener) -> None:
        held = sum(other.party.side == listener.party.side for other in self._listeners)
        if held >= MOST_OF_SIDE[listener.party.side] and (spare := self._spare_for(listener.party)):
            spare.close()
            self._leave(spare)
        self._listeners[listener] = None
        if self._is_connected:
            listener.hear(None)
        elif self._task is None:
            self._task = asyncio.create_task(self._listen())

    def _leave(self, listener: Listener) -> None:
        self._listeners.pop(listener, None)
        if not self._listeners and self._task is not None:
            self._task.cancel()
            self._task = None
            self._is_connected = False

    def close(self) -> None:
        """Make all pages leave, because the process is about to stop."""
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
            except AWAY as away:
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
    """The process's `Live`."""
    state = request.app.state
    if not hasattr(state, "live"):
        state.live = Live(window_behind(request).engine)
    found: Live = state.live
    return found


def version(of: str) -> str:
    """A version of the state that a page shows. It reveals nothing of that state or of other cases.

    Args:
        of: A text that only readers of the page can know: the hash of a journal entry, or everything that the page says.
    """
    return hashlib.sha256(of.encode()).hexdigest()[:16]
