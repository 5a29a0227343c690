"""Open the cases of a sheet, each once, however often the worker is killed while it does so.

A row names its case by the key under which it is opened, so a row that was opened and not noted is not opened again. Rows are taken
in the order of the sheet, some at a time.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.giving_up import Work, giving_up, is_lasting, note
from activities.heartbeat import alive
from activities.requests import Imported
from schema.window import imports
from schema.window.imports import Sent, WaitingRow

log = structlog.get_logger(__name__)

AT_ONCE: Final = 8
"""How many cases are opened concurrently, so that the worker has capacity for other work."""

_TAKEN: Final = 40

STOPPED: Final = "Stopped"
"""The type of the application error that hands the rest to another worker."""


class Unopenable(Exception):  # noqa: N818 - it is noted with the row
    """A row of which no case can be made, however often it is tried."""


class Opens(Protocol):
    """What opens a case."""

    async def __call__(self, sent: Sent, row: WaitingRow) -> str:
        """Open the case of a row, or find it opened; returns its number.

        Raises:
            Unopenable: There can be none.
        """


class Importer:
    """Opens the cases of imports, with whatever a client of the worker's own namespace can open them."""

    def __init__(self, engine: AsyncEngine, opener: Callable[[Client, AsyncEngine], Opens]) -> None:
        self._engine, self._opener = engine, opener

    @activity.defn
    async def open_rows(self, digest: str) -> Imported:
        """Open a case for every row that has none. An attempt resumes where the one before stopped, since each row knows its case."""
        async with alive(), giving_up(self._engine, Work(f"import/{digest}", "rows", "import")):
            return await self._open_all(digest)

    async def _open_all(self, digest: str) -> Imported:
        opens = self._opener(activity.client(), self._engine)
        async with self._engine.connect() as connection:
            sent = await imports.sent(connection, digest)
        while rows := await self._waiting(digest):
            await self._open(sent, rows, opens)
        async with self._engine.connect() as connection:
            sums = await imports.sums(connection, digest)
        log.info("imported", opened=sums.opened, failed=sums.failed)
        return Imported(opened=sums.opened, failed=sums.failed)

    async def _waiting(self, digest: str) -> list[WaitingRow]:
        async with self._engine.connect() as connection:
            return await imports.waiting(connection, digest, _TAKEN)

    async def _open(self, sent: Sent, rows: Sequence[WaitingRow], opens: Opens) -> None:
        """Open the cases of some rows, until the worker is to stop, and note what became of each.

        Raises:
            ApplicationError: The worker stops. What is not noted, the next attempt finds by its key.
            ServerAway: One could not be opened.
        """
        digest, room = sent.digest, asyncio.Semaphore(AT_ONCE)
        opened: dict[int, str] = {}
        failed: dict[int, str] = {}

        async def one(row: WaitingRow) -> None:
            async with room:
                try:
                    opened[row.row] = await opens(sent, row)
                except Unopenable as reason:
                    failed[row.row] = str(reason)
                except Exception as error:
                    if not is_lasting(error):
                        raise
                    refusal = await note(self._engine, Work(f"import/{digest}", str(row.row), "open"), error)
                    failed[row.row] = f"{refusal.message} {refusal.detail}"

        all_of_them = asyncio.gather(*(one(row) for row in rows), return_exceptions=True)
        is_whole = await _done_unless_stopping(all_of_them)
        async with self._engine.begin() as connection:
            await imports.note_opened(connection, digest, opened)
            await imports.note_failed(connection, digest, failed)
        if not is_whole:
            raise ApplicationError("this worker stops; another goes on", type=STOPPED)
        for error in all_of_them.result():
            if error is not None:
                raise error


async def _done_unless_stopping(work: asyncio.Future[Any]) -> bool:
    """Wait until some work is done; cancel it if the worker is to stop before, and say that it is not whole."""
    stopping = asyncio.ensure_future(activity.wait_for_worker_shutdown())
    either: tuple[asyncio.Future[Any], ...] = (work, stopping)
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)  # noqa: TID251 - no workflow
    finally:
        stopping.cancel()
        is_whole = not work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
    return is_whole
