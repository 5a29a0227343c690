"""Deliver what is in the outbox: to each address one message at a time, and no address waits for another.

A message keeps its name and its letters whatever happens. It is claimed before it is sent, and its record says `sending` before
its receiver could act upon it. So it is known of each message whether it may have arrived, whoever dies when:

    nothing of it was sent       it is tried again, with growing pauses, for a week
    its receiver answered        it is delivered, tried later, or refused for good
    it was sent, unanswered      unknown. A mail is then sent again only by a person: not every reader's program knows a double.
                                 A web address, whose program knows it by its id, gets it again after a day
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity

from activities.giving_up import Work, giving_up
from activities.heartbeat import alive
from activities.post.message import Endpoint, Message, Undelivered, told
from activities.post.persistence import LETTERS, Persistence
from activities.requests import Delivered
from domain.rules import Channels
from schema import post

log = structlog.get_logger(__name__)


class Dispatcher:
    """Delivers letters to the channels of their offices.

    Args:
        channels: Those of an office, by its code, besides its inbox.
        endpoints: One for each kind of channel.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        channels: Callable[[str], Channels],
        endpoints: Mapping[post.Channel, Endpoint],
        persistence: Persistence = LETTERS,
    ) -> None:
        self._engine = engine
        self._channels = channels
        self._endpoints = endpoints
        self._persistence = persistence

    @activity.defn
    async def deliver(self, as_of: datetime) -> Delivered:
        """Send everything that is due at a business instant. Safe to run again, or concurrently: nothing is sent twice."""
        step = Work("post", f"{as_of:%Y-%m-%d}", "deliver")
        async with alive(), giving_up(self._engine, step):
            async with self._engine.begin() as connection:
                await post.address(connection, as_of, self._channels)
                await self._note_broken_off(connection, as_of)
            async with self._engine.connect() as connection:
                waiting = await post.waiting(connection, as_of)
            counts = await _Round(self._engine, self._endpoints, self._persistence, as_of).send(waiting)
        log.info("delivered", **counts.model_dump())
        return counts

    async def _note_broken_off(self, connection: AsyncConnection, as_of: datetime) -> None:
        for channel, endpoint in self._endpoints.items():
            again = as_of + self._persistence.after_unknown if endpoint.knows_doubles else None
            if letters := await post.broken_off(connection, channel, again):
                log.warning("broken_off_while_sending", channel=channel, letters=letters)


class _Round:
    """One round of a dispatcher.

    Attributes:
        silent: The servers that have left a message without an answer in it.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        endpoints: Mapping[post.Channel, Endpoint],
        persistence: Persistence,
        as_of: datetime,
    ) -> None:
        self._engine, self._endpoints, self._persistence = engine, endpoints, persistence
        self._as_of = as_of
        self._few = {channel: asyncio.Semaphore(persistence.at_once) for channel in endpoints}
        self.silent: set[tuple[post.Channel, str]] = set()

    async def send(self, waiting: Sequence[post.Waiting]) -> Delivered:
        """Send the messages. If one cannot be recorded, the others are still sent, and the error is raised at the end."""
        by_address: dict[tuple[post.Channel, str], list[post.Waiting]] = defaultdict(list)
        for message in waiting:
            by_address[message.channel, message.address].append(message)
        outcomes = await asyncio.gather(
            *(self._to_address(messages) for messages in by_address.values()), return_exceptions=True
        )
        counts = Delivered()
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
            counts += outcome
        return counts

    async def _to_address(self, messages: Sequence[post.Waiting]) -> Delivered:
        """Send the messages of one address in order, until it does not answer or the worker is asked to stop."""
        counts = Delivered()
        channel, address = messages[0].channel, messages[0].address
        server = channel, self._endpoints[channel].server(address)
        async with self._few[channel]:
            for waiting in messages:
                if server in self.silent or activity.is_worker_shutdown():
                    break
                outcome, is_away = await self._try(waiting)
                counts += outcome
                if outcome.unknown:
                    self.silent.add(server)
                if is_away:
                    break
        return counts

    async def _try(self, waiting: post.Waiting) -> tuple[Delivered, bool]:
        """Take a lease on a message, send it, and store the outcome; also returns whether its address is down."""
        endpoint = self._endpoints[waiting.channel]
        lasts = self._persistence.claims_for(endpoint.longest)
        async with self._engine.begin() as connection:
            claimed = await post.claim(connection, waiting.digest_id, self._as_of, lasts)
        letters = claimed.letters
        if not letters:
            return Delivered(), False
        message = Message(waiting.digest_id, waiting.address, *told(letters), letters, self._docx_of)
        is_handed_over = False

        async def hand_over() -> None:
            nonlocal is_handed_over
            if not is_handed_over:
                await self._begin(claimed)
                is_handed_over = True

        try:
            await endpoint.send(message, hand_over)
        except Undelivered as undelivered:
            is_unknown = is_handed_over and undelivered.answer is None
            outcome = await self._note(claimed, waiting, undelivered, is_unknown)
            return Delivered(**{outcome: len(letters)}), undelivered.answer is None
        except BaseException as broken:
            # The worker is stopping, or this is a defect of ours: store what is known before the exception goes on.
            reason = Undelivered(f"发送中断 broken off ({type(broken).__name__})")
            await self._note(claimed, waiting, reason, is_handed_over)
            raise
        async with self._engine.begin() as connection:
            await post.note(connection, claimed, "delivered", delivered_at=self._as_of)
        return Delivered(messages=1, letters=len(letters)), False

    async def _begin(self, claimed: post.Lease) -> None:
        async with self._engine.begin() as connection:
            if not await post.sending(connection, claimed):
                raise Undelivered("准备超时,未发送 it took too long to get ready: nothing was sent")

    async def _docx_of(self, ref: str) -> bytes | None:
        async with self._engine.connect() as connection:
            return await post.docx_of(connection, ref)

    async def _note(
        self, claimed: post.Lease, waiting: post.Waiting, undelivered: Undelivered, is_unknown: bool
    ) -> post.Outcome:
        """Note that a message has not arrived, as far as is known."""
        outcome, next_try_at = self._outcome(waiting, undelivered, is_unknown)
        async with self._engine.begin() as connection:
            await post.note(connection, claimed, outcome, reason=str(undelivered), next_try_at=next_try_at)
        log.warning(
            "not_delivered",
            channel=waiting.channel,
            digest_id=waiting.digest_id,
            attempts=claimed.attempt,
            outcome=outcome,
            reason=str(undelivered),
        )
        return outcome

    def _outcome(
        self, waiting: post.Waiting, undelivered: Undelivered, is_unknown: bool
    ) -> tuple[post.Outcome, datetime | None]:
        """What is on record of a message that was not accepted, and when it is tried again."""
        if is_unknown:
            if not self._endpoints[waiting.channel].knows_doubles:
                return "unknown", None
            return "unknown", self._persistence.after_silence(waiting.since, self._as_of)
        if undelivered.answer == "never":
            return "refused", None
        next_try_at = self._persistence.next_try(waiting.since, self._as_of)
        return ("failing" if next_try_at else "given_up"), next_try_at
