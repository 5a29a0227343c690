"""The journal as a feed: whoever follows it gets each entry that is in sight then once, in order, and misses none.

Entries are numbered when they are written and seen when they are committed, so one may come into sight behind a later one. Where a
number is missing, whoever is still at work then is waited for: after that it is there, or never will be.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine

from schema.journal import Entry
from schema.seen import feed
from schema.seen.sight import Sight

AT_ONCE: Final = 500
"""Entries of the whole journal that are looked through at a time."""

_LOOKS_EVERY: Final = 0.5
_WAITS_FOR_OTHERS: Final = 2.0
_MOMENT: Final = 0.02
"""Seconds."""


class Changes(NamedTuple):
    """Entries in sight, and up to which id everything has been looked through."""

    entries: list[Entry]
    last: int


async def changes(
    engine: AsyncEngine, sight: Sight, after: int, wait: float, is_gone: Callable[[], Awaitable[bool]]
) -> Changes:
    """What has been recorded after an entry, as soon as there is something.

    Args:
        wait: For how many seconds to wait for it.
        is_gone: Whether nobody listens any more.
    """
    until = time.monotonic() + wait
    while True:
        ids = await _settled(engine, after)
        async with engine.connect() as connection:
            entries = await feed.entries_seen(connection, sight, ids)
        after = ids[-1] if ids else after
        if entries or time.monotonic() >= until or await is_gone():
            return Changes(entries, after)
        if not ids:
            await asyncio.sleep(_LOOKS_EVERY)


async def _settled(engine: AsyncEngine, after: int) -> list[int]:
    """The next ids, none of which will have another one come in before it."""
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
