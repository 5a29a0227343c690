"""Heartbeats for long activities: a killed worker is detected within seconds, and a long transaction is not timed out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from temporalio import activity

EVERY: Final = 1.0


@asynccontextmanager
async def alive(progress: Callable[[], tuple[Any, ...]] = tuple) -> AsyncIterator[None]:
    """Heartbeat every second while the block runs.

    Args:
        progress: Returns the details of a heartbeat; the next attempt finds the latest ones.
    """

    async def beat() -> None:
        while True:
            activity.heartbeat(*progress())
            await asyncio.sleep(EVERY)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
