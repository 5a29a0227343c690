"""How far the journal may be read on: ids before which no other entry will come in."""

import asyncio
import time
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from schema.seen import feed

AT_ONCE: Final = 500
"""Entries of the whole journal that are looked through at a time."""

_WAITS_FOR_OTHERS: Final = 2.0
_MOMENT: Final = 0.02
"""Seconds."""


async def settled(engine: AsyncEngine, after: int) -> list[int]:
    """The next ids of the journal, none of which will have another one come in before it."""
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
    """Those before the first gap."""
    return [
        one
        for one, expected in zip(ids, range(after + 1, after + 1 + len(ids)), strict=True)
        if one == expected
    ]
