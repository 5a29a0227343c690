"""However a list is filtered and whoever asks, PostgreSQL answers from an index: no query of the desk reads a table through."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any, Final

import pytest
from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from benchmarks.crowd import TODAY, add_crowd, begin_crowd, drop_indexes, make_indexes
from benchmarks.desk import SIGHTS, behind, sorted_lists
from domain.actors import Role
from domain.rules import superior
from office.packs import load_pack
from runtime.connect import connect_database
from schema.seen import desk
from schema.seen.duties import Owing, owed_until
from schema.seen.sight import Sight
from schema.tables import case_file
from tests.stack import Servers

pytestmark = pytest.mark.long

ROWS: Final = 20_000
LOOKED: Final = 100
"""As great a part of this crowd as `desk.LOOKED` is of a million."""


@pytest.fixture(scope="module")
async def crowded(servers: Servers) -> AsyncIterator[AsyncEngine]:
    """A record with a crowd of cases."""
    async with servers.database() as url, connect_database(url) as engine:
        async with engine.begin() as connection:
            await begin_crowd(connection)
            definitions = await drop_indexes(connection)
            await add_crowd(connection, 1, ROWS, ROWS)
            await make_indexes(connection, definitions)
            await connection.execute(text("ANALYZE"))
        yield engine


async def plan_of(connection: AsyncConnection, query: Select[Any]) -> list[dict[str, Any]]:
    """The steps of a query's plan."""
    written = str(query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
    (plan,) = (await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {written}")).scalar_one()
    return list(steps(plan["Plan"]))


def steps(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A step and all below it."""
    yield step
    for below in step.get("Plans", ()):
        yield from steps(below)


def assert_by_index(plan: list[dict[str, Any]], what: object) -> None:
    """Every table is read by an index."""
    read = [step for step in plan if "Relation Name" in step]
    assert read, what
    for step in read:
        assert step["Node Type"] in ("Index Scan", "Index Only Scan", "Bitmap Heap Scan"), (what, step)


@pytest.mark.parametrize("place", SIGHTS)
async def test_every_list_is_read_by_an_index(
    crowded: AsyncEngine, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[desk.Listing, int]] = []
    read = desk._rows

    async def explained(connection: AsyncConnection, query: Select[Any]) -> list[Any]:
        assert_by_index(await plan_of(connection, query), chosen)
        rows = await read(connection, query)
        asked.append((chosen, len(rows)))
        return rows

    monkeypatch.setattr(desk, "LOOKED", LOOKED)
    monkeypatch.setattr(desk, "_rows", explained)
    sight = Sight.of_office(SIGHTS[place])
    async with crowded.connect() as connection:
        for _, chosen in sorted_lists():
            for after in (None, behind(chosen.sort, date(2023, 3, 10))):
                await desk.listed(connection, sight, TODAY, chosen, after=after)
    assert len({chosen for chosen, _ in asked}) > 150
    assert any(found == 51 for chosen, found in asked if chosen.filters.q)
    assert any(found == 0 for chosen, found in asked if chosen.filters.q)


@pytest.mark.parametrize("office", ["620100", "620105"])
async def test_what_somebody_owes_is_read_by_an_index(crowded: AsyncEngine, office: str) -> None:
    offices = load_pack("gansu").offices
    holders = [code for code in offices if office in (code, superior(code, offices))]
    who = Owing(Sight.of_office(office), office, (Role.CLERK, Role.HEAD), holders, {"赵", "钱"})
    async with crowded.connect() as connection:
        assert_by_index(await plan_of(connection, owed_until(who, TODAY)), office)


async def test_a_case_is_read_by_its_number(crowded: AsyncEngine) -> None:
    for sight in (Sight.of_party("QQ-620105-2019-0001"), Sight.of_office("620000")):
        query = select(case_file.c.state).where(case_file.c.case_no == "QQ-620105-2019-0001", sight.cases())
        async with crowded.connect() as connection:
            plan = await plan_of(connection, query)
        assert [step["Node Type"] for step in plan] == ["Index Scan"]


async def test_a_table_read_through_would_be_noticed(crowded: AsyncEngine) -> None:
    """The tests above are worth something."""
    async with crowded.connect() as connection:
        plan = await plan_of(connection, select(case_file.c.case_no).where(case_file.c.channel == "letter"))
        with pytest.raises(AssertionError):
            assert_by_index(plan, "by channel")
