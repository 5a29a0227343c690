"""Reports are compiled once, say the same whenever that is, agree with the ledger, and go on where a killed worker was."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import ActivityError, ApplicationError

import activities.heartbeat
import activities.reports
from activities.reports import DOES_NOT_RECONCILE, TOO_EARLY
from domain.calendar import SHANGHAI
from domain.reports.periods import ReportKind
from domain.reports.report import DayReport
from office.calendar.loading import calendar_of
from office.verification.verifying import verify
from schema import reports
from tests.reports.office import (
    MAY_DAY,
    compiled,
    forget,
    letters,
    move_money,
    open_elsewhere,
    report_of,
    stored,
)
from tests.stack import (
    PROMPT,
    SUPERIOR,
    Desk,
    fen,
    order,
    paid,
    until_closed,
    until_objected,
    until_planned,
)

DAY, WEEK, MONTH, QUARTER, YEAR = ReportKind


async def failure_of(client: Client, kind: ReportKind, as_of: date = MAY_DAY) -> ApplicationError:
    """The error with which compiling must fail."""
    with pytest.raises(WorkflowFailureError) as error:
        await compiled(client, kind, as_of)
    assert isinstance(error.value.cause, ActivityError)
    assert isinstance(error.value.cause.cause, ApplicationError)
    return error.value.cause.cause


@pytest.mark.long
async def test_every_office_above_a_case_gets_one_report_and_one_letter(desk: Desk) -> None:
    await calendar_of(desk.engine, MAY_DAY)
    await desk.open(*until_closed())
    await desk.open(*until_planned("100万元"))
    began = datetime.now(UTC)
    assert await compiled(desk.client, MONTH) == 3
    found = await stored(desk.engine)
    assert sorted(found) == ["RB-620000-2023-M04", "RB-620100-2023-M04", "RB-620105-2023-M04"]
    assert await compiled(desk.client, MONTH) == 0
    assert await stored(desk.engine) == found
    district = await report_of(desk.engine, "RB-620105-2023-M04")
    assert (district.figures.cases.total, district.figures.cases.open) == (2, 1)
    assert district.figures.amounts.cleared_fen == fen("300万元")
    assert district.figures.amounts.outstanding_fen == fen("100万元")
    for number, office, subject, deliver_at in await letters(desk.engine):
        assert number == f"RB-{office}-2023-M04"
        assert subject == f"{found[number].scope.name}2023年4月清欠月报"
        told = deliver_at.astimezone(SHANGHAI)
        assert (told.hour >= 9, told.minute, told > began) == (True, 0, True)
    assert len(await letters(desk.engine)) == 3


@pytest.mark.long
async def test_a_city_is_the_sum_of_its_districts_and_of_nothing_else(desk: Desk) -> None:
    await desk.open(*until_closed())
    await open_elsewhere(desk)
    assert await compiled(desk.client, WEEK) == 5
    found = {number: (await report_of(desk.engine, number)).figures for number in await stored(desk.engine)}
    assert found["RB-620302-2023-W17"].cases.accepted == 1
    assert found["RB-620300-2023-W17"] == found["RB-620302-2023-W17"]
    assert found["RB-620100-2023-W17"] == found["RB-620105-2023-W17"]
    assert found["RB-620000-2023-W17"].cases.total == 2
    assert found["RB-620000-2023-W17"].amounts.claimed_fen == 2 * fen("400万元")


@pytest.mark.long
async def test_a_report_is_the_same_when_it_is_compiled_later_and_more_has_happened(desk: Desk) -> None:
    """Money is paid, one case is closed, and another is taken over by the city: April stays as it was."""
    fund = order("fund", "finance:钱@620105", source="budget", amount="300万元", reference="安财预1号")
    working = await desk.open(*until_planned("300万元", "budget"), fund, *paid("100万元", "PZ-1"))
    idle = await desk.open(*until_objected(), rules=PROMPT)
    kinds = (WEEK, MONTH)
    await desk.move_to(date(2023, 5, 5))
    for kind in kinds:
        await compiled(desk.client, kind, date(2023, 5, 5))
    await compiled(desk.client, DAY, date(2023, 4, 28))
    before = await stored(desk.engine)
    assert (await report_of(desk.engine, "RB-620105-2023-M04")).figures.amounts.cleared_fen == fen("100万元")
    for told in paid("200万元", "PZ-2", date(2023, 5, 5)):
        await desk.cases.act(working, told)
    await desk.move_to(date(2023, 7, 20))
    assert (await desk.show(idle))["holder"] == "620100"
    await forget(desk.engine)
    for kind in kinds:
        await compiled(desk.client, kind, date(2023, 5, 5))
    await compiled(desk.client, DAY, date(2023, 4, 28))
    assert await stored(desk.engine) == before
    assert await compiled(desk.client, QUARTER, date(2023, 7, 1)) == 2, "by then the city held both"
    assert (await verify(desk.client, desk.engine))["ok"]


@pytest.mark.long
async def test_what_is_taken_over_is_the_citys(desk: Desk) -> None:
    await desk.open(*until_objected(), rules=PROMPT)
    await desk.move_to(date(2023, 7, 20))
    await compiled(desk.client, MONTH, date(2023, 6, 1))
    assert "RB-620105-2023-M05" in await stored(desk.engine)
    assert await compiled(desk.client, DAY, date(2023, 7, 20)) == 2
    found = await stored(desk.engine)
    assert "RB-620105-2023-07-20" not in found
    city, province = found["RB-620100-2023-07-20"], found["RB-620000-2023-07-20"]
    assert isinstance(city, DayReport)
    assert isinstance(province, DayReport)
    assert city.agenda == province.agenda
    assert [item.duty for item in city.agenda.duties.items] == ["verification", "gate", "gate"]
    assert [item.subject for item in city.gates.items] == ["interview"]
    assert [item.subject for item in province.gates.items] == ["referred"]


@pytest.mark.long
async def test_an_appeal_that_waits_is_on_the_list_after_the_end_of_its_case(desk: Desk) -> None:
    appealed = await desk.open(*until_closed(), order("appeal", "creditor:赵", reason="少付一笔"))
    late = date(2023, 5, 15)
    await desk.move_to(late)
    assert await compiled(desk.client, DAY, late) == 3
    for report in (await stored(desk.engine)).values():
        assert isinstance(report, DayReport)
        assert (report.agenda.lapsed, report.agenda.duties.count) == (1, 1)
        (item,) = report.agenda.duties.items
        assert (item.case_no, item.duty) == (appealed, "appeal")
    await desk.cases.act(appealed, order("uphold", SUPERIOR, reason="已付清"))
    await forget(desk.engine)
    assert await compiled(desk.client, DAY, date(2023, 5, 22)) == 0


async def test_there_is_a_list_on_working_days_alone(desk: Desk) -> None:
    """Before a calendar is loaded Monday is one; the calendar says that 1 May is none, and that 6 May, a Saturday, is."""
    await desk.open()
    assert await compiled(desk.client, DAY, date(2023, 4, 30)) == 0
    await calendar_of(desk.engine, MAY_DAY)
    assert await compiled(desk.client, DAY, MAY_DAY) == 0
    assert await compiled(desk.client, DAY, date(2023, 5, 6)) == 3


async def test_without_a_calendar_offices_work_from_monday_to_friday(desk: Desk) -> None:
    await desk.open()
    assert await compiled(desk.client, DAY, MAY_DAY) == 3


async def test_nothing_is_compiled_where_there_is_no_case(desk: Desk) -> None:
    assert await compiled(desk.client, MONTH) == 0
    await desk.open()
    assert await compiled(desk.client, MONTH, date(2023, 4, 1)) == 0, "in March there was none"


async def test_a_period_that_has_not_closed_is_not_reported(desk: Desk) -> None:
    failure = await failure_of(desk.client, YEAR, date(2999, 1, 1))
    assert (failure.type, failure.non_retryable) == (TOO_EARLY, True)
    assert "2998 closes at 2999-01-01T00:00:00+08:00" in str(failure)


@pytest.mark.long
async def test_a_report_that_does_not_agree_with_the_ledger_is_not_stored(desk: Desk) -> None:
    case_no = await desk.open(*until_closed())
    await open_elsewhere(desk)
    await move_money(desk.engine, "outside:nowhere", f"received:{case_no}", 1, "stray")
    failure = await failure_of(desk.client, MONTH)
    assert (failure.type, failure.non_retryable) == (DOES_NOT_RECONCILE, True)
    # A transfer that no entry made is as old as the ledger: it was there before April, and is no income of April.
    assert list(failure.details) == [f"{case_no}: cleared: report 300.00万元, ledger 300.000001万元"]
    assert sorted(await stored(desk.engine)) == ["RB-620300-2023-M04", "RB-620302-2023-M04"]
    await move_money(desk.engine, f"received:{case_no}", "outside:nowhere", 1, "and back")
    assert await compiled(desk.client, MONTH) == 3


@pytest.mark.long
async def test_what_the_ledger_had_is_told_for_the_beginning_and_the_end(desk: Desk) -> None:
    """Paid on 26 April, denied again on 10 May: April received it, May gave it back."""
    case_no = await desk.open(*until_closed()[:-2])
    await desk.move_to(date(2023, 5, 10))
    denied = order("call_back", "clerk:李敏@620105", satisfied="no", note="未到账", voucher="PZ-1")
    await desk.cases.act(case_no, denied)
    for as_of in (MAY_DAY, date(2023, 6, 1)):
        assert await compiled(desk.client, MONTH, as_of) == 3
    april = await report_of(desk.engine, "RB-620105-2023-M04")
    may = await report_of(desk.engine, "RB-620105-2023-M05")
    assert april.figures.amounts.cleared_in_period_fen == fen("300万元")
    assert may.figures.amounts.cleared_in_period_fen == -fen("300万元")
    assert may.figures.amounts.cleared_fen == 0


class Pages:
    """Reads cases as ever, two at a time, and fails at one page, once."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.after: list[str] = []
        self._fails_at = fails_at
        self._read = reports.cases_of

    async def __call__(self, connection: Any, period: Any, after: str, size: int) -> reports.PastCases:
        self.after.append(after)
        if len(self.after) == self._fails_at:
            raise OSError("the connection is lost")
        return await self._read(connection, period, after, 2)


