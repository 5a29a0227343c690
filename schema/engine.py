"""How the record is reached for a question."""

from sqlalchemy.ext.asyncio import AsyncEngine


def for_questions(engine: AsyncEngine) -> AsyncEngine:
    """The same record for single questions, each of which is a transaction by itself: no trips to begin one and to end it."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")
