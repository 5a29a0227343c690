"""Subscriptions of programs: where what changes is posted, how far each has been told, and what became of the last attempt."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import exists, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from schema.tables import api_token, event, staff, subscription

State = Literal["active", "failing", "ended"]

MOST: Final = 20
"""Subscriptions of an office that go on."""


class Subscription(NamedTuple):
    """A subscription. `kinds` are those of the entries that are told, all if there are none; `after` is the last entry told.

    Attributes:
        until: Where what is being told ends: each attempt tells the same.
    """

    no: int
    office: str
    token: str
    address: str
    kinds: Sequence[str]
    secret: str
    state: State
    after: int
    until: int | None
    attempts: int
    failing_since: datetime | None
    next_try_at: datetime
    last_error: str | None

    @property
    def host(self) -> str:
        """Where its address is: the rest of it may be a secret."""
        return urlsplit(self.address).hostname or ""


_ALL: Final = select(*(subscription.c[name] for name in Subscription._fields))


class Asked(NamedTuple):
    """What a program asks for: to be told of these kinds, at that address, from after an entry on, or from now on."""

    address: str
    kinds: Sequence[str]
    after: int | None
    secret: str


async def subscribe(connection: AsyncConnection, office: str, token: str, asked: Asked) -> Subscription:
    """Subscribe, or subscribe anew: an address that a token has asked for before goes on from where it was, with another secret."""
    latest = select(func.coalesce(func.max(event.c.id), 0)).scalar_subquery()
    fresh: dict[str, Any] = {
        "kinds": list(asked.kinds),
        "secret": asked.secret,
        "state": "active",
        "attempts": 0,
        "until": None,
        "failing_since": None,
        "last_error": None,
        "next_try_at": func.now(),
    }
    whose = {"office": office, "token": token, "address": asked.address}
    begins = {"after": latest if asked.after is None else asked.after, "created_at": func.now()}
    changed = fresh | ({} if asked.after is None else {"after": asked.after})
    row = upsert(subscription).values(**whose, **fresh, **begins)
    keep = row.on_conflict_do_update(index_elements=list(whose), set_=changed).returning(
        *_ALL.selected_columns
    )
    return Subscription(*(await connection.execute(keep)).one())


async def of_office(connection: AsyncConnection, office: str) -> list[Subscription]:
    """The subscriptions of an office's programs, the latest first."""
    query = _ALL.where(subscription.c.office == office).order_by(subscription.c.no.desc()).limit(10 * MOST)
    return [Subscription(*row) for row in await connection.execute(query)]


async def going_on(connection: AsyncConnection, office: str) -> int:
    """How many of an office go on. Until the transaction is over nobody else of it subscribes."""
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"subscriptions/{office}"))))
    counted = select(func.count()).where(subscription.c.office == office, subscription.c.state != "ended")
    return int((await connection.execute(counted)).scalar_one())


async def find(connection: AsyncConnection, office: str, no: int) -> Subscription | None:
    """A subscription of an office."""
    query = _ALL.where(subscription.c.office == office, subscription.c.no == no)
    row = (await connection.execute(query)).one_or_none()
    return Subscription(*row) if row else None


async def end(connection: AsyncConnection, no: int, reason: str | None = None) -> None:
    """Tell nothing there any more."""
    ended = update(subscription).where(subscription.c.no == no)
    await connection.execute(ended.values(state="ended", last_error=reason, until=None))


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
    await connection.execute(
        ended.values(state="ended", last_error="令牌已失效 the token is over", until=None)
    )


async def due(connection: AsyncConnection, at: datetime) -> list[Subscription]:
    """Those that may be told something now."""
    query = _ALL.where(subscription.c.state != "ended", subscription.c.next_try_at <= at)
    return [Subscription(*row) for row in await connection.execute(query.order_by(subscription.c.no))]


async def begin_telling(connection: AsyncConnection, no: int, until: int) -> None:
    """Note where what is being told ends, before it is."""
    await connection.execute(update(subscription).where(subscription.c.no == no).values(until=until))


async def note_told(connection: AsyncConnection, no: int, until: int) -> None:
    """Note that it has been told up to an entry. Whoever notes less afterwards changes nothing."""
    goes_on = subscription.c.state != "ended"
    told = update(subscription).where(subscription.c.no == no, subscription.c.after < until, goes_on)
    fine = {"after": until, "until": None, "attempts": 0, "failing_since": None, "last_error": None}
    await connection.execute(told.values(**fine, state="active"))


async def note_failed(
    connection: AsyncConnection, no: int, reason: str, since: datetime, next_try_at: datetime
) -> None:
    """Note that it could not be told, since when, and when it is tried again."""
    failed = update(subscription).where(subscription.c.no == no, subscription.c.state != "ended")
    later = {"last_error": reason, "failing_since": since, "next_try_at": next_try_at}
    await connection.execute(failed.values(**later, state="failing", attempts=subscription.c.attempts + 1))
