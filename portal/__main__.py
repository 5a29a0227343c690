"""`python -m portal`: serve the window at `QINGQIAN_PORTAL` (`host:port`; 127.0.0.1:8080 by default)."""

import sys
from pathlib import Path

from office.faults import Faults
from office.packs import use_packs_in
from portal.serve import serve
from runtime.logs import configure_logs
from runtime.serving import serve_to_end
from runtime.settings import Settings, read_settings


def main() -> int:
    """Serve until asked to stop. Returns the exit code: 0, 2 for a wrong setting, 3 for a server that is away."""
    configure_logs()
    return serve_to_end(_serve(read_settings()))


async def _serve(settings: Settings) -> None:
    host, _, port = settings.portal.rpartition(":")
    if not (port.isascii() and port.isdecimal() and int(port) < 2**16):
        raise Faults("QINGQIAN_PORTAL", [f"{settings.portal!r} is no host:port"])
    use_packs_in(settings.policies)
    await serve(Path(settings.data or ".qingqian"), host or "127.0.0.1", int(port), settings)


if __name__ == "__main__":
    sys.exit(main())
