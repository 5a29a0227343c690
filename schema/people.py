"""The people and programs of the offices, their sessions, failed attempts, and who has read personal data."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schema.sight import Sight
from schema.tables import api_token, attempt, reading, registration, session, staff

LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
"""What a login looks like."""

SCOPES: Final = ("read", "open", "act", "batches")
"""What a program may be let do: read cases, open them, act on them, all about bond batches."""


class SessionFound(NamedTuple):
    """Who is signed in: somebody of an office, or the enterprise of a case."""

    case_no: str | None
    login: str
    person: str
    office: str
    roles: tuple[str, ...]
    csrf: str


class StaffFound(NamedTuple):
    """Somebody of an office, and the Argon2 hash of the password."""

    id: int
    login: str
    person: str
    office: str
    roles: tuple[str, ...]
    password_hash: str
    active: bool


class TokenFound(NamedTuple):
    """A token of an office's program: what it may do, and since when. Itself it is kept only as a hash."""

    name: str
    office: str
    scopes: Sequence[str]
    created_by: str
    created_at: datetime
    revoked_at: datetime | None


async def begin_session(
    connection: AsyncConnection,
    token_hash: str,
    *,
    csrf: str,
    expires_at: datetime,
    staff_id: int | None,
    case_no: str | None,
) -> None:
    """Begin a session; those that have expired go."""
    over = select(session.c.token_hash).where(session.c.expires_at < func.now())
    await connection.execute(
        delete(session).where(session.c.token_hash.in_(over.with_for_update(skip_locked=True)))
    )
    await connection.execute(
        insert(session).values(
            token_hash=token_hash, csrf=csrf, expires_at=expires_at, staff_id=staff_id, case_no=case_no
        )
    )


async def end_session(connection: AsyncConnection, token_hash: str) -> None:
    """End a session."""
    await connection.execute(delete(session).where(session.c.token_hash == token_hash))


