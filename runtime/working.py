"""The worker process: runs workflows and activities until it is asked to stop."""

import asyncio
import logging
import os
from datetime import timedelta
from math import inf
from typing import Final, NoReturn

import structlog
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from activities.documents.checking import BrokenTemplates, check
from domain.names.spelling import load_dictionary
from office.away import ServerAway
from office.faults import Faults
from office.packs import use_packs_in
from runtime.connect import connect_database
from runtime.plugin import qingqian_plugin
from runtime.readiness import get_ready
from runtime.schedules import ensure_schedules
from runtime.serving import stop_when_asked
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from schema.migrate import migrate
from workflows.queue import TASK_QUEUE

log = structlog.get_logger(__name__)

ACTIVITIES_AT_ONCE: Final = 20
"""As many as there are connections to PostgreSQL, so that no activity spends its timeout waiting for one."""

FOR_THE_SAME: Final = timedelta(seconds=1)
"""How long a task waits for the worker that has its case in memory before any other may take it: the wait when that worker has died.
With the SDK's ten seconds, an overloaded worker would replay fewer cases (`benchmarks/README.md`).
"""

GRACE: Final = timedelta(seconds=10)
"""How long running activities may take to finish when the worker stops, before they are cancelled."""

DRAINED_WITHIN: Final = GRACE + timedelta(seconds=10)
"""How long after a request to stop the worker ends at the latest, even if a workflow blocks it."""


class NotDrained(Exception):  # noqa: N818 - it is told to an operator
    """A worker could not stop in time, because workflow code blocks a thread.

    The SDK waits for such workflows for ever and swallows cancellation, so whoever catches this should call `end_now`.

    Attributes:
        held_by: The ids of those workflows. Other workers will carry them on.
    """

    def __init__(self, held_by: list[str]) -> None:
        super().__init__(
            f"not drained within {DRAINED_WITHIN.seconds} s; held by {', '.join(held_by) or 'nobody known'}"
        )
        self.held_by = held_by


def end_now(reason: NotDrained) -> NoReturn:
    """End the process at once with exit code 1, and log which workflows blocked it. A clean shutdown of its threads is impossible."""
    log.error("not_drained", held_by=reason.held_by, within_s=DRAINED_WITHIN.seconds)
    logging.shutdown()
    os._exit(1)


class DrainingWorker(Worker):
    """The SDK's worker, with a limit on how long it takes to stop."""

    async def shutdown(self) -> None:
        """Stop polling, and wait for running tasks.

        Raises:
            NotDrained: A workflow did not yield within `DRAINED_WITHIN`.
        """
        try:
            async with asyncio.timeout(DRAINED_WITHIN.total_seconds()):
                await super().shutdown()
        except TimeoutError:
            raise NotDrained(self._held_by()) from None

    def _held_by(self) -> list[str]:
        # The SDK has no public way to ask which runs it is waiting for: those whose code is running, of all that it remembers.
        cached = self._workflow_worker._running_workflows.values() if self._workflow_worker else ()
        return [
            run.workflow_id
            for run in cached
            if run.deadlocked_activation_task is not None or run._deadlock_can_be_interrupted
        ]


def worker_for(client: Client, build: str | None = None, queue: str = TASK_QUEUE) -> DrainingWorker:
    """A worker with the production settings. Its workflows and activities come with the client's plugin.

    It has loaded what it needs, so that a case that it takes over from a worker that died does not have to wait for that.

    Args:
        build: The build id of a versioned deployment, whose workflows upgrade automatically to the current build; None: unversioned.
        queue: The task queue. Only benchmarks use another.
    """
    load_dictionary()
    get_ready()
    deployment = build and WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name=TASK_QUEUE, build_id=build),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )
    return DrainingWorker(
        client,
        task_queue=queue,
        max_concurrent_activities=ACTIVITIES_AT_ONCE,
        max_concurrent_workflow_tasks=8,
        max_cached_workflows=5000,
        sticky_queue_schedule_to_start_timeout=FOR_THE_SAME,
        graceful_shutdown_timeout=GRACE,
        # Without a build id the SDK would derive one by hashing all loaded code, which takes seconds.
        build_id=None if deployment else TASK_QUEUE,
        deployment_config=deployment or None,
    )


async def work(settings: Settings) -> None:
    """Check the templates, migrate the record, ensure the schedules, then work until SIGINT or SIGTERM.

    Raises:
        ServerAway: A server did not answer.
        Faults: A template, a rule pack or a setting is wrong.
    """
    try:
        check()
    except BrokenTemplates as broken:
        raise Faults("policies/notices", broken.faults) from broken
    use_packs_in(settings.policies)
    stop = asyncio.Event()
    stop_when_asked(lambda _: stop.set())
    if settings.database_url is None:
        raise ServerAway("PostgreSQL is away: DATABASE_URL is not set")
    async with connect_database(settings.database_url, pool=ACTIVITIES_AT_ONCE, trusted_for=inf) as engine:
        await migrate(engine)
        client = await connect_temporal(plugins=[qingqian_plugin(engine, settings)])
        await ensure_schedules(client)
        try:
            async with worker_for(client, settings.build_id):
                log.info("working", namespace=client.namespace)
                await stop.wait()
                log.info("stopping")
        except NotDrained as held:
            end_now(held)
