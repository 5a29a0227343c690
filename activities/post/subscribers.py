"""Tell subscribers what has changed: by reference only, in order, each by itself, again until it is taken or a week is over.

What is posted names entries and says nothing of them: `{id, changes: [{id, case_no, seq, kind, on}], next}`. Whoever wants more asks
with its token. A message has the same id and the same entries in every attempt, so its receiver knows it again.
"""

import asyncio
import json
import time
from collections.abc import Collection
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity

from activities.giving_up import Work, giving_up
from activities.heartbeat import alive
from activities.post.message import Undelivered
from activities.post.persistence import SUBSCRIBERS
from activities.post.webhook import Webhook
from schema.journal import Entry, of_ids
from schema.seen import feed
from schema.seen.settled import settled
from schema.seen.sight import Sight
from schema.window import subscriptions
from schema.window.subscriptions import Subscription

log = structlog.get_logger(__name__)

_NOT_ALLOWED: Final = "host_not_allowed"


class Subscribers:
    """Posts what has changed.

    Args:
        hosts: To which a program may have something posted; whoever runs the stack names them.
        share: Seconds of a round after which one subscriber gets no further message in it: the others do not wait for one that
            is slow, and whoever subscribes from the beginning of a long journal is told the rest in the next.
    """

    def __init__(self, engine: AsyncEngine, hosts: Collection[str], share: float = 45.0) -> None:
        self._engine, self._hosts, self._share = engine, hosts, share

    @activity.defn
    async def tell_subscribers(self, as_of: datetime) -> int:
        """Tell each subscriber what is new; returns how many messages were taken."""
        async with alive(), giving_up(self._engine, Work("subscriptions", f"{as_of:%Y-%m-%d}", "tell")):
            async with self._engine.begin() as connection:
                await subscriptions.end_without_token(connection)
            async with self._engine.connect() as connection:
                due = await subscriptions.due(connection, as_of)
            few = asyncio.Semaphore(SUBSCRIBERS.at_once)

            async def one(found: Subscription) -> int:
                async with few:
                    return await self._tell(found, as_of)

            return sum(await asyncio.gather(*(one(found) for found in due)))

    async def _tell(self, found: Subscription, as_of: datetime) -> int:
        """Tell one subscriber, until there is nothing more, it does not take it, or it has had its share of the round."""
        taken, over = 0, time.monotonic() + self._share
        while not activity.is_worker_shutdown() and (news := await self._next(found)):
            entries, until = news
            if entries and found.host not in self._hosts:
                await self._set_aside(found, as_of)
                break
            try:
                if entries and not await self._post(found, entries, until):
                    break
            except Undelivered as undelivered:
                await self._note(found, undelivered, as_of)
                break
            taken += bool(entries)
            async with self._engine.begin() as connection:
                fresh = await subscriptions.note_told(connection, found, until)
            if fresh is None or time.monotonic() >= over:
                break
            found = fresh
        return taken

    async def _next(self, found: Subscription) -> tuple[list[Entry], int] | None:
        """What is told next and up to where that is: the same again, or what is new. None if there is nothing."""
        if found.telling and found.until is not None:
            async with self._engine.connect() as connection:
                return await of_ids(connection, found.telling), found.until
        ids = await settled(self._engine, found.after)
        if not ids:
            return None
        async with self._engine.connect() as connection:
            seen = await feed.entries_seen(connection, Sight.of_office(found.office), ids)
        return [entry for entry in seen if not found.kinds or entry.event.kind in found.kinds], ids[-1]

    async def _post(self, found: Subscription, entries: list[Entry], until: int) -> bool:
        """Post it. False where it is no more to be told there, or not as it was asked for.

        Raises:
            Undelivered: It was not taken.
        """
        async with self._engine.begin() as connection:
            ids = [entry.id for entry in entries]
            if not await subscriptions.begin_telling(connection, found, ids, until):
                return False
        name = f"subscription-{found.no}-{found.generation}-{until}"
        changes = [_reference(entry) for entry in entries]
        body = json.dumps({"id": name, "changes": changes, "next": until}, ensure_ascii=False)
        await Webhook(found.secret).post(found.address, name, body)
        return True

    async def _set_aside(self, found: Subscription, as_of: datetime) -> None:
        """Leave it as it is where this worker may not post there: another one may, or this one once its setting is right."""
        async with self._engine.begin() as connection:
            await subscriptions.set_aside(connection, found, _NOT_ALLOWED, as_of + SUBSCRIBERS.first_pause)
        log.warning("subscriber_not_told", subscription=found.no, reason=_NOT_ALLOWED)

    async def _note(self, found: Subscription, undelivered: Undelivered, as_of: datetime) -> None:
        """Note that it was not taken: it ends where nobody wants it, or nobody has for a week."""
        since = found.failing_since or as_of
        again = None if undelivered.answer == "never" else SUBSCRIBERS.next_try(since, as_of)
        async with self._engine.begin() as connection:
            if again is None:
                await subscriptions.give_up(connection, found, undelivered.code)
            else:
                await subscriptions.note_failed(connection, found, undelivered.code, since, again)
        log.warning("subscriber_not_told", subscription=found.no, reason=undelivered.code)


def _reference(entry: Entry) -> dict[str, object]:
    told = entry.to_json()
    return {"id": entry.id} | {name: told[name] for name in ("case_no", "seq", "kind", "on")}
