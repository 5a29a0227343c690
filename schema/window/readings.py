"""The log of who has read personal data. It is never deleted, and is checked so that nobody can act for both parties."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.value import PartySide
from schema.seen.sight import Sight
from schema.tables import case_file, reading, registration
from schema.window.codes import numbers_under

CONTACT: Final = "contact"
CODE_OF: Final[Mapping[PartySide, str]] = {
    PartySide.CREDITOR: "access code",
    PartySide.DEBTOR: "debtor's access code",
}
"""What was read: a party's access code."""


async def note(connection: AsyncConnection, who: str, numbers: Collection[str], what: str) -> None:
    """Note that somebody has read that of some cases."""
    rows = [{"who": who, "case_no": case_no, "what": what} for case_no in numbers]
    if rows:
        await connection.execute(insert(reading).values(at=func.now()), rows)


async def one_at_a_time(connection: AsyncConnection, who: str) -> None:
    """Until this transaction ends, nobody asks or notes in the same person's name which codes that person knows."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:who))"), {"who": f"codes/{who}"})


async def has_creditors_code(connection: AsyncConnection, who: str, sight: Sight) -> bool:
    """Whether somebody has read a creditor's access code to a case in sight, be it as that of a case that was merged into it."""
    goes_on_in = func.coalesce(registration.c.merged_into, registration.c.case_no)
    query = (
        select(reading.c.id)
        .join(registration, registration.c.case_no == reading.c.case_no)
        .join(case_file, case_file.c.case_no == goes_on_in)
        .where(reading.c.who == who, reading.c.what == CODE_OF[PartySide.CREDITOR], sight.cases())
        .limit(1)
    )
    return (await connection.execute(query)).first() is not None


async def codes_read(connection: AsyncConnection, who: str, case_no: str) -> set[PartySide]:
    """Whose access codes to a case somebody has read, be it as those of a case that was merged into it."""
    query = select(reading.c.what).where(
        reading.c.case_no.in_(numbers_under(case_no)),
        reading.c.who == who,
        reading.c.what.in_(CODE_OF.values()),
    )
    read = set((await connection.execute(query)).scalars())
    return {side for side, what in CODE_OF.items() if what in read}
