"""The process that runs workflows and activities: `python worker.py`.

Temporal is found by its standard configuration (`temporal.toml`, `TEMPORAL_ADDRESS`, …), PostgreSQL by `DATABASE_URL`. More load
is more of these processes.
"""

import sys

from runtime.logs import configure_logs
from runtime.serving import serve_to_end
from runtime.settings import read_settings
from runtime.working import work


def main() -> int:
    """Work until asked to stop.

    Exit code 0; 1 when something held the process: a workflow (runtime.working.NotDrained), a thread; 2 when a template, a rule pack
    or a setting is wrong; 3 when a server is away.
    """
    configure_logs()
    return serve_to_end(work(read_settings()))


if __name__ == "__main__":
    sys.exit(main())
