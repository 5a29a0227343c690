"""Workflows that schedules start: the reports (日周月季年), and two nightly jobs, catching up with the record and the tallies."""

from datetime import date

from temporalio import workflow
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from activities.catching_up import Reviver
    from activities.reports import ReportCompiler, ReportRequest
    from activities.tallying import Tallier
    from domain.calendar import business_date
    from domain.reports.periods import ReportKind
    from workflows.commitment import LONG_ACTIVITY_OPTIONS

SCHEDULED = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")
"""When the schedule was to start the workflow. After an outage it starts later than this."""


@workflow.defn
class CompileReports:
    """Compiles the reports of one kind for all offices, once."""

    @workflow.run
    async def run(self, kind: ReportKind, as_of: date | None = None) -> int:
        """Compile the reports that do not exist yet; returns how many those were.

        Args:
            as_of: The business day on which the reports are due; by default the day of the schedule.
        """
        now = workflow.now()
        meant = workflow.info().typed_search_attributes.get(SCHEDULED, now)
        request = ReportRequest(kind=kind, as_of=as_of or business_date(meant), now=max(now, meant))
        return await workflow.execute_activity_method(
            ReportCompiler.compile_reports, request, **LONG_ACTIVITY_OPTIONS
        )


@workflow.defn
class CatchUp:
    """Once a night: makes sure that the workflows of the most recent journal entries know them."""

    @workflow.run
    async def run(self) -> int:
        """Returns how many cases and batches were checked."""
        return await workflow.execute_activity_method(Reviver.catch_up_latest, **LONG_ACTIVITY_OPTIONS)


@workflow.defn
class TallyAnew:
    """Once a night: recounts the tallies that overviews add up, so that they stay small."""

    @workflow.run
    async def run(self) -> None:
        """Returns when the recount is recorded."""
        await workflow.execute_activity_method(Tallier.tally_cases_anew, **LONG_ACTIVITY_OPTIONS)
