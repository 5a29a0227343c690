"""The migrations create exactly the tables that the code uses, however often and concurrently they are run."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from runtime.connect import connect_database
from schema.migrate import migrate
from schema.tables import metadata
from tests.stack import Servers

COMMENTS = {"add_table_comment", "modify_comment"}
"""Comments are part of the code only; the migrations do not repeat them. Nothing else may differ."""

GUARDS = {
    "account_insert",
    "account_truncate",
    "calendar_day_append_only",
    "calendar_version_append_only",
    "document_append_only",
    "effect_append_only",
    "event_append_only",
    "incident_append_only",
    "money_reference_append_only",
    "reading_append_only",
    "report_append_only",
    "rules_append_only",
    "staff_change_append_only",
    "transfer_append_only",
}

_TRIGGERS = text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'")


def _differences(connection: Connection) -> Iterator[tuple[Any, ...]]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    for found in compare_metadata(context, metadata):
        yield from found if isinstance(found, list) else [found]


async def _assert_is_whole(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        differences = await connection.run_sync(lambda sync: list(_differences(sync)))
        triggers = set((await connection.execute(_TRIGGERS)).scalars())
        versions = list((await connection.execute(text("SELECT version_num FROM alembic_version"))).scalars())
    assert [difference for difference in differences if difference[0] not in COMMENTS] == []
    assert {name for name in triggers if name.endswith("_append_only")} | GUARDS == GUARDS <= triggers
    assert len(versions) == 1


async def test_the_migrations_make_the_tables_of_the_code(engine: AsyncEngine) -> None:
    await _assert_is_whole(engine)


async def test_a_table_that_the_code_does_not_know_would_be_noticed(engine: AsyncEngine) -> None:
    """The comparison above detects differences."""
    async with engine.connect() as connection:
        await connection.execute(text("ALTER TABLE case_file ADD COLUMN shade text"))
        await connection.execute(text("ALTER TABLE bond_request ALTER COLUMN wanted_fen TYPE integer"))
        differences = await connection.run_sync(lambda sync: list(_differences(sync)))
    kinds = {difference[0] for difference in differences} - COMMENTS
    assert kinds == {"remove_column", "modify_type"}


async def test_migrating_again_changes_nothing(engine: AsyncEngine) -> None:
    await migrate(engine)
    await migrate(engine)
    await _assert_is_whole(engine)


@pytest.mark.long
async def test_many_migrate_an_empty_database_together(servers: Servers) -> None:
    async with servers.database("template0") as url, connect_database(url) as first:
        with pytest.raises(ProgrammingError, match="does not exist"):
            await _assert_is_whole(first)
        async with connect_database(url) as second:
            await asyncio.gather(*(migrate(engine) for engine in (first, second) * 4))
        await _assert_is_whole(first)


@pytest.mark.long
async def test_a_migration_that_fails_leaves_nothing_behind(servers: Servers) -> None:
    """Another table of that name exists: all or nothing."""
    async with servers.database("template0") as url, connect_database(url) as engine:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE bond_news (id integer)"))
        with pytest.raises(ProgrammingError, match="already exists"):
            await migrate(engine)
        async with engine.begin() as connection:
            tables = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            assert list((await connection.execute(tables)).scalars()) == ["bond_news"]
            await connection.execute(text("DROP TABLE bond_news"))
        await migrate(engine)
        await _assert_is_whole(engine)
