"""Documents and reports in sight, without their bytes, and one with them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.reports.report import Report, read_report
from schema.paging import Page, page_of
from schema.seen.sight import Sight
from schema.tables import case_file, delivery, document, outbox, report

_DELIVERIES: Final = (
    select(func.array_agg(func.coalesce(delivery.c.state, "waiting")))
    .select_from(outbox)
    .outerjoin(delivery, (delivery.c.ref == outbox.c.ref) & (delivery.c.office == outbox.c.office))
    .where(outbox.c.ref == document.c.number)
    .scalar_subquery()
    .label("deliveries")
)
_NOTICE: Final = [*(column for column in document.c if column is not document.c.docx), _DELIVERIES]
"""A document without its bytes, with the state of each of its deliveries; to whom they go is not told."""
_REPORT: Final = [column for column in report.c if column is not report.c.body]


class Wanted(NamedTuple):
    """Which documents: of a kind, of a day, of a case; all, where none is said."""

    notice: str | None = None
    issued_on: date | None = None
    case_no: str | None = None


async def notices_seen(
    connection: AsyncConnection,
    sight: Sight,
    wanted: Wanted = Wanted(),
    *,
    before: int | None = None,
    size: int,
) -> Page[Row[Any]]:
    """The documents of the cases in sight, the latest first; `before` is the place of one (`place_seen`)."""
    query = _of_cases_seen(sight, *_NOTICE)
    for name, value in wanted._asdict().items():
        if value is not None:
            query = query.where(document.c[name] == value)
    if before is not None:
        query = query.where(document.c.id < before)
    return await _page(connection, query.order_by(document.c.id.desc()), size)


async def notices_of_case_seen(
    connection: AsyncConnection, sight: Sight, case_no: str, most: int
) -> Sequence[Row[Any]]:
    """The latest documents of a case, the last first."""
    query = _of_cases_seen(sight, *_NOTICE).where(document.c.case_no == case_no)
    return await _rows(connection, query.order_by(document.c.id.desc()).limit(most))


async def place_seen(connection: AsyncConnection, sight: Sight, number: str) -> int | None:
    """Where a document stands among all. That is told to nobody: it would say how many others there are."""
    query = _of_cases_seen(sight, document.c.id).where(document.c.number == number)
    found: int | None = (await connection.execute(query)).scalar_one_or_none()
    return found


async def docx_seen(connection: AsyncConnection, sight: Sight, number: str) -> bytes | None:
    """A document, if its case may be seen."""
    query = _of_cases_seen(sight, document.c.docx).where(document.c.number == number)
    found: bytes | None = (await connection.execute(query)).scalar_one_or_none()
    return found


def _of_cases_seen(sight: Sight, *columns: Any) -> Select[Any]:
    return select(*columns).join(case_file, case_file.c.case_no == document.c.case_no).where(sight.cases())


async def reports_seen(
    connection: AsyncConnection,
    sight: Sight,
    *,
    kind: str | None = None,
    before: tuple[date, str] | None = None,
    size: int,
) -> Page[Row[Any]]:
    """The reports of the offices in sight, the latest period first; `before` is the end and number of one."""
    query = select(*_REPORT).where(sight.offices(report.c.office))
    if kind is not None:
        query = query.where(report.c.kind == kind)
    if before is not None:
        query = query.where(tuple_(report.c.period_end, report.c.number) < tuple_(*before))
    return await _page(connection, query.order_by(report.c.period_end.desc(), report.c.number.desc()), size)


async def report_seen(connection: AsyncConnection, sight: Sight, number: str) -> Report | None:
    """A report, if it may be seen."""
    query = select(report.c.body).where(report.c.number == number, sight.offices(report.c.office))
    body: Any = (await connection.execute(query)).scalar_one_or_none()
    return read_report(body) if body is not None else None


async def _page(connection: AsyncConnection, query: Select[Any], size: int) -> Page[Row[Any]]:
    async def read(most: int) -> Sequence[Row[Any]]:
        return await _rows(connection, query.limit(most))

    return await page_of(read, size)


async def _rows(connection: AsyncConnection, query: Select[Any]) -> Sequence[Row[Any]]:
    found: Sequence[Row[Any]] = (await connection.execute(query)).all()
    return found
