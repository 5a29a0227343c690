"""Compile the reports of all offices for a period, reconcile them with the ledger, store them, and post them.

One pass over the cases serves all offices: each case is counted for the office that held it, and an office's report is the sum of what
it and the offices below it held.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.giving_up import Work, giving_up
from activities.heartbeat import alive
from domain.calendar import Calendar
from domain.money import format_money
from domain.reports.agenda import Agenda, Items, agenda_of, gates_of, together, worst
from domain.reports.figures import Figures, figures_of, total
from domain.reports.periods import Period, ReportKind, period_of
from domain.reports.report import DayParts, Report, day_list, report_on
from domain.reports.text import as_text, title_of
from domain.reports.units import Unit, unit_of
from domain.rules import subtree
from domain.value import Value
from schema import calendars, post, reports
from schema.reports import Office

log = structlog.get_logger(__name__)

AT_ONCE: Final = 100
"""How many cases are read at a time, so that memory does not grow with their number."""

TOO_EARLY: Final = "TooEarly"
"""The type of the application error that says when the period closes."""

DOES_NOT_RECONCILE: Final = "DoesNotReconcile"
"""The type of the application error whose details name the differences between reports and ledger."""


class ReportRequest(Value):
    """Compile what is reported on the day `as_of`, asked at the business instant `now`."""

    kind: ReportKind
    as_of: date
    now: datetime


class Progress(Value):
    """The progress of the pass over all cases, up to the case `after`; figures and differences by the office that holds them."""

    after: str = ""
    done: bool = False
    held: Mapping[str, Figures] = {}
    differences: Mapping[str, tuple[str, ...]] = {}


class ReportCompiler:
    """Compiles reports for all offices of the rule packs that cases live by."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def compile_reports(self, request: ReportRequest) -> int:
        """Compile the reports that are not there yet; returns how many. There is no day's list on a day off.

        An attempt goes on where the one before was when it last gave a sign of life.

        Raises:
            ApplicationError: The period has not closed yet. Or figures and ledger differ: the reports that this does not touch
                are stored, the others are not.
        """
        step = Work(f"reports/{request.kind}", f"{request.as_of}", "compile")
        async with giving_up(self._engine, step):
            return await self._compile(request)

    async def _compile(self, request: ReportRequest) -> int:
        period = period_of(request.kind, request.as_of)
        if request.now < period.closes:
            said = f"{period.code} closes at {period.closes.isoformat()}"
            raise ApplicationError(said, type=TOO_EARLY, non_retryable=True)
        async with self._engine.connect() as connection:
            calendar = await _calendar(connection, period)
            offices = await reports.offices(connection)
        if period.kind is ReportKind.DAY:
            return await self._list(period, offices, calendar, request.now)
        return await self._report(period, offices, calendar, request.now)

    async def _list(
        self, period: Period, offices: Sequence[Office], calendar: Calendar, now: datetime
    ) -> int:
        if not calendar.is_working(period.start):
            return 0
        async with alive():
            parts = await self._day(period, {office.code: office.name for office in offices})
            compiled = [(office, day_list(office.code, office.name, period, parts)) for office in offices]
            return await self._store(compiled, calendar, now)

    async def _report(
        self, period: Period, offices: Sequence[Office], calendar: Calendar, now: datetime
    ) -> int:
        progress = Progress.model_validate(next(iter(activity.info().heartbeat_details), {}))
        async with alive(lambda: (progress,)):
            while not progress.done:
                progress = await self._count(period, progress)
            sound = [office for office in offices if not _reaches(office.code, progress.differences)]
            units = await self._units(period)
            compiled = [
                (office, report_on(office.code, office.name, period, progress.held, units))
                for office in sound
            ]
            stored = await self._store(compiled, calendar, now)
        if differences := [one for found in progress.differences.values() for one in found]:
            said = f"{period.code} does not reconcile: {'; '.join(differences)}"
            raise ApplicationError(said, *differences, type=DOES_NOT_RECONCILE, non_retryable=True)
        return stored

    async def _day(self, period: Period, names: Mapping[str, str]) -> DayParts:
        """What each office has to do on a day, by the office that holds the case, and what its head has to decide."""
        held: dict[str, list[Agenda]] = defaultdict(list)
        gates: dict[str, list[Items]] = defaultdict(list)
        after: str | None = ""
        while after is not None:
            async with self._engine.connect() as connection:
                page = await reports.cases_of(connection, period, after, AT_ONCE)
            after = page.next
            for case in (told.case for told in page.cases if not told.case.is_over):
                held[case.holder].append(agenda_of(case, period.start, names))
                for office, items in gates_of(case, period.start, names):
                    gates[office].append(items)
            held |= {code: [together(known)] for code, known in held.items()}
            gates |= {code: [worst(known)] for code, known in gates.items()}
        return DayParts(
            {code: together(known) for code, known in held.items()},
            {code: worst(known) for code, known in gates.items()},
        )

    async def _units(self, period: Period) -> Mapping[str, Sequence[Unit]]:
        """The debtors of what each office holds: added up in the record, but for cases that have changed since the period closed.

        Both are of one moment: a case that changes meanwhile would be counted twice.
        """
        held: dict[str, list[Unit]] = defaultdict(list)
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            for holder, unit in await reports.units_of(connection, period):
                held[holder].append(unit)
            after: str | None = ""
            while after is not None:
                page = await reports.changed_cases(connection, period, after, AT_ONCE)
                after = page.next
                for told in page.cases:
                    held[told.case.holder].append(unit_of(told, period.end))
        return held

    async def _count(self, period: Period, progress: Progress) -> Progress:
        """The next page of cases, added to what has been counted before."""
        async with self._engine.connect() as connection:
            page = await reports.cases_of(connection, period, progress.after, AT_ONCE)
            numbers = [told.case.case_no for told in page.cases]
            balances = await reports.received_by(connection, numbers, period)
        held = defaultdict(list, {code: [figures] for code, figures in progress.held.items()})
        differences = dict(progress.differences)
        for told in page.cases:
            case, figures = told.case, figures_of(told, period)
            held[case.holder].append(figures)
            if found := _differences(case.case_no, figures, *balances[case.case_no]):
                differences[case.holder] = (*differences.get(case.holder, ()), *found)
        return Progress(
            after=page.next or "",
            done=page.next is None,
            held={code: total(figures) for code, figures in held.items()},
            differences=differences,
        )

    async def _store(
        self, compiled: Iterable[tuple[Office, Report | None]], calendar: Calendar, now: datetime
    ) -> int:
        """Store and post each report that is not there yet, in a transaction of its own; returns how many."""
        stored = 0
        for office, report in compiled:
            if report is None:
                continue
            async with self._engine.begin() as connection:
                if not await reports.keep(connection, report):
                    continue
                deliver_at = office.hours.next_hour(calendar, now)
                await post.post(
                    connection,
                    report.number,
                    "report",
                    office.code,
                    title_of(report),
                    as_text(report),
                    deliver_at,
                )
                stored += 1
        log.info("compiled", stored=stored)
        return stored


async def _calendar(connection: AsyncConnection, period: Period) -> Calendar:
    """The calendar in use. Until one is loaded, offices work from Monday to Friday."""
    known = await calendars.current(connection, period.start)
    return known or Calendar(version="", horizon=period.end, exceptions=frozenset())


def _reaches(office: str, holders: Iterable[str]) -> bool:
    """Whether one of the holders is the office or below it."""
    own = subtree(office)
    return any(own.fullmatch(holder) for holder in holders)


def _differences(case_no: str, figures: Figures, before_fen: int, until_fen: int) -> list[str]:
    """Where what is reported as cleared is not what the ledger says was received."""
    amounts = figures.amounts
    told = (
        ("cleared", amounts.cleared_fen, until_fen),
        (
            "cleared in the period, or before and taken in",
            amounts.cleared_in_period_fen + amounts.taken_in_in_period_fen,
            until_fen - before_fen,
        ),
    )
    return [
        f"{case_no}: {name}: report {format_money(reported)}, ledger {format_money(kept)}"
        for name, reported, kept in told
        if reported != kept
    ]
