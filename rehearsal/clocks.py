"""The clocks of workflows, moved on by months in a moment: for rehearsals, tests and benchmarks alike.

That takes a server which lets each workflow have a clock of its own (`runtime.embedded.SKIPPING`).
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

from temporalio.client import Client, WorkflowExecutionDescription, WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig

_SKIPS_AT_ONCE: Final = 10_000
"""The server stops skipping, silently, after so many skips of one workflow in one go; its default is 200."""

_MOVED_AT_ONCE: Final = 100


def skipping(client: Client) -> TimeSkipper:
    """What moves the clocks of workflows on; between two moves they go at their usual pace."""
    return TimeSkipper(
        client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=_SKIPS_AT_ONCE)
    )


class Clocks:
    """The clocks of several workflows, moved forward together; knows each one's distance from business time."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._skipper = skipping(client)
        self._ahead: dict[str, timedelta] = {}

    async def note(self, workflow_id: str, now: datetime) -> None:
        """A workflow has just begun, or has begun anew, at this business instant."""
        self._ahead[workflow_id] = now - (await self._handle(workflow_id).describe()).start_time

    async def move_all(self, instant: datetime) -> None:
        """Move every clock on to a business instant, none back, and wait until what falls due until then has happened."""
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
    """Whether something of a workflow is on its way: an activity, or a task."""
    raw = described.raw_description
    return bool(raw.pending_activities) or raw.HasField("pending_workflow_task")


async def until_idle(handle: WorkflowHandle[Any, Any]) -> WorkflowExecutionDescription:
    """Wait until nothing of a workflow is on its way; how it then stands."""
    while True:
        described = await handle.describe()
        if not is_busy(described):
            return described
        await asyncio.sleep(0.01)
