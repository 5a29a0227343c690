"""The tallies of cases, which overviews add up. Database triggers maintain them; here they are recounted and checked."""

from typing import Final

from sqlalchemy import BigInteger, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from schema.tables import tally

_ANEW: Final = select(func.tally_anew())


async def tally_anew(connection: AsyncConnection) -> None:
    """Replace the rows that have accumulated with one row for each group of cases. No sum changes.

    Commands go on meanwhile, and who reads sees the rows of before or those of after. A million cases take some seconds.
    """
    await connection.execute(_ANEW)


_SUMS: Final = tuple(
    column.name for column in tally.c if not column.nullable and isinstance(column.type, BigInteger)
)
_GROUP: Final = ", ".join(f"told.{column.name}" for column in tally.c if column.name not in _SUMS)
_GROUPED: Final = (
    f"SELECT {_GROUP}, {', '.join(f'sum(told.{name})' for name in _SUMS)} FROM {{}} GROUP BY {_GROUP} "
    f"HAVING {' OR '.join(f'sum(told.{name}) <> 0' for name in _SUMS)}"
)
_DIFFERING: Final = text(
    f"""
    WITH kept AS ({_GROUPED.format("tally told")}), counted AS ({_GROUPED.format("case_file, tallies(case_file) told")})
    SELECT DISTINCT holder
    FROM ((TABLE kept EXCEPT TABLE counted) UNION ALL (TABLE counted EXCEPT TABLE kept)) differing ORDER BY holder
    """
)


async def differing(connection: AsyncConnection) -> list[str]:
    """The offices whose tallies are not what their cases say, by one look at all of them. A million cases take some seconds."""
    return list((await connection.execute(_DIFFERING)).scalars())
