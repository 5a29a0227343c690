"""The process that runs workflows and activities: `python worker.py`.

Temporal is found by its standard configuration (`temporal.toml`, `TEMPORAL_ADDRESS`, …), PostgreSQL by `DATABASE_URL`. More load
is more of these processes.
"""

import asyncio
import sys

import structlog

from runtime.connect import ServerAway
from runtime.faults import Faults
from runtime.logs import configure_logs
from runtime.working import work


def main() -> int:
    """Work until asked to stop.

    Exit code 0; 1 when a workflow never let go (runtime.working.NotDrained); 2 when a template, a rule pack or a setting is wrong;
    3 when a server is away.
    """
    configure_logs()
    try:
        asyncio.run(work())
    except ServerAway as away:
        structlog.get_logger(__name__).error("server_away", message=str(away))
        return 3
    except Faults as wrong:
        structlog.get_logger(__name__).error("not_started", source=wrong.source, faults=wrong.faults)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
