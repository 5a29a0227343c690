"""A sign of life while an activity works, so that a killed worker is noticed in seconds and a long transaction is not cut off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from temporalio import activity

EVERY: Final = 1.0


@asynccontextmanager
async def alive() -> AsyncIterator[None]:
    """Heartbeat every second until the block is left."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(EVERY)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
