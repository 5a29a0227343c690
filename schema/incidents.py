"""Incidents: work that was given up because it can never be recorded. Only operators read them."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from schema.tables import incident


class Incident(NamedTuple):
    """A piece of work that was given up.

    Attributes:
        at: The real instant at which it was noted first.
        stream: The case or batch, or the work beside them: `post`, `reports/day`, `import/…`.
        subject: Which step of it: the place in the journal with the command, if there was one.
        what: The events, or the kind of work.
        reason: SQLSTATE and constraint, or our own error. It names no value, so nothing personal.
    """

    at: datetime
    stream: str
    subject: str
    what: str
    reason: str


_COLUMNS: Final = [incident.c[name] for name in Incident._fields]


async def note(connection: AsyncConnection, stream: str, subject: str, what: str, reason: str) -> bool:
    """Record an incident; False if it is on record already, because the same work was tried again."""
    told = {"stream": stream, "subject": subject, "what": what, "reason": reason}
    row = {name: _keepable(value) for name, value in told.items()}
    written = await connection.execute(upsert(incident).values(row).on_conflict_do_nothing())
    return written.rowcount == 1


def _keepable(value: str) -> str:
    """What could not be recorded may be too long for an index, or not be text at all; its incident can be."""
    return value.encode(errors="replace").decode().replace("\0", "?")[:500]


async def incidents(
    connection: AsyncConnection, stream: str | None = None, size: int = 1000
) -> list[Incident]:
    """The latest incidents, of one stream or of all, the latest first."""
    query = select(*_COLUMNS).order_by(incident.c.id.desc()).limit(size)
    if stream is not None:
        query = query.where(incident.c.stream == stream)
    return [Incident(*row) for row in await connection.execute(query)]
