"""Who is to be told something now, and what became of it.

Up to where somebody has been told is noted before the receiver can act upon a message, and taken back when it surely has not taken
it. So nothing is told twice, whoever dies when. What nobody knows of counts as told: the window has it in any case.
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
    """An address at which something may be told now.

    Attributes:
        reader: Who of an office it is; None of a party.
        case_no, side: Which party of which case.
        wants_code: A code is to be sent there, nothing else.
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


class Claim(NamedTuple):
    """The right to tell something there; `after` is up to where it has been told."""

    id: int
    attempt: int
    after: int


async def forget(connection: AsyncConnection, at: datetime, kept_for: timedelta) -> None:
    """Delete the addresses of whom nothing is to be told to any more: accounts and cases that are over, codes that nobody showed."""
    of = contact.c
    gone = select(staff.c.id).where(~staff.c.active)
    ended = select(case_file.c.case_no).where(case_file.c.ended_on < (at - kept_for).date())
    unshown = of.state.in_(("asked", "sent")) & (of.left_at < func.now() - timedelta(days=1))
    await connection.execute(delete(contact).where(or_(of.account.in_(gone), of.case_no.in_(ended), unshown)))


async def gather(connection: AsyncConnection, ripe_at: datetime) -> None:
    """Note where there is something new to tell; it is told at `ripe_at`, with what comes until then."""
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
    """Where something is to be told now. Whether parties may be told something at this hour is for the caller to say; whoever has
    just asked for a code gets it at any.
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


async def claim(connection: AsyncConnection, number: int, at: datetime, lasts: timedelta) -> Claim | None:
    """Claim an address, so that nobody else tells anything there for so long; None: somebody has, or there is nothing to tell."""
    claimed = (
        update(contact)
        .where(contact.c.id == number, contact.c.next_try_at <= at, _is_free())
        .values(claimed_until=func.now() + lasts, attempts=contact.c.attempts + 1)
        .returning(contact.c.attempts, contact.c.after)
    )
    row = (await connection.execute(claimed)).one_or_none()
    return Claim(number, row.attempts, row.after) if row else None


async def begin(connection: AsyncConnection, claimed: Claim, **told: Any) -> bool:
    """From now on it may have been told: `after`, or the `code_hash`, is noted. Whether it is still ours to tell."""
    begun = update(contact).where(_is_of(claimed), contact.c.claimed_until > func.now())
    return (await connection.execute(begun.values(**told))).rowcount == 1


def _is_of(claimed: Claim) -> ColumnElement[bool]:
    """What was claimed, unless somebody has claimed it, or left another address, after that."""
    return (contact.c.id == claimed.id) & (contact.c.attempts == claimed.attempt)


def until(lasts: timedelta) -> ColumnElement[Any]:
    """When what is noted now is over, by the clock of the record."""
    return func.now() + lasts


async def note(connection: AsyncConnection, claimed: Claim, **became: Any) -> None:
    """Note what became of it, and give up the claim."""
    noted = {"next_try_at": None, "failing_since": None, "last_error": None, **became}
    await connection.execute(update(contact).where(_is_of(claimed)).values(claimed_until=None, **noted))


async def holder_of(connection: AsyncConnection, case_no: str) -> tuple[str, int]:
    """The office that handles a case, and its latest entry."""
    query = select(case_file.c.holder, case_file.c.seq).where(case_file.c.case_no == case_no)
    row = (await connection.execute(query)).one()
    return row.holder, row.seq
