"""The Temporal schedules. A worker creates and updates them at its start, so that they are as declared here."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, NamedTuple

import structlog
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError

from domain.reports.periods import ReportKind
from workflows.delivery import DeliverPost, TellPeople, TellSubscribers
from workflows.queue import TASK_QUEUE
from workflows.rhythm import CatchUp, CompileReports, TallyAnew

log = structlog.get_logger(__name__)

_ANSWER_WITHIN: Final = timedelta(seconds=10)


class Entry(NamedTuple):
    """A workflow that is started by the clock of Asia/Shanghai. It never runs twice at a time.

    Attributes:
        id: The schedule's, and the beginning of its workflows'.
        times: Ranges of hours, minutes and days, as tuples.
        catch_up: How long after its time a start that was missed is still made.
        overlap: What becomes of a start while an earlier one still runs.
    """

    id: str
    run: Callable[..., Awaitable[Any]]
    times: tuple[ScheduleCalendarSpec, ...]
    catch_up: timedelta
    args: tuple[Any, ...] = ()
    overlap: ScheduleOverlapPolicy = ScheduleOverlapPolicy.SKIP

    def schedule(self) -> Schedule:
        """The entry as Temporal wants it."""
        return Schedule(
            action=ScheduleActionStartWorkflow(
                self.run, args=list(self.args), id=self.id, task_queue=TASK_QUEUE
            ),
            spec=ScheduleSpec(calendars=list(self.times), time_zone_name="Asia/Shanghai"),
            policy=SchedulePolicy(overlap=self.overlap, catchup_window=self.catch_up),
        )


def _reports(kind: ReportKind, catch_up: timedelta, minute: int, hour: int = 8, **days: Any) -> Entry:
    """Reports of a kind, at that minute; after an outage the one that is waiting is made too."""
    at = ScheduleCalendarSpec(hour=(ScheduleRange(hour),), minute=(ScheduleRange(minute),), **days)
    waits = ScheduleOverlapPolicy.BUFFER_ONE
    return Entry(f"reports-{kind.value}", CompileReports.run, (at,), catch_up, (kind,), waits)


_FIRST: Final = (ScheduleRange(1),)

SCHEDULES: Final = (
    Entry(
        "deliver-post",
        DeliverPost.run,
        (ScheduleCalendarSpec(hour=(ScheduleRange(9, 17),), minute=(ScheduleRange(0, 59, 10),)),),
        timedelta(hours=1),
    ),
    Entry(
        "tell-subscribers",
        TellSubscribers.run,
        (ScheduleCalendarSpec(hour=(ScheduleRange(0, 23),), minute=(ScheduleRange(0, 59),)),),
        timedelta(minutes=5),
    ),
    Entry(
        "tell-people",
        TellPeople.run,
        (ScheduleCalendarSpec(hour=(ScheduleRange(0, 23),), minute=(ScheduleRange(0, 59),)),),
        timedelta(minutes=5),
    ),
    Entry(
        "catch-up",
        CatchUp.run,
        (ScheduleCalendarSpec(hour=(ScheduleRange(3),), minute=(ScheduleRange(10),)),),
        timedelta(hours=12),
    ),
    Entry(
        "tally-anew",
        TallyAnew.run,
        (ScheduleCalendarSpec(hour=(ScheduleRange(3),), minute=(ScheduleRange(40),)),),
        timedelta(hours=12),
    ),
    _reports(ReportKind.DAY, timedelta(hours=12), minute=30),
    _reports(ReportKind.WEEK, timedelta(days=6), minute=40, day_of_week=_FIRST),
    _reports(ReportKind.MONTH, timedelta(days=14), minute=45, day_of_month=_FIRST),
    _reports(
        ReportKind.QUARTER,
        timedelta(days=14),
        minute=50,
        day_of_month=_FIRST,
        month=(ScheduleRange(1, 10, 3),),
    ),
    _reports(ReportKind.YEAR, timedelta(days=30), minute=0, hour=9, day_of_month=_FIRST, month=_FIRST),
)
"""Delivery tries every ten minutes from 9:00 until 18:00; programs and people are told every minute. Workflows catch up and cases are
counted at night, when nobody waits. The day's lists come before the office opens, on days off as well: there is nothing on them then;
of a day that is over nobody needs one. Reports that an outage has delayed are made when it is over.
"""


async def ensure_schedules(client: Client, entries: tuple[Entry, ...] = SCHEDULES) -> None:
    """Create the schedules that are missing and change those that are otherwise. A paused one stays paused.

    Where Temporal does not allow it, somebody else has to keep them, and the worker works without.
    """
    for entry in entries:
        try:
            await _ensure(client, entry)
        except RPCError as error:
            log.warning("schedule_not_ensured", schedule=entry.id, reason=error.status.name)


async def _ensure(client: Client, entry: Entry) -> None:
    wanted = entry.schedule()
    try:
        await client.create_schedule(entry.id, wanted, rpc_timeout=_ANSWER_WITHIN)
        log.info("schedule_created", schedule=entry.id)
        return
    except ScheduleAlreadyRunningError:
        handle = client.get_schedule_handle(entry.id)
    args = await client.data_converter.encode(entry.args)

    def changed(known: ScheduleUpdateInput) -> ScheduleUpdate | None:
        found = known.description.schedule
        action = found.action
        assert isinstance(action, ScheduleActionStartWorkflow)
        asked = wanted.action
        assert isinstance(asked, ScheduleActionStartWorkflow)
        same = (action.workflow, action.task_queue, list(action.args)) == (
            asked.workflow,
            asked.task_queue,
            args,
        )
        if same and (found.spec, found.policy) == (wanted.spec, wanted.policy):
            return None
        log.info("schedule_changed", schedule=entry.id)
        return ScheduleUpdate(replace(wanted, state=found.state))

    await handle.update(changed, rpc_timeout=_ANSWER_WITHIN)
