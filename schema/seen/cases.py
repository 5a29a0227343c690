"""Cases in sight, one by one."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case.casefile import Case
from domain.rules import Rules
from schema.casefiles import WHOLE, WITH_RULES, WholeCase, whole_cases, with_rules
from schema.seen.sight import Sight
from schema.tables import case_file


class Offices(NamedTuple):
    """The office that registered a case, and the one that holds it."""

    registered_by: str
    holder: str


async def offices_seen(connection: AsyncConnection, sight: Sight, case_no: str) -> Offices | None:
    """Whose a case is: one look-up in the index of numbers. None where it is not to be seen."""
    query = select(case_file.c.office, case_file.c.holder).where(
        case_file.c.case_no == case_no, sight.cases()
    )
    row = (await connection.execute(query)).one_or_none()
    return Offices(*row) if row else None


async def case_seen(connection: AsyncConnection, sight: Sight, case_no: str) -> Case | None:
    """A case, if it may be seen."""
    query = select(case_file.c.state).where(case_file.c.case_no == case_no, sight.cases())
    state = (await connection.execute(query)).scalar_one_or_none()
    return Case.model_validate(state) if state is not None else None


async def case_and_rules_seen(
    connection: AsyncConnection, sight: Sight, case_no: str
) -> tuple[Case, Rules] | None:
    """A case with the rules it carries, if it may be seen."""
    found = await with_rules(connection, WITH_RULES.where(case_file.c.case_no == case_no, sight.cases()))
    return found[0] if found else None


async def whole_case_seen(connection: AsyncConnection, sight: Sight, case_no: str) -> WholeCase | None:
    """A case with what it has on file, if it may be seen."""
    found = await whole_cases(connection, WHOLE.where(case_file.c.case_no == case_no, sight.cases()))
    return found[0] if found else None


async def whole_cases_seen(
    connection: AsyncConnection, sight: Sight, numbers: Sequence[str]
) -> list[WholeCase]:
    """Those of the cases that may be seen, with what they have on file, in the order of the numbers."""
    query = WHOLE.where(case_file.c.case_no.in_(numbers), sight.cases())
    found = {whole.case.case_no: whole for whole in await whole_cases(connection, query)}
    return [found[number] for number in numbers if number in found]


async def titles_seen(connection: AsyncConnection, sight: Sight, numbers: Sequence[str]) -> dict[str, str]:
    """The titles of those of the cases that may be seen, in the order of the numbers."""
    query = select(case_file.c.case_no, case_file.c.title).where(
        case_file.c.case_no.in_(numbers), sight.cases()
    )
    titles = {row.case_no: row.title for row in await connection.execute(query)}
    return {number: titles[number] for number in numbers if number in titles}


async def cases_seen(
    connection: AsyncConnection, sight: Sight, numbers: Sequence[str]
) -> list[tuple[Case, Rules]]:
    """Those of the cases that may be seen, with the rules they carry, in the order of the numbers."""
    query = WITH_RULES.where(case_file.c.case_no.in_(numbers), sight.cases())
    found = {held[0].case_no: held for held in await with_rules(connection, query)}
    return [found[number] for number in numbers if number in found]
