"""A worker keeps no more of a workflow's input than it needs."""

from typing import Final

import psutil
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import workflow
from temporalio.client import Client
from temporalio.plugin import SimplePlugin

from runtime.plugin import qingqian_plugin
from runtime.working import worker_for
from tests.stack import Servers

QUEUE: Final = "waiting"
WRITTEN: Final = "x" * 500_000
STARTED: Final = 60


@workflow.defn
class Waiting:
    """A workflow that does not use its large input."""

    @workflow.run
    async def run(self, written: str) -> None:
        """Wait until it is cancelled."""
        await workflow.wait_condition(lambda: False)

    @workflow.update
    async def started(self) -> None:
        """Answers once it waits."""


@pytest.mark.long
async def test_the_message_that_brought_its_first_task_is_not_kept(
    servers: Servers, client: Client, engine: AsyncEngine
) -> None:
    plugins = [qingqian_plugin(engine), SimplePlugin("waiting", workflows=[Waiting])]
    own = await Client.connect(servers.address, namespace=client.namespace, plugins=plugins)
    async with worker_for(own, queue=QUEUE):
        await _start(own, "warm", 8)
        before = psutil.Process().memory_info().rss
        await _start(own, "waiting", STARTED)
        grown = psutil.Process().memory_info().rss - before
    assert grown / STARTED < 3 * len(WRITTEN), "more is kept than what was sent and what was read"


async def _start(client: Client, name: str, count: int) -> None:
    for number in range(count):
        handle = await client.start_workflow(Waiting.run, WRITTEN, id=f"{name}-{number}", task_queue=QUEUE)
        await handle.execute_update(Waiting.started)