@pytest.mark.long
@pytest.mark.parametrize("kind", [MONTH, DAY])
async def test_the_pages_in_which_cases_are_read_make_no_difference(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: ReportKind
) -> None:
    for orders in (until_closed(), until_planned(), until_objected(), [], []):
        await desk.open(*orders)
    await compiled(desk.client, kind, date(2023, 5, 15))
    whole = await stored(desk.engine)
    assert len(whole) == 3
    await forget(desk.engine)
    pages = Pages()
    monkeypatch.setattr(reports, "cases_of", pages)
    await compiled(desk.client, kind, date(2023, 5, 15))
    assert len(pages.after) == 3
    assert await stored(desk.engine) == whole


@pytest.mark.long
async def test_the_next_attempt_goes_on_where_the_one_before_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [await desk.open(*orders) for orders in (until_closed(), until_planned(), [], [], [])]
    await compiled(desk.client, MONTH)
    whole = await stored(desk.engine)
    await forget(desk.engine)
    pages = Pages(fails_at=3)
    monkeypatch.setattr(reports, "cases_of", pages)
    monkeypatch.setattr(activities.heartbeat, "EVERY", 0.001)
    assert await compiled(desk.client, MONTH) == 3
    assert pages.after[:3] == ["", cases[1], cases[3]]
    assert pages.after[3] != "", "it did not begin again"
    assert pages.after[-1] == cases[3]
    assert await stored(desk.engine) == whole


async def test_a_stored_report_is_never_changed(desk: Desk, engine: AsyncEngine) -> None:
    await desk.open()
    await compiled(desk.client, MONTH)
    for statement in ("UPDATE report SET office = '620100'", "DELETE FROM report", "TRUNCATE report"):
        with pytest.raises(IntegrityError, match="append-only"):
            async with engine.begin() as connection:
                await connection.execute(text(statement))
