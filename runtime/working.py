"""The process that runs workflows and activities, until it is asked to stop."""

import asyncio
import os
import signal
from datetime import timedelta
from math import inf
from typing import Final

import structlog
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from activities.documents import BrokenTemplates, check
from runtime.connect import ServerAway, connect_database, connect_temporal
from runtime.faults import Faults
from runtime.plugin import TASK_QUEUE
from runtime.schedules import ensure_schedules
from schema.migrate import migrate

log = structlog.get_logger(__name__)

ACTIVITIES_AT_ONCE: Final = 20
"""As many as there are connections to PostgreSQL: none waits for a connection while its time runs."""


def worker_for(client: Client, build: str | None = None) -> Worker:
    """A worker with the production settings; the client's plugin brings workflows and activities.

    Args:
        build: The build that a versioned deployment runs; its cases upgrade to the current one by themselves.
    """
    deployment = build and WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name=TASK_QUEUE, build_id=build),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        max_concurrent_activities=ACTIVITIES_AT_ONCE,
        max_concurrent_workflow_tasks=8,
        max_cached_workflows=5000,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
        graceful_shutdown_timeout=timedelta(seconds=10),
        deployment_config=deployment or None,
    )


async def work() -> None:
    """Migrate the record if it needs it, then work until SIGINT or SIGTERM.

    Raises:
        ServerAway: A server did not answer.
        Faults: A template, a rule pack or a setting is wrong.
    """
    try:
        check()
    except BrokenTemplates as broken:
        raise Faults("policies/notices", broken.faults) from broken
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    url = os.environ.get("DATABASE_URL")
    if url is None:
        raise ServerAway("PostgreSQL is away: DATABASE_URL is not set")
    async with connect_database(url, pool=ACTIVITIES_AT_ONCE, trusted_for=inf) as engine:
        await migrate(engine)
        client = await connect_temporal(engine=engine)
        await ensure_schedules(client)
        async with worker_for(client, os.environ.get("QINGQIAN_BUILD_ID")):
            log.info("working", namespace=client.namespace)
            await stop.wait()
            log.info("stopping")
