"""Running a server process to its end: how it is asked to stop, its exit code, and a log line that says why it ended."""

import asyncio
import logging
import os
import signal
import threading
import traceback
from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog

from office.away import ServerAway
from office.faults import Faults

log = structlog.get_logger(__name__)

WRONG: Final = 2
"""The exit code of a process that a wrong file or setting keeps from starting: it would end again."""

ENDED_WITHIN: Final = 25.0
"""How many seconds after a request to stop a worker or window has ended at the latest, whatever holds it."""


def stop_when_asked(stop: Callable[[int], object]) -> None:
    """Have the running loop call `stop` with the number of a SIGINT or SIGTERM, and the process end `ENDED_WITHIN` with code 1 if it
    has not by then: Python waits without limit for threads, and one may hang in a folder of a network that is away.
    """

    def asked(number: int) -> None:
        stop(number)
        limit = threading.Timer(ENDED_WITHIN, _end_held)
        limit.daemon = True
        limit.start()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, asked, number)


def _end_held() -> None:
    log.error("not_ended", within_s=ENDED_WITHIN, threads=[thread.name for thread in threading.enumerate()])
    logging.shutdown()
    os._exit(1)


def serve_to_end(run: Coroutine[Any, Any, None]) -> int:
    """Run until asked to stop. Returns the exit code: 0, 2 for a wrong file or setting, 3 for a server that is away or a defect."""
    try:
        asyncio.run(run)
    except Faults as wrong:
        log.error("not_started", source=wrong.source, faults=wrong.faults)
        return WRONG
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
