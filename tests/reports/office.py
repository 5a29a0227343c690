"""What the tests of reports share: having them compiled, and reading what was stored."""

from datetime import date
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from domain.reports.periods import ReportKind, period_of
from domain.reports.report import PeriodReport, Report
from domain.rules import Rules
from office.calendar.loading import published_calendar
from office.packs import load_pack
from schema import reports
from tests.stack import RECEIVED_ON, Desk, order
from workflows.queue import TASK_QUEUE
from workflows.rhythm import CompileReports

MAY_DAY: Final = date(2023, 5, 1)
"""A Monday on which nobody works, and the first day after April."""

JINCHUAN: Final = "620302"
JINCHUAN_RULES: Final[Rules] = load_pack("gansu").asking().for_case(published_calendar(RECEIVED_ON))


async def compiled(client: Client, kind: ReportKind, as_of: date = MAY_DAY) -> int:
    """Have the reports compiled that are due on a day; returns how many were not there yet."""
    return await client.execute_workflow(
        CompileReports.run,
        args=[kind, as_of],
        id=f"compile-{period_of(kind, as_of).code}",
        task_queue=TASK_QUEUE,
    )


async def stored(engine: AsyncEngine) -> dict[str, Report]:
    """All reports by number."""
    found = {}
    async with engine.connect() as connection:
        for one in await reports.listed(connection, filters={}):
            report = await reports.find(connection, one.number)
            assert report is not None
            found[one.number] = report
    return found


async def report_of(engine: AsyncEngine, number: str) -> PeriodReport:
    """One report of a week, month, quarter or year."""
    found = (await stored(engine))[number]
    assert isinstance(found, PeriodReport)
    return found


async def forget(engine: AsyncEngine) -> None:
    """As if nobody had compiled anything yet. The guard that keeps reports is put aside for it."""
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE report DISABLE TRIGGER report_append_only"))
        await connection.execute(text("DELETE FROM report"))
        await connection.execute(text("ALTER TABLE report ENABLE TRIGGER report_append_only"))


async def letters(engine: AsyncEngine) -> list[tuple[Any, ...]]:
    """Of each report in the outbox: number, office, subject, and when it goes out."""
    query = text("SELECT ref, office, subject, deliver_at FROM outbox WHERE kind = 'report' ORDER BY ref")
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(query)]


async def move_money(engine: AsyncEngine, debit: str, credit: str, fen: int, transfer_id: str) -> None:
    """A transfer that no entry of the journal made."""
    transfer = text(
        "INSERT INTO transfer (id, debit, credit, fen, phase) VALUES (:id, :debit, :credit, :fen, 'single')"
    )
    async with engine.begin() as connection:
        await connection.execute(transfer, {"id": transfer_id, "debit": debit, "credit": credit, "fen": fen})


async def open_elsewhere(desk: Desk) -> str:
    """A case in another city, accepted."""
    accept = order("accept", f"clerk:陈@{JINCHUAN}")
    return await desk.open(accept, rules=JINCHUAN_RULES, office=JINCHUAN)
