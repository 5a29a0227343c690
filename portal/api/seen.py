"""What programs read of cases: as JSON, always through a `Sight`."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case.casefile import Case
from domain.case.view import case_json
from domain.rights import may_see_contact
from portal.problems import Forbidden, NotFound
from portal.window import Window
from schema import journal, registry
from schema.journal import Entry
from schema.seen.sight import Sight
from schema.tables import case_file
from schema.window import people


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


async def contact_seen(window: Window, sight: Sight, case_no: str, who: str) -> str | None:
    """How to reach the creditor of a case. That it was read, and by whom, is noted.

    Raises:
        NotFound: There is no such case in sight.
        Forbidden: Another office works on it.
    """
    query = select(case_file.c.office, case_file.c.holder).where(
        case_file.c.case_no == case_no, sight.cases()
    )
    async with window.engine.begin() as connection:
        found = (await connection.execute(query)).one_or_none()
        if found is None:
            raise NotFound
        if sight.office is None or not may_see_contact(sight.office, found.office, found.holder):
            raise Forbidden(
                "联系方式只提供给登记或者承办单位",
                "the contact is for the offices that registered or hold the case",
            )
        await people.note_reading(connection, who, case_no, "contact")
        return await registry.contact_of(connection, case_no)


async def entries_seen(connection: AsyncConnection, sight: Sight, case_no: str) -> list[Entry]:
    """The journal of a case, from the beginning.

    Raises:
        NotFound: There is none of that number, or it is not to be seen.
    """
    query = select(case_file.c.case_no).where(case_file.c.case_no == case_no, sight.cases())
    if (await connection.execute(query)).scalar_one_or_none() is None:
        raise NotFound
    return await journal.entries(connection, stream=case_no)
