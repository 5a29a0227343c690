"""What a worker logs: of which workflow, and nothing twice when a history is replayed."""

from collections.abc import MutableMapping
from typing import Any

import structlog
from temporalio import activity, workflow


def without_replays(logger: Any, method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What a workflow logged once it does not log again when its history is replayed."""
    if workflow.in_workflow():
        if workflow.unsafe.is_replaying_history_events():
            raise structlog.DropEvent
        entry["workflow_id"] = workflow.info().workflow_id
    elif activity.in_activity():
        entry["workflow_id"] = activity.info().workflow_id
        entry["attempt"] = activity.info().attempt
    return entry
