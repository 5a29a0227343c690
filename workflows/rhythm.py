"""What comes round by the calendar: reports 日周月季年, and at night a look whether workflows know what is on record, and a count."""

from datetime import date

from temporalio import workflow
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from activities.catching_up import Reviver
    from activities.reports import ReportCompiler, ReportRequest
    from activities.tallying import Tallier
    from domain.calendar import business_date
    from domain.reports.periods import ReportKind
    from workflows.commitment import AT_LENGTH

SCHEDULED = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")
"""When a schedule meant the workflow to start. One that catches up after an outage starts it later."""


@workflow.defn
class CompileReports:
    """Compiles the reports of one kind for all offices, once."""

    @workflow.run
    async def run(self, kind: ReportKind, as_of: date | None = None) -> int:
        """Returns how many reports were not there yet.

        Args:
            as_of: The business day on which the reports are due; without it, that of the schedule.
        """
        now = workflow.now()
        meant = workflow.info().typed_search_attributes.get(SCHEDULED, now)
        request = ReportRequest(kind=kind, as_of=as_of or business_date(meant), now=max(now, meant))
        return await workflow.execute_activity_method(ReportCompiler.compile_reports, request, **AT_LENGTH)


@workflow.defn
class CatchUp:
    """Has the workflows of what was recorded last know all of it, once."""

    @workflow.run
    async def run(self) -> int:
        """Returns how many cases and batches it has seen to."""
        return await workflow.execute_activity_method(Reviver.catch_up_latest, **AT_LENGTH)


@workflow.defn
class TallyAnew:
    """Has the cases counted that overviews are of, once."""

    @workflow.run
    async def run(self) -> None:
        """Returns when they are counted."""
        await workflow.execute_activity_method(Tallier.tally_cases_anew, **AT_LENGTH)
