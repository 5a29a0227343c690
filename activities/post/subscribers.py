"""Tell subscribers what has changed: by reference only, in order, each by itself, again until it is taken or a week is over.

What is posted names entries and says nothing of them: `{id, changes: [{id, case_no, seq, kind, on}], next}`. Whoever wants more asks
with its token. A message has the same id and the same entries in every attempt, so its receiver knows it again.
"""

import asyncio
import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity

from activities.giving_up import Step, giving_up
from activities.heartbeat import alive
from activities.post.message import Undelivered
from activities.post.webhook import Webhook
from schema.journal import Entry
from schema.seen import feed
from schema.seen.settled import settled
from schema.seen.sight import Sight
from schema.window import subscriptions
from schema.window.subscriptions import Subscription

log = structlog.get_logger(__name__)

_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(hours=6)
_GIVES_UP_AFTER: Final = timedelta(days=7)
_AT_ONCE: Final = 8
_ROUNDS: Final = 100
"""Messages to one address in one go: who subscribes from the beginning of a long journal is told the rest a minute later."""


class Subscribers:
    """Posts what has changed.

    Args:
        hosts: To which a program may have something posted; whoever runs the stack names them.
    """

    def __init__(self, engine: AsyncEngine, hosts: Collection[str]) -> None:
        self._engine, self._hosts = engine, hosts

    @activity.defn
    async def tell_subscribers(self, as_of: datetime) -> int:
        """Tell each subscriber what is new; returns how many messages were taken."""
        async with alive(), giving_up(self._engine, Step("subscriptions", f"{as_of:%Y-%m-%d}", "tell")):
            async with self._engine.begin() as connection:
                await subscriptions.end_without_token(connection)
            async with self._engine.connect() as connection:
                due = await subscriptions.due(connection, as_of)
            few = asyncio.Semaphore(_AT_ONCE)

            async def one(found: Subscription) -> int:
                async with few:
                    return await self._tell(found, as_of)

            return sum(await asyncio.gather(*(one(found) for found in due)))

    async def _tell(self, found: Subscription, as_of: datetime) -> int:
        """Tell one subscriber, until there is nothing more or it does not take it."""
        taken, after, until = 0, found.after, found.until
        for _ in range(_ROUNDS):
            ids = [one for one in await settled(self._engine, after) if until is None or one <= until]
            if not ids or activity.is_worker_shutdown():
                break
            async with self._engine.connect() as connection:
                seen = await feed.entries_seen(connection, Sight.of_office(found.office), ids)
            wanted = [entry for entry in seen if not found.kinds or entry.event.kind in found.kinds]
            if wanted:
                try:
                    await self._post(found, wanted, ids[-1])
                except Undelivered as undelivered:
                    await self._note(found, undelivered, as_of)
                    break
                taken += 1
            async with self._engine.begin() as connection:
                await subscriptions.note_told(connection, found.no, ids[-1])
            after, until = ids[-1], None
        return taken

    async def _post(self, found: Subscription, entries: list[Entry], last: int) -> None:
        if urlsplit(found.address).hostname not in self._hosts:
            raise Undelivered("未获准的地址 its host is not among those that may be posted to", "never")
        async with self._engine.begin() as connection:
            await subscriptions.begin_telling(connection, found.no, last)
        name = f"subscription-{found.no}-{last}"
        changes = [_reference(entry) for entry in entries]
        body = json.dumps({"id": name, "changes": changes, "next": last}, ensure_ascii=False)
        await Webhook(found.secret).post(found.address, name, body)

    async def _note(self, found: Subscription, undelivered: Undelivered, as_of: datetime) -> None:
        """Note that it was not taken: it ends where nobody wants it, or nobody has for a week."""
        since = found.failing_since or as_of
        pause = min(_FIRST_PAUSE * (1 << min(found.attempts, 20)), _LONGEST_PAUSE)
        async with self._engine.begin() as connection:
            if undelivered.answer == "never" or as_of - since >= _GIVES_UP_AFTER:
                await subscriptions.end(connection, found.no, str(undelivered))
            else:
                await subscriptions.note_failed(connection, found.no, str(undelivered), since, as_of + pause)
        log.warning("subscriber_not_told", subscription=found.no, reason=str(undelivered))


def _reference(entry: Entry) -> dict[str, object]:
    told = entry.to_json()
    return {"id": entry.id} | {name: told[name] for name in ("case_no", "seq", "kind", "on")}
