"""Ways to use the database connection for reading."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


def for_questions(engine: AsyncEngine) -> AsyncEngine:
    """An engine in autocommit mode, for single queries: it saves the round trips of BEGIN and COMMIT."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


async def plan_each(connection: AsyncConnection) -> None:
    """Have PostgreSQL plan each statement of this transaction for its actual parameters. By default it soon settles on one generic
    plan, but the best plan for the few red cases of a district is not the best for those of a province.
    """
    begun = connection.sync_connection
    assert begun is None or begun.get_execution_options().get("isolation_level") != "AUTOCOMMIT", (
        "it begins none"
    )
    await connection.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


def is_lost(error: DBAPIError) -> bool:
    """Whether an error means that PostgreSQL or the connection is away. asyncpg says of a connection that the server ended while
    nobody used it no more than that it is in the wrong state; SQLAlchemy knows that it is closed.
    """
    return error.connection_invalidated or isinstance(error, InterfaceError | OperationalError)


async def ping(connection: AsyncConnection) -> None:
    """Ping the database."""
    await connection.execute(text("SELECT 1"))
