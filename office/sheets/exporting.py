"""Exporting the 台账: the cases that an office sees, page by page into a file on disk."""

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import date
from typing import IO, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from domain.case.casefile import Case
from domain.refusal import Code, Refusal
from domain.sheet.columns import COLUMNS, Column
from domain.sheet.lines import ledger_line
from office.packs import offices_on
from office.sheets.writing import LedgerWriter
from schema.seen.cases import cases_seen
from schema.seen.desk import Listing, listed
from schema.seen.sight import Sight

MOST_CASES: Final = 100_000
"""The most cases of one export, as many as a spreadsheet program can open."""

_PAGE: Final = 500


async def export_ledger(
    engine: AsyncEngine,
    sight: Sight,
    today: date,
    listing: Listing,
    policy: str,
    out: IO[bytes],
    columns: Collection[Column] = COLUMNS,
) -> int:
    """Write the visible cases that match the filters, in the order of the list; returns how many.

    Args:
        columns: The columns to write. With all of them the result is a 台账 that can be imported.

    Raises:
        Refusal: `malformed`: there are more than `MOST_CASES`.
    """
    offices, written = offices_on(policy, today), 0
    with LedgerWriter(columns) as writer:
        async for cases in _pages(engine, sight, today, listing):
            if written + len(cases) > MOST_CASES:
                raise Refusal(
                    Code.MALFORMED,
                    f"超过 {MOST_CASES} 件,请先筛选",
                    f"more than {MOST_CASES} cases: narrow the list first",
                )
            lines = [ledger_line(case, no, today, offices) for no, case in enumerate(cases, written + 1)]
            await asyncio.to_thread(writer.add, lines)
            written += len(cases)
        await asyncio.to_thread(writer.save, out)
    return written


async def _pages(
    engine: AsyncEngine, sight: Sight, today: date, listing: Listing
) -> AsyncIterator[list[Case]]:
    """All pages of a list, read in one snapshot, so that a case that moves meanwhile is neither missed nor repeated."""
    after: str | None = None
    async with engine.connect() as opened:
        connection = await opened.execution_options(isolation_level="REPEATABLE READ")
        while True:
            rows, after = await listed(connection, sight, today, listing, after=after, size=_PAGE)
            found = await cases_seen(connection, sight, [row.case_no for row in rows])
            yield [case for case, _ in found]
            if after is None:
                return
