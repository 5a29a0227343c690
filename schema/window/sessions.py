"""Sessions: whose they are, and until when; and who is half-way to one. The record has only hashes of their tokens."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.value import PartySide
from schema.seen.sight import Unit
from schema.tables import half_way, registration, second_factor, session, staff

TO_THE: Final = timedelta(minutes=1)
"""As exactly it is kept when a session was used: not every page is worth a row."""


class Place(NamedTuple):
    """Where a session is begun: from which address, and what the browser calls itself."""

    address: str
    browser: str


class OwnSession(NamedTuple):
    """A session as its owner sees it."""

    id: int
    by_common_account: bool
    begun_at: datetime
    used_at: datetime
    address: str
    browser: str


class SessionFound(NamedTuple):
    """Who is signed in: somebody of an office or of a debtor unit, by the account, or a party of a case."""

    id: int
    by_common_account: bool
    has_second_factor: bool
    case_no: str | None
    side: PartySide | None
    account: int | None
    login: str
    person: str
    office: str
    roles: tuple[str, ...]
    csrf: str
    unit: Unit | None = None


async def begin_session(
    connection: AsyncConnection,
    token_hash: str,
    *,
    csrf: str,
    expires_at: datetime,
    staff_id: int | None,
    case_no: str | None,
    side: PartySide | None,
    for_program: bool = False,
    by_common_account: bool = False,
    place: Place | None = None,
) -> None:
    """Begin a session, of a browser or of a party's program; those that have expired go."""
    await _forget_old(connection, session)
    await connection.execute(
        insert(session).values(
            token_hash=token_hash,
            csrf=csrf,
            expires_at=expires_at,
            staff_id=staff_id,
            case_no=case_no,
            side=side.value if side else None,
            for_program=for_program,
            by_common_account=by_common_account,
            begun_at=func.now(),
            used_at=func.now(),
            address=place.address if place else None,
            browser=place.browser if place else None,
        )
    )


async def _forget_old(connection: AsyncConnection, table: Table) -> None:
    over = select(table.c.token_hash).where(table.c.expires_at < func.now())
    await connection.execute(
        delete(table).where(table.c.token_hash.in_(over.with_for_update(skip_locked=True)))
    )


async def end_session(connection: AsyncConnection, token_hash: str) -> None:
    """End a session."""
    await connection.execute(delete(session).where(session.c.token_hash == token_hash))


async def end_all(connection: AsyncConnection, account: int, *, but: int | None = None) -> None:
    """End whatever somebody has open, but one session, and what was on the way to one."""
    theirs = delete(session).where(session.c.staff_id == account)
    await connection.execute(theirs if but is None else theirs.where(session.c.id != but))
    await connection.execute(delete(half_way).where(half_way.c.staff_id == account))


async def end_own(connection: AsyncConnection, account: int, number: int) -> bool:
    """End one of somebody's sessions. False: this person has none of that number."""
    theirs = delete(session).where(session.c.id == number, session.c.staff_id == account)
    return (await connection.execute(theirs)).rowcount == 1


async def own_sessions(connection: AsyncConnection, account: int, now: datetime) -> list[OwnSession]:
    """The sessions of somebody of an office, the latest used first."""
    of = session.c
    query = (
        select(of.id, of.by_common_account, of.begun_at, of.used_at, of.address, of.browser)
        .where(of.staff_id == account, of.expires_at > now)
        .order_by(of.used_at.desc(), of.id.desc())
    )
    return [
        OwnSession(
            row.id, row.by_common_account, row.begun_at, row.used_at, row.address or "", row.browser or ""
        )
        for row in await connection.execute(query)
    ]


async def note_use(connection: AsyncConnection, number: int) -> None:
    """Note that a session is used."""
    stale = (session.c.id == number, session.c.used_at < func.now() - TO_THE)
    await connection.execute(update(session).where(*stale).values(used_at=func.now()))


async def go_half_way(connection: AsyncConnection, token_hash: str, account: int, until: datetime) -> None:
    """Note that somebody has shown the password, and is still to show a second factor."""
    await _forget_old(connection, half_way)
    values = {"token_hash": token_hash, "staff_id": account, "expires_at": until}
    await connection.execute(insert(half_way).values(values))


async def half_way_there(connection: AsyncConnection, token_hash: str, now: datetime) -> str | None:
    """The login of whoever is half-way with this token: none, when that took too long, or the person is no longer active."""
    query = (
        select(staff.c.login)
        .join(half_way, half_way.c.staff_id == staff.c.id)
        .where(half_way.c.token_hash == token_hash, half_way.c.expires_at > now, staff.c.active)
    )
    return (await connection.execute(query)).scalar_one_or_none()


async def arrive(connection: AsyncConnection, token_hash: str) -> None:
    """Whoever was half-way with this token is there, or starts again: nobody goes on with it."""
    await connection.execute(delete(half_way).where(half_way.c.token_hash == token_hash))


async def session_of(
    connection: AsyncConnection, token_hash: str, now: datetime, *, for_program: bool = False
) -> SessionFound | None:
    """The session of a token: none, when it has ended, the person is no longer active, or it is of the other kind. Of a case that was
    merged it is the one in which that goes on.
    """
    query = _SESSIONS.where(
        session.c.token_hash == token_hash,
        session.c.expires_at > now,
        session.c.for_program.is_(for_program),
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None or (row.case_no is None and not row.active):
        return None
    return SessionFound(
        row.number,
        row.by_common_account,
        row.has_second_factor,
        row.case_no,
        PartySide(row.side) if row.side else None,
        row.id,
        row.login or "",
        row.person or "",
        row.office or "",
        tuple(row.roles or ()),
        row.csrf,
        Unit(row.office, row.unit, row.unit_code) if row.unit else None,
    )


_SESSIONS = (
    select(
        func.coalesce(registration.c.merged_into, session.c.case_no).label("case_no"),
        session.c.side,
        session.c.csrf,
        session.c.id.label("number"),
        session.c.by_common_account,
        second_factor.c.secret.is_not(None).label("has_second_factor"),
        staff,
    )
    .outerjoin(staff, staff.c.id == session.c.staff_id)
    .outerjoin(second_factor, second_factor.c.staff_id == session.c.staff_id)
    .outerjoin(registration, registration.c.case_no == session.c.case_no)
)
