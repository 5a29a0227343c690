"""How a process ends that serves and is watched by another: with an exit code, and a line in its log that says why."""

import asyncio
import traceback
from collections.abc import Coroutine
from typing import Any

import structlog

from office.away import ServerAway
from office.faults import Faults

log = structlog.get_logger(__name__)


def serve_to_end(run: Coroutine[Any, Any, None]) -> int:
    """Serve until asked to stop; returns 0, 2 where a file or a setting is wrong, 3 where a server is away or we have a fault."""
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
    """Each error of the chain, the last first, with the places it came by. What a message says may be about people: it is left out."""
    found: list[str] = []
    while error is not None:
        found.append(f"{type(error).__name__}\n")
        found += traceback.format_list(traceback.extract_tb(error.__traceback__))
        error = error.__cause__ or error.__context__
    return found
