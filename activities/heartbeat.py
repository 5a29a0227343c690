"""A sign of life while an activity works, so that a killed worker is noticed in seconds and a long transaction is not cut off."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from temporalio import activity

EVERY: Final = 1.0


@asynccontextmanager
async def alive(progress: Callable[[], tuple[Any, ...]] = tuple) -> AsyncIterator[None]:
    """Heartbeat every second until the block is left, telling how far the work is: the next attempt finds it."""

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
