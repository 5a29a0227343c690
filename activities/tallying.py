"""Once a night: recount the tallies of cases, so that overviews stay fast."""

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity

from activities.giving_up import Work, giving_up
from activities.heartbeat import alive
from schema import tallies


class Tallier:
    """Counts what overviews add up."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def tally_cases_anew(self) -> None:
        """Count all cases."""
        async with (
            alive(),
            giving_up(self._engine, Work("tally", "cases", "count")),
            self._engine.begin() as connection,
        ):
            await tallies.tally_anew(connection)
