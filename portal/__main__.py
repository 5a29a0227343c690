"""`python -m portal`: the window, where the environment says. `QINGQIAN_PORTAL` is `host:port`; 127.0.0.1:8080 unless given."""

import asyncio
import os
import sys
from pathlib import Path

import structlog

from portal.serve import serve
from runtime.connect import ServerAway
from runtime.faults import Faults
from runtime.logs import configure_logs


def main() -> int:
    """Serve until asked to stop; exit code 0, 2 when a setting is wrong, or 3 when a server is away."""
    configure_logs()
    host, _, port = os.environ.get("QINGQIAN_PORTAL", "127.0.0.1:8080").rpartition(":")
    data = Path(os.environ.get("QINGQIAN_DATA", ".qingqian"))
    try:
        asyncio.run(serve(data, host or "127.0.0.1", int(port)))
    except Faults as wrong:
        structlog.get_logger(__name__).error("wrong_setting", setting=wrong.source, faults=wrong.faults)
        return 2
    except ServerAway as away:
        structlog.get_logger(__name__).error("server_away", message=str(away))
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
