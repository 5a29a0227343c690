"""Reports as they were compiled, and what they are compiled from: cases, and the ledger, as they stood at an instant."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, text, true
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case.casefile import Case
from domain.postings import received
from domain.reports.figures import Past, past
from domain.reports.periods import Period, ReportKind
from domain.reports.report import Report, read_report
from domain.reports.units import Unit
from domain.rules import OfficeHours
from schema import journal
from schema.tables import case_file, event, report


class Office(NamedTuple):
    """An office that can hold cases, or that supervises one that does."""

    code: str
    name: str
    hours: OfficeHours


class PastCases(NamedTuple):
    """A page of cases as they stood when a period closed.

    Attributes:
        next: The last number of this page, after which the next one begins; None on the last page.
    """

    cases: list[Past]
    next: str | None


class ReportLine(NamedTuple):
    """A report on a list: all but its body."""

    number: str
    office: str
    kind: str
    period_start: date
    period_end: date
    as_of: date
    created_at: datetime


async def offices(connection: AsyncConnection) -> list[Office]:
    """The offices of the rule packs that cases live by. Where packs differ, the one whose name and version sort last counts."""
    return [
        Office(row.code, row.name, OfficeHours.model_validate(row.hours))
        for row in await connection.execute(_OFFICES)
    ]


_OFFICES = text(
    """
    SELECT DISTINCT ON (office.key) office.key AS code, office.value AS name, body -> 'office_hours' AS hours
    FROM rules, jsonb_each_text(body -> 'offices') AS office
    ORDER BY office.key, body ->> 'pack' DESC, digest
    """
)


async def cases_of(connection: AsyncConnection, period: Period, after: str, size: int) -> PastCases:
    """A page of cases by number, as they stood when the period closed, with their events in the period.

    The result does not depend on what was recorded since, nor on the size of the pages. For a day's list (`ReportKind.DAY`) only cases
    that were not over then are returned.
    """
    is_open, owes = case_file.c.ended_on.is_(None), case_file.c.due_on.is_not(None)
    kept = or_(is_open, owes, event.c.at >= period.closes) if period.kind is ReportKind.DAY else true()
    return await _page(connection, period, kept, after, size)


async def changed_cases(connection: AsyncConnection, period: Period, after: str, size: int) -> PastCases:
    """A page of those cases to which something has happened since the period closed, as they stood when it closed."""
    return await _page(connection, period, event.c.at >= period.closes, after, size)


async def _page(
    connection: AsyncConnection, period: Period, kept: ColumnElement[bool], after: str, size: int
) -> PastCases:
    query = (
        select(case_file.c.case_no, case_file.c.state, event.c.at)
        .join(event, and_(event.c.stream == case_file.c.case_no, event.c.seq == case_file.c.seq))
        .where(kept, case_file.c.sequence > func.in_sequence(after))
        .order_by(case_file.c.sequence)
        .limit(size)
    )
    rows = (await connection.execute(query)).all()
    found = []
    for row in rows:
        if row.at < period.begins:
            found.append(Past(Case.model_validate(row.state)))
            continue
        entries = await journal.entries(connection, stream=row.case_no)
        told = past(row.case_no, (entry.event for entry in entries), period)
        if told is not None:
            found.append(told)
    return PastCases(found, rows[-1].case_no if len(rows) == size else None)


async def units_of(connection: AsyncConnection, period: Period) -> list[tuple[str, Unit]]:
    """The debtors of the cases to which nothing has happened since the period closed, by the office that holds them."""
    found = await connection.execute(_UNITS, {"closes": period.closes})
    return [
        (
            row.holder,
            Unit(
                name=row.name,
                code=row.code,
                cases=row.cases,
                unrecognised=int(row.unrecognised),
                recognised_fen=int(row.recognised_fen),
                cleared_fen=int(row.cleared_fen),
                outstanding_fen=int(row.outstanding_fen),
            ),
        )
        for row in found
    ]


_UNITS = text(
    """
    SELECT file.holder, min(file.debtor) AS name, min(file.debtor_code) AS code, count(*) AS cases,
        sum(told.unrecognised) AS unrecognised,
        sum(told.recognised_fen) AS recognised_fen, sum(told.cleared_fen) AS cleared_fen,
        sum(told.undisputed_fen - told.cleared_fen) AS outstanding_fen
    FROM case_file AS file
    JOIN event ON (event.stream, event.seq) = (file.case_no, file.seq) AND event.at < :closes
    CROSS JOIN LATERAL tallies(file) AS told
    WHERE told.kind = 'standing'
    GROUP BY file.holder, coalesce(file.debtor_code, file.debtor)
    """
)


async def received_by(
    connection: AsyncConnection, case_nos: Sequence[str], period: Period
) -> Mapping[str, tuple[int, int]]:
    """What the ledger had in the `received:` account of each case, in fen, when a period began and when it closed.

    A transfer is as old as the entry of the journal that made it. One that no entry made counts at any time.
    """
    accounts = {received(case_no): case_no for case_no in case_nos}
    found = await connection.execute(
        _RECEIVED, {"accounts": list(accounts), "begins": period.begins, "closes": period.closes}
    )
    balances = {row.account: (int(row.before), int(row.until)) for row in found}
    return {case_no: balances.get(account, (0, 0)) for account, case_no in accounts.items()}


_RECEIVED = text(
    """
    SELECT moved.account,
        coalesce(sum(moved.fen) FILTER (WHERE coalesce(event.at < :begins, true)), 0) AS before,
        coalesce(sum(moved.fen) FILTER (WHERE coalesce(event.at < :closes, true)), 0) AS until
    FROM (
        SELECT id, credit AS account, fen FROM transfer WHERE credit = ANY(:accounts) AND phase <> 'pending'
        UNION ALL
        SELECT id, debit, -fen FROM transfer WHERE debit = ANY(:accounts) AND phase <> 'pending'
    ) AS moved
    LEFT JOIN event ON event.stream = split_part(moved.id, '/', 1)
        AND event.seq = CASE WHEN moved.id ~ '^[^/]+/[0-9]{1,9}$' THEN split_part(moved.id, '/', 2)::integer END
    GROUP BY moved.account
    """
)


async def keep(connection: AsyncConnection, compiled: Report) -> bool:
    """Keep a report, for ever; False when there is one of that office and period already."""
    row = {
        "number": compiled.number,
        "office": compiled.scope.office,
        "kind": compiled.kind.value,
        "period_start": compiled.period_start,
        "period_end": compiled.period_end,
        "as_of": compiled.as_of,
        "body": compiled.model_dump(mode="json"),
    }
    return (await connection.execute(upsert(report).values(row).on_conflict_do_nothing())).rowcount == 1


async def find(connection: AsyncConnection, number: str) -> Report | None:
    """The report of that number."""
    query = select(report.c.body).where(report.c.number == number)
    body: Any = (await connection.execute(query)).scalar_one_or_none()
    return read_report(body) if body else None


async def listed(
    connection: AsyncConnection, *, filters: Mapping[str, Any], size: int = 1000
) -> list[ReportLine]:
    """Reports, the latest period first, then by office. `filters` may name `office`, `kind` and `period_start`."""
    query = (
        select(*(report.c[name] for name in ReportLine._fields))
        .order_by(report.c.period_end.desc(), report.c.period_start.desc(), report.c.office)
        .limit(size)
    )
    for name, value in filters.items():
        query = query.where(report.c[name] == value)
    return [ReportLine(*row) for row in await connection.execute(query)]
