"""Overviews add up tallies: whatever happens to cases, and whoever counts meanwhile, they say what counting every case says."""

import asyncio
from random import Random
from typing import Any, Final

import pytest
from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.case.casefile import Case
from domain.case.verified import is_verified
from domain.contract import owed_since
from schema import casefiles
from schema.seen.overview import Held, held_in
from schema.seen.sight import Sight
from schema.tables import case_file
from schema.tallies import tally_anew
from tests.portal.test_overview import TODAY, crowd, kept
from tests.stack import Desk, until_closed
from workflows.queue import TASK_QUEUE
from workflows.rhythm import TallyAnew

PROVINCE: Final = Sight.of_office("620000")


async def seen(engine: AsyncEngine) -> Held:
    """What the province sees."""
    async with engine.connect() as connection:
        return await held_in(connection, PROVINCE, TODAY)


async def lines(engine: AsyncEngine) -> int:
    """How many rows the sums are made of."""
    async with engine.connect() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM tally"))).scalar_one())


async def changed(connection: AsyncConnection, cases: list[Case]) -> None:
    """Each case as it stands now, in the place of what it was."""
    for case in cases:
        await casefiles.save_case(connection, case, "1" * 64, is_new=False)


def later(cases: list[Case], seed: int) -> list[Case]:
    """The same cases after something has happened to each: each has the story, the office and the contract of another one."""
    others = Random(seed).sample(cases, len(cases))
    return [
        other.model_copy(update={"case_no": case.case_no}) for case, other in zip(cases, others, strict=True)
    ]


@pytest.mark.long
async def test_cases_that_change_and_go_leave_the_sums_of_what_they_are(engine: AsyncEngine) -> None:
    cases = crowd(3, 120)
    await kept(engine, cases)
    for seed in range(3):
        cases = later(cases, seed)
        async with engine.begin() as connection:
            await changed(connection, cases)
    gone, left = cases[:40], cases[40:]
    async with engine.begin() as connection:
        numbers = [case.case_no for case in gone]
        await connection.execute(delete(case_file).where(case_file.c.case_no.in_(numbers)))
    found, many = await seen(engine), await lines(engine)
    async with engine.begin() as connection:
        await tally_anew(connection)
    assert await seen(engine) == found
    assert await lines(engine) < many
    async with engine.begin() as connection:
        await connection.execute(text("TRUNCATE case_file"))
        await connection.execute(text("TRUNCATE tally"))
    await kept(engine, left)
    assert await seen(engine) == found


async def test_a_remark_adds_nothing_to_the_tallies(engine: AsyncEngine) -> None:
    cases = crowd(4, 20)
    await kept(engine, cases)
    before = await lines(engine)
    async with engine.begin() as connection:
        await changed(
            connection,
            [case.model_copy(update={"seq": case.seq + 1, "assigned_to": "李敏"}) for case in cases],
        )
    assert await lines(engine) == before


async def test_counting_anew_beside_commands_and_beside_another_count_loses_and_doubles_nothing(
    engine: AsyncEngine,
) -> None:
    """A command is under way when two begin to count: neither takes away what it adds, nor counts it before it is committed."""
    cases = crowd(5, 80)
    await kept(engine, cases)
    after = later(cases, 9)
    async with engine.connect() as command:
        await changed(command, after)

        async def count() -> None:
            async with engine.begin() as connection:
                await tally_anew(connection)

        await asyncio.gather(count(), count())
        await command.commit()
    found = await seen(engine)
    await count()
    assert await seen(engine) == found
    assert found.total.cases == len(cases)


@pytest.mark.long
async def test_every_night_the_cases_are_counted_anew(desk: Desk) -> None:
    await desk.open(*until_closed())
    found, many = await seen(desk.engine), await lines(desk.engine)
    await desk.client.execute_workflow(TallyAnew.run, id="tally-anew", task_queue=TASK_QUEUE)
    assert await seen(desk.engine) == found
    assert found.total.cleared_fen > 0
    assert await lines(desk.engine) < many


@pytest.mark.long
async def test_since_when_it_is_owed_is_filled_in_for_cases_recorded_before(engine: AsyncEngine) -> None:
    """What the migration reads out of a state is what the rules say."""
    cases = crowd(6)
    await kept(engine, cases)
    migration: Any = __import__("schema.migrations.versions.0022_tallies", fromlist=["OWED_SINCE"])
    (fill,) = (statement for statement in migration.OWED_SINCE if "UPDATE case_file" in statement)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE case_file SET owed_since = NULL"))
        await connection.execute(text(fill))
        query = text("SELECT case_no, owed_since, verified FROM case_file")
        known = {row.case_no: (row.owed_since, row.verified) for row in await connection.execute(query)}
    for case in cases:
        since = owed_since(case.receipt.contract, case.governed)
        assert known[case.case_no] == (since.on if since else None, is_verified(case)), case.receipt.contract
    assert (
        {since is None for since, _ in known.values()}
        == {verified for _, verified in known.values()}
        == {True, False}
    )
