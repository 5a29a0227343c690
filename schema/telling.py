"""The outbox of news to people: which addresses are due, and what became of each message. Delivery is at most once.

The progress of an address is stored before a message is handed over, and reset only if the receiver certainly did not take it. So a
crash never causes a second message. If the outcome is unknown, the message counts as sent: the window shows the news in any case.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.telling.news import Language
from domain.value import PartySide, Way
from schema.seen.notifications import Reader
from schema.seen.sight import Sight
from schema.tables import case_file, contact, notification, staff


class Addressed(NamedTuple):
    """An address that is due for a message.

    Attributes:
        reader: The person at an office; None for a party.
        case_no, side: The party and its case.
        wants_code: Whether a confirmation code is to be sent, and nothing else.
    """

    id: int
    way: Way
    address: str
    language: Language
    wants_code: bool
    reader: Reader | None
    case_no: str | None
    side: PartySide | None
    failing_since: datetime | None


class Lease(NamedTuple):
    """A lease on an address: its holder alone may send to it. `after` is the last item that was sent there."""

    id: int
    attempt: int
    after: int


async def forget(connection: AsyncConnection, at: datetime, kept_for: timedelta) -> None:
    """Delete addresses that are no longer needed: of ended accounts and cases, and those whose code nobody entered."""
    of = contact.c
    gone = select(staff.c.id).where(~staff.c.active)
    is_long_over = (
        select(case_file.c.case_no)
        .where(case_file.c.case_no == of.case_no, case_file.c.ended_on < (at - kept_for).date())
        .exists()
    )
    unshown = of.state.in_(("asked", "sent")) & (of.left_at < func.now() - timedelta(days=1))
    await connection.execute(delete(contact).where(or_(of.account.in_(gone), is_long_over, unshown)))


async def gather(connection: AsyncConnection, ripe_at: datetime) -> None:
    """Mark the addresses that have news. It is sent at `ripe_at`, together with what arrives until then."""
    of = contact.c
    to_staff = (
        select(notification.c.id)
        .join(staff, staff.c.office == notification.c.office)
        .where(staff.c.id == of.account, notification.c.id > func.greatest(of.after, staff.c.notified))
    )
    to_party = select(case_file.c.seq).where(case_file.c.case_no == of.case_no, case_file.c.seq > of.after)
    rests = update(contact).where(of.state == "active", of.next_try_at.is_(None))
    for has_news in (to_staff.exists(), to_party.exists()):
        await connection.execute(rests.where(has_news).values(next_try_at=ripe_at))


_ALL: Final[Select[Any]] = (
    select(contact, staff.c.person, staff.c.office, staff.c.roles)
    .outerjoin(staff, staff.c.id == contact.c.account)
    .where(or_(contact.c.account.is_(None), staff.c.active))
)


async def due(connection: AsyncConnection, at: datetime, *, may_ring: bool) -> Sequence[Addressed]:
    """The addresses that are due.

    Args:
        may_ring: Whether news may be sent to parties at this hour. Confirmation codes are sent at any hour.
    """
    of = contact.c
    query = _ALL.where(of.next_try_at <= at, _is_free())
    news = of.state == "active"
    query = query.where(or_(of.state == "asked", news if may_ring else news & of.account.is_not(None)))
    return [_addressed(row) for row in await connection.execute(query.order_by(of.id))]


def _addressed(row: Row[Any]) -> Addressed:
    reader = None
    if row.account is not None:
        reader = Reader(Sight.of_office(row.office), row.account, row.person, row.office, tuple(row.roles))
    return Addressed(
        row.id,
        Way(row.way),
        row.address,
        row.language,
        row.state == "asked",
        reader,
        row.case_no,
        PartySide(row.side) if row.side else None,
        row.failing_since,
    )


def _is_free() -> ColumnElement[bool]:
    return or_(contact.c.claimed_until.is_(None), contact.c.claimed_until < func.now())


async def claim(connection: AsyncConnection, number: int, at: datetime, lasts: timedelta) -> Lease | None:
    """Take a lease on an address for some time; None if somebody else has one, or there is nothing to send."""
    claimed = (
        update(contact)
        .where(contact.c.id == number, contact.c.next_try_at <= at, _is_free())
        .values(claimed_until=func.now() + lasts, attempts=contact.c.attempts + 1)
        .returning(contact.c.attempts, contact.c.after)
    )
    row = (await connection.execute(claimed)).one_or_none()
    return Lease(number, row.attempts, row.after) if row else None


async def begin(connection: AsyncConnection, claimed: Lease, **told: Any) -> bool:
    """Store the progress (`after`, or the `code_hash`) before the message is handed over. False if the lease is lost."""
    begun = update(contact).where(_is_of(claimed), contact.c.claimed_until > func.now())
    return (await connection.execute(begun.values(**told))).rowcount == 1


def _is_of(claimed: Lease) -> ColumnElement[bool]:
    """The condition that the lease is still held: nobody took it over, and the address is the same."""
    return (contact.c.id == claimed.id) & (contact.c.attempts == claimed.attempt)


def until(lasts: timedelta) -> ColumnElement[Any]:
    """The end of a lease that begins now, by the database's clock."""
    return func.now() + lasts


async def note(connection: AsyncConnection, claimed: Lease, **became: Any) -> None:
    """Store what became of the message, and end the lease."""
    noted = {"next_try_at": None, "failing_since": None, "last_error": None, **became}
    await connection.execute(update(contact).where(_is_of(claimed)).values(claimed_until=None, **noted))


async def holder_of(connection: AsyncConnection, case_no: str) -> tuple[str, int]:
    """The office that handles a case, and its latest entry."""
    query = select(case_file.c.holder, case_file.c.seq).where(case_file.c.case_no == case_no)
    row = (await connection.execute(query)).one()
    return row.holder, row.seq
