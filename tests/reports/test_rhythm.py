"""Schedules have reports compiled, and one that catches up late still means the period it was to report."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, ScheduleBackfill, ScheduleOverlapPolicy

from domain.calendar import SHANGHAI
from domain.reports.periods import ReportKind
from runtime.schedules import SCHEDULES, Entry, ensure_schedules
from tests.reports.office import stored
from tests.stack import Desk, Servers, eventually, until_planned

ENTRIES = {entry.id: entry for entry in SCHEDULES if entry.id.startswith("reports-")}


@pytest.fixture
async def client(scheduling: Servers, engine: AsyncEngine) -> Client:
    """A client of a Temporal that has schedules."""
    return await scheduling.client(engine)


async def times(client: Client, entry: Entry) -> Sequence[datetime]:
    """When a schedule will next start its workflow, in Shanghai."""
    await ensure_schedules(client, (entry,))
    described = await client.get_schedule_handle(entry.id).describe()
    return [at.astimezone(SHANGHAI) for at in described.info.next_action_times]


async def test_each_kind_has_its_hour(client: Client) -> None:
    assert set(ENTRIES) == {f"reports-{kind.value}" for kind in ReportKind}
    day, week, month, quarter, year = [
        (await times(client, ENTRIES[f"reports-{kind.value}"]))[:4] for kind in ReportKind
    ]
    assert {f"{at:%H:%M}" for at in day} == {"08:30"}
    assert {later.date() - at.date() for at, later in pairwise(day)} == {timedelta(days=1)}
    assert {f"{at:%a %H:%M}" for at in week} == {"Mon 08:40"}
    assert {f"{at:%d %H:%M}" for at in month} == {"01 08:45"}
    assert {f"{at:%d %H:%M}" for at in quarter} == {"01 08:50"}
    assert {at.month for at in quarter} == {1, 4, 7, 10}
    assert {f"{at:%m-%d %H:%M}" for at in year} == {"01-01 09:00"}


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "at", "number"),
    [
        ("day", datetime(2023, 4, 28, 8, 30, tzinfo=SHANGHAI), "RB-620105-2023-04-28"),
        ("week", datetime(2023, 5, 1, 8, 40, tzinfo=SHANGHAI), "RB-620105-2023-W17"),
        ("month", datetime(2023, 5, 1, 8, 45, tzinfo=SHANGHAI), "RB-620105-2023-M04"),
        ("quarter", datetime(2023, 7, 1, 8, 50, tzinfo=SHANGHAI), "RB-620105-2023-Q2"),
        ("year", datetime(2024, 1, 1, 9, 0, tzinfo=SHANGHAI), "RB-620105-2023"),
    ],
)
async def test_a_schedule_that_is_late_by_years_reports_the_period_it_meant(
    desk: Desk, kind: str, at: datetime, number: str
) -> None:
    await desk.open(*until_planned())
    entry = ENTRIES[f"reports-{kind}"]
    await ensure_schedules(desk.client, (entry,))
    margin = timedelta(minutes=1)
    await desk.client.get_schedule_handle(entry.id).backfill(
        ScheduleBackfill(
            start_at=(at - margin).astimezone(UTC),
            end_at=(at + margin).astimezone(UTC),
            overlap=ScheduleOverlapPolicy.ALLOW_ALL,
        )
    )

    async def is_there() -> bool:
        return number in await stored(desk.engine)

    await eventually(is_there)


@pytest.mark.long
async def test_an_entry_that_is_as_it_is_written_is_left_alone(client: Client) -> None:
    for entry in ENTRIES.values():
        handle = client.get_schedule_handle(entry.id)
        await times(client, entry)
        before = (await handle.describe()).info.last_updated_at
        await times(client, entry)
        assert (await handle.describe()).info.last_updated_at == before
