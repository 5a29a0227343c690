"""Tell people what is new: those of the offices what the bell says, in one mail, the parties of a case what kind of thing happened.

What comes within a few minutes is told together. An address is told nothing before its owner has shown the code that is sent there
first; a code is drawn when it is sent, and only its hash is kept.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity

from activities.giving_up import Work, giving_up
from activities.heartbeat import alive
from activities.post.message import Undelivered
from activities.post.persistence import PEOPLE
from activities.post.ways import Telling, WayOut
from domain.notifications import may_ring, news_for
from domain.telling import news
from domain.telling.naming import named, told
from domain.value import Way
from schema import journal, rulebook, telling
from schema.seen.feed import at_places_seen
from schema.seen.notifications import Reader, latest_of_office, new_between
from schema.telling import Addressed, Lease

log = structlog.get_logger(__name__)

GATHERS_FOR: Final = timedelta(minutes=5)
_CODE_LASTS: Final = timedelta(hours=1)
_LINES: Final = 50
"""Of one mail; how many more there are is said."""


class Code(NamedTuple):
    """A code that was drawn, and what is kept of it."""

    written: str
    hash: str


class _Draft(NamedTuple):
    """What is to be told, and what is noted as told by that."""

    telling: Telling
    noted: Mapping[str, Any]


class Teller:
    """Tells people what is new to them.

    Args:
        ways: Those that are set up. Where somebody has left an address for another, it waits until there is one.
        draw: Draws a code.
        offices: The names of the offices, by their codes.
        kept_for: How long after the end of a case the addresses of its parties are kept.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        ways: Mapping[Way, WayOut],
        draw: Callable[[], Code],
        offices: Mapping[str, str],
        kept_for: timedelta,
    ) -> None:
        self._engine, self._ways, self._draw = engine, ways, draw
        self._offices, self._kept_for = offices, kept_for

    @activity.defn
    async def tell_people(self, as_of: datetime) -> int:
        """Run one round; returns how many messages were accepted. If one fails, the others are still sent, and the error is raised at
        the end.
        """
        async with alive(), giving_up(self._engine, Work("people", f"{as_of:%Y-%m-%d}", "tell")):
            async with self._engine.begin() as connection:
                await telling.forget(connection, as_of, self._kept_for)
                await telling.gather(connection, as_of + GATHERS_FOR)
            async with self._engine.connect() as connection:
                due = await telling.due(connection, as_of, may_ring=may_ring(as_of))
            few = asyncio.Semaphore(PEOPLE.at_once)

            async def one(found: Addressed) -> bool:
                async with few:
                    return not activity.is_worker_shutdown() and await self._tell(found, as_of)

            attempts = [one(found) for found in due if found.way in self._ways]
            outcomes = await asyncio.gather(*attempts, return_exceptions=True)
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise outcome
            return sum(outcome is True for outcome in outcomes)

    async def _tell(self, found: Addressed, as_of: datetime) -> bool:
        """Tell one person, if there is something; whether it was taken."""
        way = self._ways[found.way]
        async with self._engine.begin() as connection:
            claimed = await telling.claim(connection, found.id, as_of, PEOPLE.claims_for(way.longest))
            draft = await self._drafted(connection, found, claimed) if claimed else None
            if claimed and isinstance(draft, int):
                await telling.note(connection, claimed, after=draft)
        if claimed is None or not isinstance(draft, _Draft):
            return False
        is_handed_over = False

        async def hand_over() -> None:
            nonlocal is_handed_over
            if not is_handed_over:
                await self._begin(claimed, draft)
                is_handed_over = True

        try:
            await way.tell(draft.telling, hand_over)
        except Undelivered as undelivered:
            await self._note(found, claimed, undelivered, as_of, is_unknown=is_handed_over)
            return False
        async with self._engine.begin() as connection:
            await telling.note(connection, claimed)
        return True

    async def _begin(self, claimed: Lease, draft: _Draft) -> None:
        async with self._engine.begin() as connection:
            if not await telling.begin(connection, claimed, **draft.noted):
                raise Undelivered("准备超时,未发送 it took too long to get ready: nothing was sent")

    async def _note(
        self,
        found: Addressed,
        claimed: Lease,
        undelivered: Undelivered,
        as_of: datetime,
        *,
        is_unknown: bool,
    ) -> None:
        """Note that it was not taken, as far as is known: what surely was not is told again, unless nobody wants it, or takes it for a
        week.
        """
        became: dict[str, Any] = {"last_error": str(undelivered)}
        if not is_unknown or undelivered.answer is not None:
            since = found.failing_since or as_of
            again = None if undelivered.answer == "never" else PEOPLE.next_try(since, as_of)
            became |= {"after": claimed.after, "failing_since": since, "code_hash": None}
            became |= {"state": "asked"} if found.wants_code else {}
            became |= {"next_try_at": again} if again else {"state": "refused"}
        async with self._engine.begin() as connection:
            await telling.note(connection, claimed, **became)
        log.warning("person_not_told", contact=found.id, way=found.way, reason=str(undelivered))

    async def _drafted(self, connection: AsyncConnection, found: Addressed, claimed: Lease) -> "_Draft | int":
        """What is told at an address; or up to where there is nothing to tell."""
        if found.wants_code:
            return self._code(found, claimed)
        if found.reader is not None:
            return await self._digest(connection, found, found.reader, claimed)
        return await self._news(connection, found, claimed)

    def _code(self, found: Addressed, claimed: Lease) -> _Draft:
        code = self._draw()
        said = news.code_sent(code.written, found.language)
        name = f"contact-{found.id}-code-{claimed.attempt}"
        noted = {"state": "sent", "code_hash": code.hash, "code_until": telling.until(_CODE_LASTS)}
        return _Draft(Telling(name, found.address, "code", said.subject, said.text, code=code.written), noted)

    async def _digest(
        self, connection: AsyncConnection, found: Addressed, reader: Reader, claimed: Lease
    ) -> "_Draft | int":
        upto = max(await latest_of_office(connection, reader.office), claimed.after)
        rows, count = await new_between(connection, reader, claimed.after, upto, _LINES)
        if not rows:
            return upto
        places = [(row.case_no, row.seq) for row in rows]
        entries = {
            (one.stream, one.seq): one.event for one in await at_places_seen(connection, reader.sight, places)
        }
        lines = [
            news.DigestLine(
                place[0],
                entries[place].on.isoformat(),
                told(entries[place].fact, self._offices),
                named(entries[place].by, self._offices),
            )
            for place in places
            if place in entries
        ]
        said = news.digest(lines, count - len(rows), found.language)
        name = f"contact-{found.id}-{upto}"
        return _Draft(Telling(name, found.address, "news", said.subject, said.text), {"after": upto})

    async def _news(self, connection: AsyncConnection, found: Addressed, claimed: Lease) -> "_Draft | int":
        assert found.case_no is not None, "an address is somebody's of an office or a party's"
        assert found.side is not None, "of a party it is of one of the two"
        holder, upto = await telling.holder_of(connection, found.case_no)
        entries = await journal.entries(connection, stream=found.case_no, seqs=(claimed.after + 1, upto))
        rules = await rulebook.of_case(connection, found.case_no)
        what = news_for(found.side, [entry.event for entry in entries], rules)
        if not what:
            return upto
        office = rules.offices.get(holder, holder)
        said = news.case_news(office, found.case_no, what, found.language)
        name = f"contact-{found.id}-{upto}"
        message = Telling(
            name, found.address, "news", said.subject, said.text, said.what, found.case_no, office
        )
        return _Draft(message, {"after": upto})
