"""Running a server process to its end: its exit code, and a log line that says why it ended."""

import asyncio
import traceback
from collections.abc import Coroutine
from typing import Any

import structlog

from office.away import ServerAway
from office.faults import Faults

log = structlog.get_logger(__name__)


def serve_to_end(run: Coroutine[Any, Any, None]) -> int:
    """Run until asked to stop. Returns the exit code: 0, 2 for a wrong file or setting, 3 for a server that is away or a defect."""
    try:
        asyncio.run(run)
    except Faults as wrong:
        log.error("not_started", source=wrong.source, faults=wrong.faults)
        return 2
    except ServerAway as away:
        log.error("server_away", message=str(away))
        return 3
    except Exception as error:
        log.error("failed", places=places(error))
        return 3
    return 0


def places(error: BaseException | None) -> list[str]:
    """The tracebacks of a chain of errors, the last one first, without their messages: those could contain personal data."""
    found: list[str] = []
    while error is not None:
        found.append(f"{type(error).__name__}\n")
        found += traceback.format_list(traceback.extract_tb(error.__traceback__))
        error = error.__cause__ or error.__context__
    return found
