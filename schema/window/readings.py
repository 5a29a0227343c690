"""Who has read personal data, and which: kept for good, and asked before one person could answer for both parties."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.value import PartySide
from schema.tables import reading
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


async def codes_read(connection: AsyncConnection, who: str, case_no: str) -> set[PartySide]:
    """Whose access codes to a case somebody has read, be it as those of a case that was merged into it."""
    query = select(reading.c.what).where(
        reading.c.case_no.in_(await numbers_under(connection, case_no)),
        reading.c.who == who,
        reading.c.what.in_(CODE_OF.values()),
    )
    read = set((await connection.execute(query)).scalars())
    return {side for side, what in CODE_OF.items() if what in read}
