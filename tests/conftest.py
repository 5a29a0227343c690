"""The real servers, once a process; a database and a namespace of its own for every test; an end to every run.

Workflow ids are case numbers, which are equal across databases, so a test that runs workflows also gets a Temporal namespace of
its own. Both take some 20 ms: the database is copied from a migrated template, the namespace is registered on the one server.
"""

import faulthandler
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final, TextIO

import pytest
from hypothesis import settings
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import _Definition

import office.batches
import office.cases
import office.sheets.importing
from runtime.connect import connect_database
from runtime.embedded import SKIPPING, free_port, start_temporal, stop_process, throwaway
from runtime.working import ACTIVITIES_AT_ONCE, worker_for
from schema.migrate import migrate
from tests.stack import Desk, Servers

# Their assertions explain themselves, whoever imports them first.
pytest.register_assert_rewrite("tests.domain.laws", "tests.domain.story")

settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")

# A busy machine lets no workflow yield within the SDK's two seconds, which would look like a deadlock. Tests have limits of their own.
os.environ["TEMPORAL_DEBUG"] = "1"

ENDS_WITHIN: Final = int(os.environ.get("TESTS_END_WITHIN", "3600"))
"""Seconds after which a run that still goes on is ended, whatever it waits for."""

_SAYS_WITHIN: Final = 5
"""Seconds that the processes of a run have to say what they were at, before the one that began it ends."""

_ENOUGH: Final = 4 * 2**30

WITHOUT_SCHEDULES: Final = (*SKIPPING, "worker.perNamespaceWorkerCount=0")
"""Temporal has a worker of its own for the schedules of each namespace, and would have one for each test."""

_under_way: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    """Set the limit of a run, in each of its processes."""
    patience = ENDS_WITHIN if hasattr(config, "workerinput") else ENDS_WITHIN + _SAYS_WITHIN
    heard = os.fdopen(os.dup(sys.stderr.fileno()), "w")  # While a test runs, what it says is kept back.
    limit = threading.Timer(patience, _end_the_run, [heard])
    limit.daemon = True
    limit.start()


def _end_the_run(heard: TextIO) -> None:
    """Say what was under way, where every thread stands, and end."""
    heard.write(f"\nno end within {ENDS_WITHIN} s; under way: {', '.join(_under_way) or 'no test'}\n")
    heard.flush()
    faulthandler.dump_traceback(file=heard, all_threads=True)
    os._exit(3)


def pytest_runtest_logstart(nodeid: str) -> None:
    """Note what is under way."""
    _under_way.append(nodeid)


def pytest_runtest_logfinish(nodeid: str) -> None:
    """Note that it is over."""
    _under_way.remove(nodeid)


def _in_memory() -> str | None:
    """A folder that is no disk, if this machine has one that is large enough."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > _ENOUGH else None


@pytest.fixture(scope="session")
async def servers() -> AsyncIterator[Servers]:
    """PostgreSQL and Temporal from their wheels, stopped at the end of the session. No test cuts the power: no fsync, and the
    some 600 files of each test's database in memory where there is enough.
    """
    with tempfile.TemporaryDirectory(prefix="qingqian-test-", dir=_in_memory()) as folder:
        async with (
            throwaway(Path(folder), WITHOUT_SCHEDULES) as (address, url),
            Servers.at(address, url) as started,
        ):
            await started.administer("ALTER SYSTEM SET fsync = off")
            await started.administer("ALTER SYSTEM SET max_wal_size = '128MB'")
            await started.administer("SELECT pg_reload_conf()")
            async with connect_database(await started.create_template()) as engine:
                await migrate(engine)
            yield started


@pytest.fixture(scope="session")
async def scheduling(servers: Servers) -> AsyncIterator[Servers]:
    """The same PostgreSQL, and a Temporal that has schedules."""
    port = free_port()
    temporal = await start_temporal(port, config=SKIPPING)
    try:
        async with Servers.at(f"127.0.0.1:{port}", servers.url()) as started:
            yield started
    finally:
        await stop_process(temporal)


@pytest.fixture
async def engine(servers: Servers) -> AsyncIterator[AsyncEngine]:
    """A migrated database that no other test uses."""
    async with servers.database() as url, connect_database(url, pool=ACTIVITIES_AT_ONCE) as connected:
        yield connected


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """People are told after a quarter of a minute that no worker answers; on a busy machine a test waits longer."""
    with pytest.MonkeyPatch.context() as patched:
        for asking in (office.cases, office.batches, office.sheets.importing):
            patched.setattr(asking, "ANSWER_WITHIN", timedelta(minutes=2))
        yield


@pytest.fixture(scope="session", autouse=True)
def loaded_once() -> Iterator[None]:
    """A worker loads each workflow into the sandbox to see whether it may be there; that of the next test need not look again."""
    look = SandboxedWorkflowRunner.prepare_workflow
    fit: set[type] = set()

    def look_once(runner: SandboxedWorkflowRunner, workflow: _Definition) -> None:
        if workflow.cls not in fit:
            look(runner, workflow)
            fit.add(workflow.cls)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SandboxedWorkflowRunner, "prepare_workflow", look_once)
        yield


@pytest.fixture
async def client(servers: Servers, engine: AsyncEngine) -> Client:
    """A client with our plugin, in a namespace that no other test uses."""
    return await servers.client(engine)


@pytest.fixture
async def desk(client: Client, engine: AsyncEngine) -> AsyncIterator[Desk]:
    """A clearing office at work: a worker runs until the test is over."""
    async with worker_for(client):
        yield Desk(client, engine)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Processes that are killed come first: they are long, and mostly waited for, while others use the machine. A browser is long."""
    items.sort(key=lambda item: item.get_closest_marker("kill") is None)
    for item in items:
        if "chromium" in item.fixturenames:
            item.add_marker("long")
