"""The worker's health check: exit code 0 when Temporal has heard from this machine's worker lately, else 1."""

import asyncio
import os
import socket
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.envconfig import ClientConfig

from workflows.queue import TASK_QUEUE

LATELY = timedelta(minutes=2)
"""A poll that finds no work lasts one minute."""


async def is_polling() -> bool:
    """Whether a worker of this host name polls for workflow tasks."""
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    described = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=TASK_QUEUE),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    return any(
        poller.identity.endswith(f"@{socket.gethostname()}")
        and datetime.now(UTC) - poller.last_access_time.ToDatetime(UTC) < LATELY
        for poller in described.pollers
    )


def main() -> None:
    """Answer and leave at once: nothing here needs to be wound down."""
    try:
        code = 0 if asyncio.run(is_polling()) else 1
    except Exception:
        code = 1
    os._exit(code)


if __name__ == "__main__":
    main()
