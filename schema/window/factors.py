"""Second factors: the secrets from which codes are computed, up to which code they were used, and the codes for when all is lost."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from schema.tables import recovery_code, second_factor
from schema.window.people import Doer, note_change


class FactorFound(NamedTuple):
    """A second factor: its secret, once it is in force, and since when; and how many recovery codes are left."""

    secret: str | None
    since: datetime | None
    left: int


async def factor_of(connection: AsyncConnection, account: int) -> FactorFound:
    """The second factor of an account, with nothing in it where there is none."""
    left = select(func.count()).where(recovery_code.c.staff_id == account).scalar_subquery()
    of = second_factor.c
    query = select(of.secret, of.since, left.label("left")).where(of.staff_id == account)
    row = (await connection.execute(query)).one_or_none()
    return FactorFound(*row) if row else FactorFound(None, None, 0)


async def holders(connection: AsyncConnection) -> frozenset[int]:
    """The accounts that have a second factor."""
    query = select(second_factor.c.staff_id).where(second_factor.c.secret.is_not(None))
    return frozenset((await connection.execute(query)).scalars())


async def offer(connection: AsyncConnection, account: int, secret: str, to: str, at: datetime) -> None:
    """Offer somebody a secret, in place of one that was offered before. One in force stays so until a code of this one is shown.

    Args:
        to: The hash of the token of the session, or of the way to one, in which the password was shown.
    """
    values = {"offered": secret, "offered_at": at, "offered_to": to}
    offered = upsert(second_factor).values(staff_id=account, **values)
    await connection.execute(offered.on_conflict_do_update(index_elements=["staff_id"], set_=values))


async def offered(connection: AsyncConnection, account: int, to: str, since: datetime) -> str | None:
    """The secret that was offered there, no longer ago than that, and is not yet in force."""
    of = second_factor.c
    query = select(of.offered).where(of.staff_id == account, of.offered_to == to, of.offered_at >= since)
    return (await connection.execute(query)).scalar_one_or_none()


async def accept(
    connection: AsyncConnection, whose: Doer, office: str, offered: str, step: int, code_hashes: Sequence[str]
) -> bool:
    """Put the secret in force that was offered, of which the code of this step was shown, with new recovery codes. False: it is not
    offered any more.
    """
    assert whose.account is not None, "of somebody"
    of = second_factor.c
    taken = (
        update(second_factor)
        .where(of.staff_id == whose.account, of.offered == offered)
        .values(
            secret=offered, since=func.now(), last_step=step, offered=None, offered_at=None, offered_to=None
        )
    )
    if (await connection.execute(taken)).rowcount == 0:
        return False
    await connection.execute(delete(recovery_code).where(recovery_code.c.staff_id == whose.account))
    rows = [{"staff_id": whose.account, "code_hash": code_hash} for code_hash in code_hashes]
    await connection.execute(insert(recovery_code), rows)
    await note_change(connection, office, "second_factor_set", whose.login, whose)
    return True


async def use_step(connection: AsyncConnection, account: int, secret: str, step: int) -> bool:
    """Take the code of a step, once. False: it was taken before, or one after it, or the secret is another by now."""
    of = second_factor.c
    is_new = of.last_step.is_(None) | (of.last_step < step)
    taken = update(second_factor).where(of.staff_id == account, of.secret == secret, is_new)
    return (await connection.execute(taken.values(last_step=step))).rowcount == 1


async def use_recovery_code(connection: AsyncConnection, whose: Doer, office: str, code_hash: str) -> bool:
    """Take a recovery code, once. False: this person has none like it."""
    of = recovery_code.c
    used = delete(recovery_code).where(of.staff_id == whose.account, of.code_hash == code_hash)
    if (await connection.execute(used)).rowcount == 0:
        return False
    await note_change(connection, office, "recovery_code_used", whose.login, whose)
    return True


async def turn_off(connection: AsyncConnection, whose: Doer, office: str) -> None:
    """Let somebody who wants so in by the password alone."""
    of = second_factor.c
    gone = delete(second_factor).where(of.staff_id == whose.account, of.secret.is_not(None))
    if (await connection.execute(gone)).rowcount == 1:
        await note_change(connection, office, "second_factor_removed", whose.login, whose)
