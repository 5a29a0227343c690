"""Connecting to PostgreSQL. If it does not answer, the error names it and the address that was tried."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from pydantic_core import from_json
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from office.away import ServerAway
from office.faults import Faults
from runtime.stack import PATIENCE, first_line
from schema.engine import ping

_NO_DATABASE: Final = ["is no address like postgresql://user:password@host:5432/database"]


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
            raise ServerAway(f"PostgreSQL is away: looked for it at {place} ({first_line(error)})") from error
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