async def session_of(connection: AsyncConnection, token_hash: str, now: datetime) -> SessionFound | None:
    """The session of a token: none, when it has ended, or the person is no longer active."""
    query = (
        select(session.c.case_no, session.c.csrf, staff)
        .outerjoin(staff, staff.c.id == session.c.staff_id)
        .where(session.c.token_hash == token_hash, session.c.expires_at > now)
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None or (row.case_no is None and not row.active):
        return None
    return SessionFound(
        row.case_no, row.login or "", row.person or "", row.office or "", tuple(row.roles or ()), row.csrf
    )


async def staff_by_login(connection: AsyncConnection, login: str) -> StaffFound | None:
    """Somebody by login."""
    if not LOGIN.fullmatch(login):
        return None
    row = (await connection.execute(select(staff).where(staff.c.login == login))).one_or_none()
    return _found(row) if row else None


async def staff_seen(connection: AsyncConnection, sight: Sight) -> list[StaffFound]:
    """The people of an office and of those below it, by office and login."""
    query = select(staff).where(sight.offices(staff.c.office)).order_by(staff.c.office, staff.c.login)
    return [_found(row) for row in await connection.execute(query)]


async def everybody(connection: AsyncConnection) -> list[StaffFound]:
    """The people of all offices, by office and login: for whoever runs the record."""
    query = select(staff).order_by(staff.c.office, staff.c.login)
    return [_found(row) for row in await connection.execute(query)]


async def is_seen(connection: AsyncConnection, sight: Sight, login: str) -> bool:
    """Whether there is somebody of that login in the office or below it."""
    query = select(staff.c.id).where(staff.c.login == login, sight.offices(staff.c.office))
    return (await connection.execute(query)).scalar_one_or_none() is not None


def _found(row: Any) -> StaffFound:
    return StaffFound(
        row.id, row.login, row.person, row.office, tuple(row.roles), row.password_hash, row.active
    )


async def add_staff(
    connection: AsyncConnection,
    login: str,
    person: str,
    office: str,
    roles: Sequence[str],
    password_hash: str,
) -> None:
    """Add somebody.

    Raises:
        sqlalchemy.exc.IntegrityError: The login is taken.
    """
    await connection.execute(
        insert(staff).values(
            login=login,
            person=person,
            office=office,
            roles=list(roles),
            password_hash=password_hash,
            active=True,
        )
    )


async def change_staff(connection: AsyncConnection, login: str, **changes: Any) -> bool:
    """Change roles, password or whether somebody is active; whoever is changed signs in again. False: there is nobody."""
    changed = update(staff).where(staff.c.login == login).values(**changes).returning(staff.c.id)
    staff_id = (await connection.execute(changed)).scalar_one_or_none()
    await connection.execute(delete(session).where(session.c.staff_id == staff_id))
    return staff_id is not None


async def add_token(
    connection: AsyncConnection,
    token_hash: str,
    *,
    name: str,
    office: str,
    scopes: Sequence[str],
    created_by: str,
) -> None:
    """A token for a program of an office.

    Raises:
        sqlalchemy.exc.IntegrityError: The office has, or had, one of that name.
    """
    await connection.execute(
        insert(api_token).values(
            token_hash=token_hash,
            name=name,
            office=office,
            scopes=list(scopes),
            created_by=created_by,
            created_at=func.now(),
        )
    )


async def tokens_of(connection: AsyncConnection, office: str) -> list[TokenFound]:
    """The tokens of an office's programs, by name."""
    query = _TOKENS.where(api_token.c.office == office).order_by(api_token.c.name)
    return [TokenFound(*row) for row in await connection.execute(query)]


async def token_of(connection: AsyncConnection, token_hash: str) -> TokenFound | None:
    """The token whose hash that is: none, when it has been revoked."""
    query = _TOKENS.where(api_token.c.token_hash == token_hash, api_token.c.revoked_at.is_(None))
    row = (await connection.execute(query)).one_or_none()
    return TokenFound(*row) if row else None


async def revoke_token(connection: AsyncConnection, office: str, name: str) -> None:
    """A token that is no longer accepted; its name stays taken."""
    theirs = (api_token.c.office == office, api_token.c.name == name, api_token.c.revoked_at.is_(None))
    await connection.execute(update(api_token).where(*theirs).values(revoked_at=func.now()))


_TOKENS = select(
    api_token.c.name,
    api_token.c.office,
    api_token.c.scopes,
    api_token.c.created_by,
    api_token.c.created_at,
    api_token.c.revoked_at,
)


async def recent_attempts(
    connection: AsyncConnection, subject: str, since: datetime, most: int
) -> list[datetime]:
    """When somebody has failed since then, the latest first, at most so many.

    Until this transaction ends nobody else is told about the same subject: what is noted in it counts for whoever asks next.
    """
    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:subject))"), {"subject": subject})
    query = select(attempt.c.at).where(attempt.c.subject == subject, attempt.c.at >= since)
    return list((await connection.execute(query.order_by(attempt.c.at.desc()).limit(most))).scalars())


async def note_attempts(
    connection: AsyncConnection, subjects: Sequence[str], at: datetime, since: datetime
) -> None:
    """Note that somebody failed; what failed before `since` no longer counts, and goes."""
    over = select(attempt.c.id).where(attempt.c.at < since).with_for_update(skip_locked=True)
    await connection.execute(delete(attempt).where(attempt.c.id.in_(over)))
    await connection.execute(insert(attempt), [{"subject": subject, "at": at} for subject in subjects])


async def forgive(connection: AsyncConnection, subject: str, *, only_latest: bool = False) -> None:
    """Forget the failures of somebody who has succeeded, or the latest of them."""
    theirs = attempt.c.subject == subject
    if only_latest:
        theirs = attempt.c.id == select(func.max(attempt.c.id)).where(theirs).scalar_subquery()
    await connection.execute(delete(attempt).where(theirs))


async def note_reading(connection: AsyncConnection, who: str, case_no: str, what: str) -> None:
    """Note who has read which personal data."""
    await connection.execute(insert(reading).values(at=func.now(), who=who, case_no=case_no, what=what))


async def access_code_hash(connection: AsyncConnection, case_no: str) -> str | None:
    """The hash of a case's access code."""
    query = select(registration.c.access_code_hash).where(registration.c.case_no == case_no)
    return (await connection.execute(query)).scalar_one_or_none()


async def reissue(connection: AsyncConnection, case_no: str, code_hash: str) -> None:
    """Another access code; sessions begun with the one before end."""
    await connection.execute(
        update(registration).where(registration.c.case_no == case_no).values(access_code_hash=code_hash)
    )
    await connection.execute(delete(session).where(session.c.case_no == case_no))
