"""How the record is reached for a question."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


def for_questions(engine: AsyncEngine) -> AsyncEngine:
    """The same record for single questions, each of which is a transaction by itself: no trips to begin one and to end it."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


async def plan_each(connection: AsyncConnection) -> None:
    """Have PostgreSQL plan each statement of this transaction for what it asks. It would soon keep one plan for all, and what finds
    the few red cases of a district is not what finds those of a province.
    """
    begun = connection.sync_connection
    assert begun is None or begun.get_execution_options().get("isolation_level") != "AUTOCOMMIT", (
        "it begins none"
    )
    await connection.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


async def is_there(connection: AsyncConnection) -> None:
    """Have the record say something, no matter what: that it does not is an error of the connection's."""
    await connection.execute(text("SELECT 1"))
