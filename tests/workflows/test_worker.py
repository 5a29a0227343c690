"""The worker suits production, and what is sent while it or PostgreSQL is away is not lost."""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.worker import Worker

from office.away import ServerAway
from office.verification.verifying import verify
from runtime.working import worker_for
from tests.processes import start
from tests.stack import CLERK, Desk, Servers, agreed, eventually, order, wait_for_answers
from tests.workflows import stuck
from tests.workflows.careful import Careful
from tests.workflows.careless import Careless
from workflows.queue import TASK_QUEUE

ITS_FIRST_TASK = 4
"""The length of a history whose first workflow task is done: started, and the task scheduled, started and completed."""

ACCEPT = order("accept", CLERK)
FORWARD = order("forward", CLERK, to="debtor")


async def test_an_import_that_is_not_meant_to_be_shared_stops_the_worker(client: Client) -> None:
    with pytest.raises(RuntimeError, match="validating workflow Careless") as error:
        Worker(client, task_queue="careless", workflows=[Careless])
    assert "sqlalchemy was not intentionally passed through" in str(error.value.__cause__)


@pytest.mark.long
async def test_an_import_that_is_meant_to_be_shared_is_shared(client: Client) -> None:
    async with Worker(client, task_queue="careful", workflows=[Careful]):
        version = await client.execute_workflow(Careful.run, id="careful", task_queue="careful")
    assert version == sqlalchemy.__version__


@contextmanager
def impatient() -> Iterator[None]:
    """Requests wait only a second while no worker can answer."""
    with pytest.MonkeyPatch.context() as patched:
        wait_for_answers(patched, timedelta(seconds=1))
        yield


@pytest.mark.long
async def test_what_is_sent_while_no_worker_runs_is_carried_out_when_one_is_back(
    client: Client, engine: AsyncEngine
) -> None:
    desk, case_no = Desk(client, engine), "QQ-620105-2023-0001"
    with impatient():
        with pytest.raises(ServerAway, match=f"{case_no} is registered"):
            await desk.open()
        for _ in range(2):
            with pytest.raises(ServerAway, match="--id accept"):
                await desk.cases.act(case_no, ACCEPT)
    assert await desk.kinds(case_no) == []

    async def is_accepted() -> bool:
        return await desk.kinds(case_no) == ["received", "accepted"]

    async with worker_for(client):
        await eventually(is_accepted)
        answer = await desk.cases.act(case_no, ACCEPT)
        assert (answer["stage"], answer["seq"]) == ("transfer", 2)
    assert await verify(client, engine) == agreed(1)


async def test_a_case_goes_on_in_another_worker(client: Client, engine: AsyncEngine) -> None:
    """Nothing of a case exists only in a worker's memory."""
    desk = Desk(client, engine)
    async with worker_for(client):
        case_no = await desk.open(ACCEPT)
    async with worker_for(client):
        assert (await desk.cases.act(case_no, FORWARD))["stage"] == "verification"
        assert await desk.kinds(case_no) == ["received", "accepted", "forwarded"]


@pytest.mark.long
async def test_what_is_sent_while_postgresql_is_away_is_carried_out_once_when_it_is_back(
    desk: Desk, servers: Servers
) -> None:
    case_no = await desk.open(ACCEPT)
    length = await desk.history_length(case_no)
    async with servers.closed(str(desk.engine.url.database)):
        with impatient():
            for _ in range(2):
                with pytest.raises(ServerAway, match="--id forward"):
                    await desk.cases.act(case_no, FORWARD)

    async def is_forwarded() -> bool:
        return await desk.kinds(case_no) == ["received", "accepted", "forwarded"]

    await eventually(is_forwarded)
    assert (await desk.cases.act(case_no, FORWARD))["stage"] == "verification"
    assert await is_forwarded()
    assert await desk.history_length(case_no) > length
    assert await verify(desk.client, desk.engine) == agreed(1)


@pytest.mark.long
async def test_a_worker_that_a_workflow_holds_ends_all_the_same_and_names_it(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    sign, err = tmp_path / "sign", tmp_path / "err"
    environment = dict(os.environ) | {
        "TEMPORAL_ADDRESS": client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": client.namespace,
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
    }
    del environment["TEMPORAL_DEBUG"]

    process = start(stuck.work, environment=environment, out=os.devnull, err=str(err))
    try:
        asleep = await client.start_workflow(stuck.Asleep.run, id="asleep", task_queue=TASK_QUEUE)

        async def sleeps() -> bool:
            return (await asleep.describe()).history_length == ITS_FIRST_TASK

        await eventually(sleeps, within=60)
        await client.start_workflow(stuck.Stuck.run, str(sign), id="stuck", task_queue=TASK_QUEUE)
        await stop_when_held(process, sign)
    finally:
        process.kill()
    assert process.exitcode == 1
    assert [line["held_by"] for line in logged(err) if line["event"] == "not_drained"] == [["stuck"]]


@pytest.mark.long
async def test_a_process_that_a_thread_holds_ends_all_the_same(tmp_path: Path) -> None:
    sign, err = tmp_path / "sign", tmp_path / "err"
    process = start(
        stuck.serve_with_a_thread, str(sign), environment=os.environ, out=os.devnull, err=str(err)
    )
    try:
        await stop_when_held(process, sign)
    finally:
        process.kill()
    assert process.exitcode == 1
    assert [line["event"] for line in logged(err)] == ["not_ended"]


async def stop_when_held(process: BaseProcess, sign: Path) -> None:
    """Ask a process to end once the file is there that says that something holds it, and wait until it has."""

    async def is_held() -> bool:
        return await asyncio.to_thread(sign.exists)

    await eventually(is_held, within=60)
    process.terminate()
    await asyncio.to_thread(process.join, 60)


def logged(err: Path) -> list[dict[str, Any]]:
    """What a process has logged."""
    return [json.loads(line) for line in err.read_text("utf-8").splitlines() if line.startswith("{")]
