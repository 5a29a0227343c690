"""Sessions: whose they are, and until when. The record has only hashes of their tokens."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.value import PartySide
from schema.tables import registration, session, staff


class SessionFound(NamedTuple):
    """Who is signed in: somebody of an office, by the account, or a party of a case."""

    case_no: str | None
    side: PartySide | None
    account: int | None
    login: str
    person: str
    office: str
    roles: tuple[str, ...]
    csrf: str


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
) -> None:
    """Begin a session, of a browser or of a party's program; those that have expired go."""
    over = select(session.c.token_hash).where(session.c.expires_at < func.now())
    await connection.execute(
        delete(session).where(session.c.token_hash.in_(over.with_for_update(skip_locked=True)))
    )
    await connection.execute(
        insert(session).values(
            token_hash=token_hash,
            csrf=csrf,
            expires_at=expires_at,
            staff_id=staff_id,
            case_no=case_no,
            side=side.value if side else None,
            for_program=for_program,
        )
    )


async def end_session(connection: AsyncConnection, token_hash: str) -> None:
    """End a session."""
    await connection.execute(delete(session).where(session.c.token_hash == token_hash))


async def session_of(
    connection: AsyncConnection, token_hash: str, now: datetime, *, for_program: bool = False
) -> SessionFound | None:
    """The session of a token: none, when it has ended, the person is no longer active, or it is of the other kind. Of a case that was
    merged it is the one in which that goes on.
    """
    answers = func.coalesce(registration.c.merged_into, session.c.case_no).label("case_no")
    query = (
        select(answers, session.c.side, session.c.csrf, staff)
        .outerjoin(staff, staff.c.id == session.c.staff_id)
        .outerjoin(registration, registration.c.case_no == session.c.case_no)
        .where(
            session.c.token_hash == token_hash,
            session.c.expires_at > now,
            session.c.for_program.is_(for_program),
        )
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None or (row.case_no is None and not row.active):
        return None
    return SessionFound(
        row.case_no,
        PartySide(row.side) if row.side else None,
        row.id,
        row.login or "",
        row.person or "",
        row.office or "",
        tuple(row.roles or ()),
        row.csrf,
    )
