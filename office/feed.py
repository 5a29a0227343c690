"""The journal as a feed: a reader gets each entry that it may see exactly once, in order.

Ids are assigned when entries are written, but entries become visible when they are committed, so a smaller id can appear after a
larger one. If an id is missing, the feed waits for the transactions that are still open; after that it is there, or never will be.
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
"""How often the feed looks for new entries, in seconds."""


class Changes(NamedTuple):
    """Visible entries, and the id up to which everything has been searched."""

    entries: list[Entry]
    last: int


async def changes(
    engine: AsyncEngine, sight: Sight, after: int, wait: float, is_gone: Callable[[], Awaitable[bool]]
) -> Changes:
    """The entries after an id, as soon as there are any.

    Args:
        wait: The seconds to wait for them.
        is_gone: Whether the client has disconnected.
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
