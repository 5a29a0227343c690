"""The tallies of cases, which overviews add up: the database keeps them, and counts them anew when it is asked to."""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

_ANEW: Final = select(func.tally_anew())


async def tally_anew(connection: AsyncConnection) -> None:
    """Put one row for each group of cases in the place of all that has been added since the last time. No sum changes by it.

    Commands go on meanwhile, and who reads sees the rows of before or those of after. A million cases take some seconds.
    """
    await connection.execute(_ANEW)
