"""Deliver what is in the outbox: to each address one message at a time, and no address waits for another.

A message keeps its name and its letters whatever happens. It is claimed for as long as it is being sent; if the worker dies before
it is marked, it is sent again by the same name, which tells its receiver that it is no other one.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity

from activities.giving_up import Step, giving_up
from activities.heartbeat import alive
from activities.requests import Delivered
from domain.rules import Channels
from schema import post

log = structlog.get_logger(__name__)

ATTACHED: Final = 20
"""Documents that one message carries; the others are named in it."""


class Undelivered(Exception):  # noqa: N818 - it is noted, and told to a person
    """A message did not arrive, as far as is known. The reason names no address.

    Args:
        is_away: The endpoint gave no answer: what else waits for that address need not be tried now.
    """

    def __init__(self, reason: str, *, is_away: bool = False) -> None:
        super().__init__(reason)
        self.is_away = is_away


class Message(NamedTuple):
    """What goes to an address: one letter as it is, or a digest of several.

    Attributes:
        id: Its name for ever, by which its receiver knows it again.
        docx_of: Finds the document of a letter, if it has one.
    """

    id: str
    address: str
    subject: str
    text: str
    letters: Sequence[post.Letter]
    docx_of: Callable[[str], Awaitable[bytes | None]]

    async def documents(self) -> dict[str, bytes]:
        """The first documents, by their numbers."""
        found = [(letter.ref, await self.docx_of(letter.ref)) for letter in self.letters[:ATTACHED]]
        return {ref: docx for ref, docx in found if docx is not None}


class Endpoint(Protocol):
    """Where messages of a channel go."""

    async def send(self, message: Message) -> None:
        """Send a message; it has arrived when this returns.

        Raises:
            Undelivered: It has not, as far as is known.
        """


class Persistence(NamedTuple):
    """How long an address is tried: with pauses that double up to the longest, until it is given up."""

    first_pause: timedelta = timedelta(minutes=10)
    longest_pause: timedelta = timedelta(hours=6)
    gives_up_after: timedelta = timedelta(days=7)
    at_once: int = 8

    def next_try(self, waiting: post.Waiting, as_of: datetime) -> datetime | None:
        """When a message that has failed again is tried next; None when it is given up."""
        if as_of - waiting.since >= self.gives_up_after:
            return None
        doubled = self.first_pause * (1 << min(waiting.attempts, 20))
        return as_of + min(doubled, self.longest_pause)


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
        persistence: Persistence = Persistence(),
    ) -> None:
        self._engine = engine
        self._channels = channels
        self._endpoints = endpoints
        self._persistence = persistence

    @activity.defn
    async def deliver(self, as_of: datetime) -> Delivered:
        """Send everything whose hour has come by a business instant. Doing so again, or twice at once, sends nothing twice."""
        step = Step("post", f"{as_of:%Y-%m-%d}", "deliver")
        async with alive(), giving_up(self._engine, step):
            return await self._deliver(as_of)

    async def _deliver(self, as_of: datetime) -> Delivered:
        async with self._engine.begin() as connection:
            await post.address(connection, as_of, self._channels)
        async with self._engine.connect() as connection:
            waiting = await post.waiting(connection, as_of)
        by_address: dict[tuple[post.Channel, str], list[post.Waiting]] = defaultdict(list)
        for message in waiting:
            by_address[message.channel, message.address].append(message)
        few = asyncio.Semaphore(self._persistence.at_once)
        outcomes = await asyncio.gather(
            *(self._to_address(messages, as_of, few) for messages in by_address.values()),
            return_exceptions=True,
        )
        counts = Delivered()
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
            counts += outcome
        log.info("delivered", **counts.model_dump())
        return counts

    async def _to_address(
        self, messages: Sequence[post.Waiting], as_of: datetime, few: asyncio.Semaphore
    ) -> Delivered:
        """The messages of one address, in order, until it turns out to be away."""
        counts = Delivered()
        async with few:
            for waiting in messages:
                outcome, is_away = await self._try(waiting, as_of)
                counts += outcome
                if is_away:
                    break
        return counts

    async def _try(self, waiting: post.Waiting, as_of: datetime) -> tuple[Delivered, bool]:
        """Claim a message, send it, and note what became of it; also whether its address is away."""
        async with self._engine.begin() as connection:
            letters = await post.claim(connection, waiting.digest_id, as_of)
            if not letters:
                return Delivered(), False

            async def docx_of(ref: str) -> bytes | None:
                return await post.docx_of(connection, ref)

            message = Message(waiting.digest_id, waiting.address, *_told(letters), letters, docx_of)
            try:
                await self._endpoints[waiting.channel].send(message)
            except Undelivered as undelivered:
                next_try_at = self._persistence.next_try(waiting, as_of)
                await post.failed(connection, waiting.digest_id, str(undelivered), next_try_at)
                log.warning(
                    "not_delivered",
                    channel=waiting.channel,
                    digest_id=waiting.digest_id,
                    attempts=waiting.attempts + 1,
                    reason=str(undelivered),
                )
                if next_try_at is None:
                    return Delivered(given_up=len(letters)), undelivered.is_away
                return Delivered(failing=len(letters)), undelivered.is_away
            await post.delivered(connection, waiting.digest_id, as_of)
            return Delivered(messages=1, letters=len(letters)), False


def _told(letters: Sequence[post.Letter]) -> tuple[str, str]:
    """Subject and text: a letter's own, or those of a digest that lists what is in it."""
    if len(letters) == 1:
        return letters[0].subject, letters[0].body
    lines = [f"{number}. {letter.subject}" for number, letter in enumerate(letters, 1)]
    if (more := len(letters) - ATTACHED) > 0:
        lines += [
            "",
            f"附件为前 {ATTACHED} 份,其余 {more} 份可用 qingqian notices save 取得。",
            f"The first {ATTACHED} are attached; save the other {more} with qingqian notices save.",
        ]
    head = f"清欠文书 {len(letters)} 份 {len(letters)} documents"
    return head, "\n".join([f"{head}:", "", *lines]) + "\n"
