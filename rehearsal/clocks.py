"""Time skipping: moving the clocks of workflows by months in a moment, for rehearsals, tests and benchmarks.

It needs a server on which each workflow has a clock of its own (`runtime.embedded.SKIPPING`).
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

from temporalio.client import Client, WorkflowExecutionDescription, WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig

_SKIPS_AT_ONCE: Final = 10_000
"""The limit on skips of one workflow in one go, after which the server silently stops skipping. Its default is 200."""

_MOVED_AT_ONCE: Final = 100


def skipping(client: Client) -> TimeSkipper:
    """A time skipper for this client. Between two moves clocks run at their usual pace."""
    return TimeSkipper(
        client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=_SKIPS_AT_ONCE)
    )


class Clocks:
    """The clocks of several workflows, moved forward together. Remembers how far each is from business time."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._skipper = skipping(client)
        self._ahead: dict[str, timedelta] = {}

    async def note(self, workflow_id: str, now: datetime) -> None:
        """Note that a workflow has started, or started again, at this business instant."""
        self._ahead[workflow_id] = now - (await self._handle(workflow_id).describe()).start_time

    async def move_all(self, instant: datetime) -> None:
        """Move every clock forward to a business instant, and wait until everything that is due by then has happened."""
        room = asyncio.Semaphore(_MOVED_AT_ONCE)

        async def move(workflow_id: str) -> None:
            async with room:
                await self._move(workflow_id, instant)
                await until_idle(self._handle(workflow_id))

        await asyncio.gather(*(move(workflow_id) for workflow_id in self._ahead))

    async def _move(self, workflow_id: str, instant: datetime) -> None:
        handle = self._handle(workflow_id)
        if (await handle.describe()).close_time is None:
            missing = instant - (await self._skipper.get_current_time(handle) + self._ahead[workflow_id])
            if missing > timedelta(0):
                await self._skipper.fast_forward(handle, missing)

    def _handle(self, workflow_id: str) -> WorkflowHandle[Any, Any]:
        return self._client.get_workflow_handle(workflow_id)


def is_busy(described: WorkflowExecutionDescription) -> bool:
    """Whether a workflow has a pending activity or workflow task."""
    raw = described.raw_description
    return bool(raw.pending_activities) or raw.HasField("pending_workflow_task")


async def until_idle(handle: WorkflowHandle[Any, Any]) -> WorkflowExecutionDescription:
    """Wait until a workflow has no pending activity or task; returns its description."""
    while True:
        described = await handle.describe()
        if not is_busy(described):
            return described
        await asyncio.sleep(0.01)
