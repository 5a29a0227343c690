"""The process that serves the window: `qingqian portal`, or `python -m portal`."""

import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

import structlog
import uvicorn
from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError

from domain.names.addresses import WebAddress
from office.away import ServerAway
from office.batches import Batchwork
from office.cases import Casework
from office.faults import Faults
from portal.app import create_app
from portal.gate.connections import PatientProtocol, allow_connections
from portal.gate.oidc import configured_issuer
from portal.showing.live import Live
from portal.window import Window
from runtime.connect import connect_database
from runtime.readiness import get_ready
from runtime.serving import stop_when_asked
from runtime.settings import Settings
from runtime.stack import configured
from runtime.store import open_papers
from runtime.telling import ways
from runtime.temporal import connect_temporal
from schema.migrate import migrate

log = structlog.get_logger(__name__)

CONNECTIONS: Final = 20
TRUSTED_FOR: Final = 1.0
"""For how many seconds a database connection is reused without a check. A request that hits one that was lost meanwhile gets a 503."""

STOPS_WITHIN: Final = 10
"""How many seconds requests may take to finish when the process is asked to stop."""


@asynccontextmanager
async def window_on(data: Path, settings: Settings) -> AsyncIterator[Window]:
    """A window on the configured stack. It connects to Temporal only when somebody acts.

    Raises:
        Faults: A setting is wrong.
        ServerAway: PostgreSQL did not answer, or its address is unknown.
    """
    get_ready()
    issuer = configured_issuer(settings)
    is_needed = needs_second_factor(settings)
    set_up = frozenset(ways(settings))
    address = public_address(settings)
    stack = configured(data, settings)
    papers = open_papers(data, settings)
    client = await connect_temporal(stack.temporal_address, lazy=True)
    async with connect_database(stack.database_url, pool=CONNECTIONS, trusted_for=TRUSTED_FOR) as engine:
        await migrate(engine)
        yield Window(
            engine,
            Casework(client, engine),
            Batchwork(client, engine),
            papers,
            settings.policy,
            settings.https == "1",
            oidc=issuer,
            needs_second_factor=is_needed,
            subscriber_hosts=settings.hosts_of_subscribers,
            ways=set_up,
            public_address=address,
        )


class _Server(uvicorn.Server):
    """Shuts down on SIGINT and SIGTERM, and ends the streams of live pages, which would not end by themselves."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        stop_when_asked(lambda number: self.handle_exit(number, None))
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._live.close()
        await super().shutdown(sockets)


async def serve(data: Path, host: str, port: int, settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM.

    `QINGQIAN_POLICY` names the rule pack whose offices sign in (`gansu`). `QINGQIAN_HTTPS=1` says that browsers use https. With
    `QINGQIAN_SECOND_FACTOR=required` a password alone is not enough. `QINGQIAN_PUBLIC_ADDRESS` is the address printed on slips.
    `FORWARDED_ALLOW_IPS` lists the proxies whose information about the client is trusted.

    Raises:
        Faults: A setting is wrong.
        ServerAway: PostgreSQL did not answer, its address is unknown, or the port is taken.
    """
    proxies = trusted_proxies(settings)
    async with window_on(data, settings) as window:
        app = create_app(window)
        app.state.live = live = Live(window.engine)
        config = server_config(app, proxies, host=host, port=port)
        allow_connections()
        with _listening(host, port) as listening:
            log.info("serving", host=host, port=listening.getsockname()[1])
            await _Server(config, live).serve([listening])


def server_config(app: FastAPI, proxies: Sequence[str], **where: Any) -> uvicorn.Config:
    """The configuration of the HTTP server, in production and in tests.

    Args:
        proxies: The addresses that are trusted to name the client.
        where: The host and port, or the socket.
    """
    return uvicorn.Config(
        app,
        http=PatientProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_graceful_shutdown=STOPS_WITHIN,
        **where,
    )


def needs_second_factor(settings: Settings) -> bool:
    """Whether a second factor is required.

    Raises:
        Faults: `QINGQIAN_SECOND_FACTOR` is neither `required` nor `optional`.
    """
    said = settings.second_factor
    if said not in ("optional", "required"):
        raise Faults("QINGQIAN_SECOND_FACTOR", [f"{said!r} is neither optional nor required"])
    return said == "required"


def public_address(settings: Settings) -> str | None:
    """The address at which parties find the window (`QINGQIAN_PUBLIC_ADDRESS`), ending in a slash; None if it is not set.

    Raises:
        Faults: It is not a web address, or has a query or fragment.
    """
    said = settings.public_address
    if not said:
        return None
    try:
        address = TypeAdapter(WebAddress).validate_python(said.rstrip("/") + "/")
    except ValidationError as error:
        raise Faults(
            "QINGQIAN_PUBLIC_ADDRESS", [f"{said!r} is no address like https://qingqian.example.cn"]
        ) from error
    if "?" in address or "#" in address:
        raise Faults(
            "QINGQIAN_PUBLIC_ADDRESS", [f"{said!r} has more than a path: leave out what begins with ? or #"]
        )
    return address


def trusted_proxies(settings: Settings) -> list[str]:
    """The addresses and networks in `FORWARDED_ALLOW_IPS`; none by default. `*` is refused, because then any client could forge its
    address.

    Raises:
        Faults: An entry is not an address.
    """
    named = [part.strip() for part in settings.forwarded_allow_ips.split(",") if part.strip()]
    faults = []
    for part in named:
        try:
            ip_network(part)
        except ValueError:
            faults.append(f"{part!r} is neither an address nor a network such as 10.0.0.0/8")
    if faults:
        raise Faults("FORWARDED_ALLOW_IPS", faults)
    return named


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ServerAway(f"the window cannot listen at {host}:{port}: {error.strerror}") from error
