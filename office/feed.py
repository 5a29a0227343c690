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
from schema.seen.settled import settled
from schema.seen.sight import Sight

_LOOKS_EVERY: Final = 0.5
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
        ids = await settled(engine, after)
        async with engine.connect() as connection:
            entries = await feed.entries_seen(connection, sight, ids)
        after = ids[-1] if ids else after
        if entries or time.monotonic() >= until or await is_gone():
            return Changes(entries, after)
        if not ids:
            await asyncio.sleep(_LOOKS_EVERY)
