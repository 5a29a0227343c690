"""Fixtures for all tests: real servers, started once per process; a database and a namespace for each test; a time limit for a run.

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
from typing import Any, Final, TextIO

import pytest
from argon2 import PasswordHasher
from hypothesis import settings
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import _Definition

import office.passwords
from portal.serve import TRUSTED_FOR
from runtime.connect import connect_database
from runtime.embedded import SKIPPING, free_port, start_temporal, stop_process, throwaway
from runtime.working import ACTIVITIES_AT_ONCE, worker_for
from schema.migrate import migrate
from tests.stack import Desk, Servers, wait_for_answers

# Their assertions explain themselves, whoever imports them first.
pytest.register_assert_rewrite("tests.domain.laws", "tests.domain.story")

settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")

# A busy machine lets no workflow yield within the SDK's two seconds, which would look like a deadlock. Tests have limits of their own.
os.environ["TEMPORAL_DEBUG"] = "1"

ENDS_WITHIN: Final = int(os.environ.get("TESTS_END_WITHIN", "3600"))
"""The time limit of a whole run, in seconds."""

_SAYS_WITHIN: Final = 5
"""How many seconds earlier the processes of a run report what they were doing, before the main process ends it."""

LONG_ENDS_WITHIN: Final = 870
"""The time limit of a `long` test, in seconds: below `faulthandler_timeout`, which ends the process and so hides which test it was."""

_ENOUGH: Final = 4 * 2**30

WITHOUT_SCHEDULES: Final = (*SKIPPING, "worker.perNamespaceWorkerCount=0")
"""Turns off the worker that Temporal would start for the schedules of every namespace, and so for every test."""

_under_way: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    """Set the limit of a run, in each of its processes."""
    patience = ENDS_WITHIN if hasattr(config, "workerinput") else ENDS_WITHIN + _SAYS_WITHIN
    heard = os.fdopen(os.dup(sys.stderr.fileno()), "w")  # While a test runs, what it says is kept back.
    limit = threading.Timer(patience, _end_the_run, [heard])
    limit.daemon = True
    limit.start()


def _end_the_run(heard: TextIO) -> None:
    """End the process, after printing the tests under way and the stack of every thread."""
    heard.write(f"\nno end within {ENDS_WITHIN} s; under way: {', '.join(_under_way) or 'no test'}\n")
    heard.flush()
    faulthandler.dump_traceback(file=heard, all_threads=True)
    os._exit(3)


def pytest_runtest_logstart(nodeid: str) -> None:
    """Note that a test has begun, for the report of a run that hangs."""
    _under_way.append(nodeid)


def pytest_runtest_logfinish(nodeid: str) -> None:
    """Note that a test has ended."""
    _under_way.remove(nodeid)


def _in_memory() -> str | None:
    """A folder in memory, if this machine has a large enough one."""
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


@pytest.fixture(scope="session")
async def compiling(servers: Servers) -> AsyncIterator[AsyncEngine]:
    """The engine that the tests of a process use one after the other, each on a database of its own: an engine compiles a statement
    once, and as many new ones would spend a sixth of their time on that.
    """
    url = servers.url("postgres")
    async with connect_database(url, pool=ACTIVITIES_AT_ONCE, trusted_for=TRUSTED_FOR) as connected:
        engine = connected.sync_engine

        @event.listens_for(engine, "do_connect")
        def connect(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> None:
            parameters["database"] = engine.url.database

        await connected.dispose()
        yield connected


@pytest.fixture
async def engine(servers: Servers, compiling: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """An engine on a migrated database of the test's own."""
    async with servers.database() as url:
        compiling.sync_engine.url = compiling.url.set(database=make_url(url).database)
        try:
            yield compiling
        finally:
            await compiling.dispose()


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Hash passwords with little work. As production does it, a twelfth of the pages' tests would be that."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            office.passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        )
        yield


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Raise the time after which a command is reported as unanswered: on a busy machine a worker takes longer."""
    with pytest.MonkeyPatch.context() as patched:
        wait_for_answers(patched, timedelta(minutes=2))
        yield


@pytest.fixture(scope="session", autouse=True)
def loaded_once() -> Iterator[None]:
    """Validate each workflow in the sandbox once per process. Every new worker would do so again, which takes time."""
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
    """A Temporal client with our plugin, in a namespace of the test's own."""
    return await servers.client(engine)


@pytest.fixture
async def desk(client: Client, engine: AsyncEngine) -> AsyncIterator[Desk]:
    """A clearing office with a running worker."""
    async with worker_for(client):
        yield Desk(client, engine)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Order the tests: kill tests first, because they take long and mostly wait. Mark tests that need a browser as `long`, and give
    what is long more time.
    """
    items.sort(key=lambda item: item.get_closest_marker("kill") is None)
    for item in items:
        if "chromium" in item.fixturenames:
            item.add_marker("long")
        if item.get_closest_marker("long") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONG_ENDS_WITHIN))
