"""The counters behind the window's limits: rates of commands, failed attempts, and known addresses."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from schema.tables import attempt, known_place, pace


async def step(connection: AsyncConnection, party: str, at_once: int, each: timedelta) -> timedelta | None:
    """Rate-limit one step of a party, by the generic cell rate algorithm (a leaky bucket).

    One row for each party holds `due_at`, the time at which its bucket will be empty. Concurrent steps of a party wait for each other.

    Args:
        at_once: The size of the bucket: how many steps it may take in a burst.
        each: The time in which one step drains.

    Returns:
        None if the step is allowed; otherwise how long to wait. A rejected step is not counted.
    """
    latest = func.now() + each * (at_once - 1)
    taken = upsert(pace).values(party=party, due_at=func.now() + each)
    going_on = taken.on_conflict_do_update(
        index_elements=[pace.c.party],
        set_={"due_at": func.greatest(pace.c.due_at, func.now()) + each},
        where=pace.c.due_at <= latest,
    )
    if (await connection.execute(going_on)).rowcount == 1:
        return None
    wait = select(case((pace.c.due_at > latest, pace.c.due_at - latest), else_=timedelta(0)))
    found = (await connection.execute(wait.where(pace.c.party == party))).scalar_one()
    return timedelta(seconds=found.total_seconds())


async def is_known(connection: AsyncConnection, subject: str, since: datetime) -> bool:
    """Whether the right secret has been shown as this subject since then."""
    query = select(known_place.c.at).where(known_place.c.subject == subject, known_place.c.at >= since)
    return (await connection.execute(query)).scalar_one_or_none() is not None


async def remember(connection: AsyncConnection, subject: str, at: datetime, since: datetime) -> None:
    """Note that the right secret was shown as this subject; what was before `since` is forgotten."""
    over = select(known_place.c.subject).where(known_place.c.at < since).with_for_update(skip_locked=True)
    await connection.execute(delete(known_place).where(known_place.c.subject.in_(over)))
    kept = upsert(known_place).values(subject=subject, at=at)
    await connection.execute(kept.on_conflict_do_update(index_elements=["subject"], set_={"at": at}))


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
