"""What programs read of cases: as JSON, always through a `Sight`."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case.casefile import Case
from domain.case.view import case_json
from portal.problems import NotFound
from schema import journal
from schema.journal import Entry
from schema.seen.sight import Sight
from schema.tables import case_file


async def case_seen(connection: AsyncConnection, sight: Sight, case_no: str, today: date) -> dict[str, Any]:
    """A case as it stands on a day.

    Raises:
        NotFound: There is none of that number, or it is not to be seen.
    """
    query = select(case_file.c.state).where(case_file.c.case_no == case_no, sight.cases())
    state = (await connection.execute(query)).scalar_one_or_none()
    if state is None:
        raise NotFound
    return case_json(Case.model_validate(state), today)


async def cases_seen(
    connection: AsyncConnection, sight: Sight, numbers: Sequence[str], today: date
) -> list[dict[str, Any]]:
    """Cases as they stand on a day, in the order of the numbers."""
    query = select(case_file.c.case_no, case_file.c.state).where(
        case_file.c.case_no.in_(numbers), sight.cases()
    )
    states = {row.case_no: row.state for row in await connection.execute(query)}
    return [case_json(Case.model_validate(states[number]), today) for number in numbers if number in states]


async def entries_seen(connection: AsyncConnection, sight: Sight, case_no: str) -> list[Entry]:
    """The journal of a case, from the beginning.

    Raises:
        NotFound: There is none of that number, or it is not to be seen.
    """
    query = select(case_file.c.case_no).where(case_file.c.case_no == case_no, sight.cases())
    if (await connection.execute(query)).scalar_one_or_none() is None:
        raise NotFound
    return await journal.entries(connection, stream=case_no)
