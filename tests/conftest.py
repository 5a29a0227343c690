"""The real servers, once a session; a database and a namespace of its own for every test.

Workflow ids are case numbers, which are equal across databases, so a test that runs workflows also gets a Temporal namespace of
its own. Both take some 20 ms: the database is copied from a migrated template, the namespace is registered on the one server.
"""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from runtime.connect import connect_database
from runtime.embedded import throwaway
from runtime.working import ACTIVITIES_AT_ONCE, worker_for
from schema.migrate import migrate
from tests.stack import Desk, Servers

settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")


@pytest.fixture(scope="session")
async def servers() -> AsyncIterator[Servers]:
    """PostgreSQL and Temporal from their wheels, stopped at the end of the session. No test cuts the power: no fsync."""
    with tempfile.TemporaryDirectory(prefix="qingqian-test-") as folder:
        async with throwaway(Path(folder)) as (address, url):
            started = Servers(address, url)
            await started.administer("ALTER SYSTEM SET fsync = off")
            await started.administer("SELECT pg_reload_conf()")
            async with connect_database(await started.create_template()) as engine:
                await migrate(engine)
            yield started


@pytest.fixture
async def engine(servers: Servers) -> AsyncIterator[AsyncEngine]:
    """A migrated database that no other test uses."""
    async with servers.database() as url, connect_database(url, pool=ACTIVITIES_AT_ONCE) as connected:
        yield connected


@pytest.fixture
async def client(servers: Servers, engine: AsyncEngine) -> Client:
    """A client with our plugin, in a namespace that no other test uses."""
    return await servers.client(engine)


@pytest.fixture
async def desk(client: Client, engine: AsyncEngine) -> AsyncIterator[Desk]:
    """A clearing office at work: a worker runs until the test is over."""
    async with worker_for(client):
        yield Desk(client, engine)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Processes that are killed come first: they are long, and mostly waited for, while others use the machine."""
    items.sort(key=lambda item: item.get_closest_marker("kill") is None)
