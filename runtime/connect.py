"""Finding the servers and connecting to them. If one does not answer, the error names it and the address that was tried."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from pydantic_core import from_json
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from temporalio.client import Client
from temporalio.envconfig import ClientConfig, ClientConnectConfig

from office.away import ServerAway
from office.faults import Faults
from runtime.plugin import qingqian_plugin
from runtime.settings import Settings
from schema.engine import ping

PATIENCE: Final = timedelta(seconds=5)
"""How long to wait for a server before reporting it as away."""

STACK_FILE: Final = "stack.json"


_NO_DATABASE: Final = ["is no address like postgresql://user:password@host:5432/database"]


class Running(Exception):  # noqa: N818 - it is told to a person
    """Another `qingqian dev` is running on the same data folder."""


@dataclass(frozen=True)
class Stack:
    """The addresses of a stack's servers. `qingqian dev` writes them into its data folder."""

    temporal_address: str
    database_url: str
    ui: str | None = None
    portal: str | None = None
    pids: tuple[int, ...] = ()

    def write(self, data: Path) -> None:
        """Write the addresses into the data folder, where other commands find them."""
        fresh = data / f"{STACK_FILE}.new"
        fresh.write_text(json.dumps(asdict(self), indent=1), "utf-8")
        fresh.replace(data / STACK_FILE)


def find_stack(data: Path) -> Stack | None:
    """The stack that `dev` runs, or ran last, on a data folder.

    Raises:
        Faults: It is no folder that may be read, or what stands there is not what `dev` writes.
    """
    path = data / STACK_FILE
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return Stack(**{**found, "pids": tuple(found["pids"])})
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Faults(str(data), [f"--data: {error.strerror}"]) from error
    except (ValueError, TypeError, KeyError) as error:
        raise Faults(str(path), ["file: is not what `qingqian dev` writes; it may be removed"]) from error


def database_url(url: str) -> str:
    """A PostgreSQL address as SQLAlchemy's asynchronous driver wants it: libpq's `sslmode` is called `ssl` there.

    Raises:
        Faults: It is none. What was said is not repeated: there may be a password in it.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise Faults("DATABASE_URL", _NO_DATABASE) from error
    if not address.drivername.startswith("postgres") or not 0 < (address.port or 5432) < 2**16:
        raise Faults("DATABASE_URL", _NO_DATABASE)
    address = address.set(drivername="postgresql+asyncpg")
    if "sslmode" in address.query:
        encrypted = address.query["sslmode"]
        address = address.difference_update_query(["sslmode"]).update_query_dict({"ssl": encrypted})
    return address.render_as_string(hide_password=False)


@asynccontextmanager
async def connect_database(
    url: str, *, pool: int = 10, trusted_for: float = 0.0
) -> AsyncIterator[AsyncEngine]:
    """An engine that has answered once.

    Args:
        trusted_for: Seconds without use for which a connection is taken to be alive; after more it is tried before it is used. For
            ever (`inf`) is right for whoever repeats what failed, as a worker does.

    Raises:
        ServerAway: PostgreSQL did not answer.
        Faults: The address is none.
    """
    engine = create_async_engine(
        database_url(url),
        pool_size=pool,
        hide_parameters=True,
        json_deserializer=from_json,
        connect_args={"timeout": PATIENCE.total_seconds()},
    )
    _try_what_has_rested(engine, trusted_for)
    try:
        try:
            async with engine.connect() as connection:
                await ping(connection)
        except (OSError, TimeoutError, SQLAlchemyError) as error:
            place = make_url(url).render_as_string(hide_password=True)
            raise ServerAway(
                f"PostgreSQL is away: looked for it at {place} ({_first_line(error)})"
            ) from error
        except TypeError as error:
            raise Faults("DATABASE_URL", [f"a setting in it is unknown: {error}"]) from error
        yield engine
    finally:
        await engine.dispose()


def _try_what_has_rested(engine: AsyncEngine, trusted_for: float) -> None:
    """Have a connection tried when it is taken after a rest: to try one takes three trips, more than most of what it is taken for."""

    @event.listens_for(engine.sync_engine, "checkin")
    def rests(connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def is_taken(connection: Any, record: ConnectionPoolEntry, _: Any) -> None:
        rests_since = record.info.get("rests_since")
        if rests_since is None or time.monotonic() - rests_since < trusted_for:
            return
        try:
            connection.ping()
        except Exception as error:
            raise DisconnectionError from error


async def connect_temporal(
    address: str | None = None, engine: AsyncEngine | None = None, settings: Settings = Settings()
) -> Client:
    """A client by Temporal's own configuration (`temporal.toml`, `TEMPORAL_*`), or at an address.

    Args:
        engine: The record, if a worker is to stand on this client; `settings` then say how its post goes.

    Raises:
        ServerAway: Temporal did not answer.
        Faults: The configuration is wrong.
    """
    config = temporal_config(address)
    where = config["target_host"]
    try:
        return await Client.connect(
            **config, plugins=[qingqian_plugin(engine, settings)], connect_timeout=PATIENCE
        )
    except (RuntimeError, TimeoutError) as error:
        raise ServerAway(f"Temporal is away: looked for it at {where} ({_first_line(error)})") from error
    except ValueError as error:
        raise Faults("TEMPORAL_ADDRESS", [f"{where!r}: {_first_line(error)}"]) from error


def temporal_config(address: str | None) -> ClientConnectConfig:
    """How Temporal is reached: by its own configuration, or at an address.

    Raises:
        Faults: The configuration cannot be read.
    """
    try:
        config = ClientConfig.load_client_connect_config()
    except Exception as error:  # the SDK names no class for it
        raise Faults("temporal.toml, TEMPORAL_*", [_first_line(error)]) from error
    if address:
        config["target_host"] = address
    config.setdefault("target_host", "localhost:7233")
    return config


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def configured(data: Path, settings: Settings) -> Stack:
    """Where the servers are: by the settings where they say so, else by the data folder of `dev`.

    Raises:
        ServerAway: Neither says where they are.
    """
    url = settings.database_url
    found = find_stack(data)
    if url is None and found is None:
        raise ServerAway(
            f"no stack is known: {data / STACK_FILE} does not exist (start `qingqian dev`), "
            "and DATABASE_URL is not set"
        )
    address = None if settings.temporal_is_set or found is None else found.temporal_address
    return Stack(address or "", url or (found.database_url if found else ""), found.ui if found else None)
