"""Subscriptions of programs: where what changes is posted, how far each has been told, and what became of the last attempt."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Update, and_, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from schema.tables import api_token, event, staff, subscription

State = Literal["active", "failing", "ended"]

MOST: Final = 20
"""Subscriptions of an office that go on."""


class Subscription(NamedTuple):
    """A subscription. `kinds` are those of the entries that are told, all if there are none; `after` is the last entry told.

    Attributes:
        generation: How often it was asked for. What is noted of an earlier one changes nothing.
        telling: The ids of what is being told, the same in every attempt; none: nothing is.
        until: Up to where it has been told once that is taken.
        last_error: A code, see `domain.telling.untold`.
    """

    no: int
    office: str
    token: str
    address: str
    kinds: Sequence[str]
    secret: str
    state: State
    after: int
    generation: int
    telling: Sequence[int]
    until: int | None
    failing_since: datetime | None
    next_try_at: datetime
    last_error: str | None

    @property
    def host(self) -> str:
        """Where its address is: the rest of it may be a secret."""
        return urlsplit(self.address).hostname or ""


_ALL: Final = select(*(subscription.c[name] for name in Subscription._fields))


_FINE: Final[dict[str, Any]] = {
    "state": "active",
    "telling": [],
    "until": None,
    "failing_since": None,
    "last_error": None,
}


_OVER: Final[dict[str, Any]] = {"state": "ended", "telling": [], "until": None}


class WantedSubscription(NamedTuple):
    """What a program subscribes to: entries of some kinds, posted to an address, from an entry on or from now on."""

    address: str
    kinds: Sequence[str]
    after: int | None
    secret: str


async def subscribe(
    connection: AsyncConnection, office: str, token: str, asked: WantedSubscription
) -> Subscription:
    """Subscribe, or subscribe anew: an address that a token has asked for before goes on from where it was, with another secret."""
    latest = select(func.coalesce(func.max(event.c.id), 0)).scalar_subquery()
    fresh: dict[str, Any] = {
        "kinds": list(asked.kinds),
        "secret": asked.secret,
        "next_try_at": func.now(),
        **_FINE,
    }
    whose = {"office": office, "token": token, "address": asked.address}
    begins = {"after": latest if asked.after is None else asked.after, "created_at": func.now()}
    changed = fresh | ({} if asked.after is None else {"after": asked.after})
    row = upsert(subscription).values(**whose, **fresh, **begins)
    anew = {**changed, "generation": subscription.c.generation + 1}
    keep = row.on_conflict_do_update(index_elements=list(whose), set_=anew).returning(*_ALL.selected_columns)
    return Subscription(*(await connection.execute(keep)).one())


async def of_office(connection: AsyncConnection, office: str) -> list[Subscription]:
    """The subscriptions of an office's programs, the latest first."""
    query = _ALL.where(subscription.c.office == office).order_by(subscription.c.no.desc()).limit(10 * MOST)
    return [Subscription(*row) for row in await connection.execute(query)]


async def of_token(connection: AsyncConnection, office: str, token: str) -> list[Subscription]:
    """What one program has asked for, the latest first."""
    theirs = _ALL.where(subscription.c.office == office, subscription.c.token == token)
    query = theirs.order_by(subscription.c.no.desc()).limit(10 * MOST)
    return [Subscription(*row) for row in await connection.execute(query)]


async def others_going_on(connection: AsyncConnection, office: str, token: str, address: str) -> int:
    """How many of an office go on besides what a token has asked for at an address. Until the transaction is over nobody else of the
    office subscribes.
    """
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"subscriptions/{office}"))))
    is_same = and_(subscription.c.token == token, subscription.c.address == address)
    counted = select(func.count()).where(
        subscription.c.office == office, subscription.c.state != "ended", ~is_same
    )
    return int((await connection.execute(counted)).scalar_one())


async def find(connection: AsyncConnection, office: str, token: str, no: int) -> Subscription | None:
    """A subscription of a program."""
    query = _ALL.where(
        subscription.c.office == office, subscription.c.token == token, subscription.c.no == no
    )
    row = (await connection.execute(query)).one_or_none()
    return Subscription(*row) if row else None


async def end(connection: AsyncConnection, no: int) -> None:
    """Tell nothing there any more, because its program wants nothing."""
    await connection.execute(update(subscription).where(subscription.c.no == no).values(_OVER))


async def end_without_token(connection: AsyncConnection) -> None:
    """End those whose token is accepted no longer."""
    token = exists().where(
        api_token.c.office == subscription.c.office,
        api_token.c.name == subscription.c.token,
        api_token.c.revoked_at.is_(None),
        api_token.c.owner == staff.c.id,
        staff.c.active,
    )
    ended = update(subscription).where(subscription.c.state != "ended", ~token)
    await connection.execute(ended.values(**_OVER, last_error="token_over"))


async def due(connection: AsyncConnection, at: datetime) -> list[Subscription]:
    """Those that may be told something now."""
    query = _ALL.where(subscription.c.state != "ended", subscription.c.next_try_at <= at)
    return [Subscription(*row) for row in await connection.execute(query.order_by(subscription.c.no))]


async def begin_telling(
    connection: AsyncConnection, found: Subscription, telling: Sequence[int], until: int
) -> bool:
    """Note what is being told, before it is. False where it is to be told no more as it was found: then nothing may be."""
    begun = _as(found).values(telling=list(telling), until=until)
    return (await connection.execute(begun)).rowcount == 1


async def note_told(connection: AsyncConnection, found: Subscription, until: int) -> Subscription | None:
    """Note that it has been told up to an entry; returns it as it stands then, None where it is told no more as it was found."""
    told = _as(found).values(**_FINE, after=until).returning(*_ALL.selected_columns)
    row = (await connection.execute(told)).one_or_none()
    return Subscription(*row) if row else None


async def note_failed(
    connection: AsyncConnection, found: Subscription, reason: str, since: datetime, next_try_at: datetime
) -> None:
    """Note that it could not be told, since when, and when it is tried again."""
    later = {"last_error": reason, "failing_since": since, "next_try_at": next_try_at}
    await connection.execute(_as(found).values(**later, state="failing"))


async def set_aside(
    connection: AsyncConnection, found: Subscription, reason: str, next_try_at: datetime
) -> None:
    """Note that nobody tried to tell it: that is no failure of whoever is to be told."""
    later = _as(found).values(state="failing", last_error=reason, next_try_at=next_try_at)
    await connection.execute(later)


async def give_up(connection: AsyncConnection, found: Subscription, reason: str) -> None:
    """Tell nothing there any more, because it was not taken."""
    await connection.execute(_as(found).values(**_OVER, last_error=reason))


def _as(found: Subscription) -> Update:
    """What changes a subscription, unless it has been asked for anew, told more or ended since it was found."""
    of = subscription.c
    is_so = of.no == found.no, of.generation == found.generation, of.after == found.after, of.state != "ended"
    return update(subscription).where(*is_so)
