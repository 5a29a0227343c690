"""`python -m portal`: the window, where the environment says. `QINGQIAN_PORTAL` is `host:port`; 127.0.0.1:8080 unless given."""

import os
import sys
from pathlib import Path

from office.faults import Faults
from portal.serve import serve
from runtime.logs import configure_logs
from runtime.serving import serve_to_end


def main() -> int:
    """Serve until asked to stop; exit code 0, 2 when a setting is wrong, 3 when a server is away."""
    configure_logs()
    return serve_to_end(_serve())


async def _serve() -> None:
    where = os.environ.get("QINGQIAN_PORTAL", "127.0.0.1:8080")
    host, _, port = where.rpartition(":")
    if not (port.isascii() and port.isdecimal() and int(port) < 2**16):
        raise Faults("QINGQIAN_PORTAL", [f"{where!r} is no host:port"])
    await serve(Path(os.environ.get("QINGQIAN_DATA", ".qingqian")), host or "127.0.0.1", int(port))


if __name__ == "__main__":
    sys.exit(main())
