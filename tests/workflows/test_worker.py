"""The worker is built for production: an import that a workflow did not mean to share stops it before it starts."""

import sqlalchemy
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.worker import Worker

from domain.refusal import Refusal
from runtime.answers import ANSWER_WITHIN
from runtime.plugin import TASK_QUEUE
from runtime.working import worker_for
from tests.stack import CLERK, Desk, order
from tests.workflows.careful import Careful
from tests.workflows.careless import Careless


async def test_an_import_that_is_not_meant_to_be_shared_is_an_error(client: Client) -> None:
    try:
        Worker(client, task_queue="q", workflows=[Careless])
    except BaseException as e:
        import traceback; traceback.print_exc()
    async with Worker(client, task_queue="q", workflows=[Careful]):
        assert await client.execute_workflow(Careful.run, id="careful", task_queue="q") == sqlalchemy.__version__
    assert 0
