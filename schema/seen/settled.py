"""How far the journal is settled. Ids are assigned before a commit, so a smaller id can become visible after a larger one."""

import asyncio
import time
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from schema.seen import feed

AT_ONCE: Final = 500
"""How many entries of the journal are examined at a time."""

_WAITS_FOR_OTHERS: Final = 2.0
_MOMENT: Final = 0.02
"""Seconds."""


async def settled(engine: AsyncEngine, after: int) -> list[int]:
    """The next ids after one, up to which no entry can become visible any more. Waits for transactions that are still open."""
    async with engine.connect() as connection:
        ids = await feed.ids_after(connection, after, AT_ONCE)
        if ids == _unbroken(ids, after):
            return ids
        begun = await feed.next_to_begin(connection)
    patience = time.monotonic() + _WAITS_FOR_OTHERS
    while True:
        async with engine.connect() as connection:
            if await feed.oldest_under_way(connection) >= begun:
                return [one for one in await feed.ids_after(connection, after, AT_ONCE) if one <= ids[-1]]
        if time.monotonic() >= patience:
            return _unbroken(ids, after)
        await asyncio.sleep(_MOMENT)


def _unbroken(ids: list[int], after: int) -> list[int]:
    """The ids before the first gap."""
    return [
        one
        for one, expected in zip(ids, range(after + 1, after + 1 + len(ids)), strict=True)
        if one == expected
    ]
