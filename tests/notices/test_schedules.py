"""The clock delivers the post: schedules are there once, as they are written, and start the workflow that does it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, ScheduleActionStartWorkflow, ScheduleCalendarSpec, ScheduleRange
from temporalio.service import RPCError, RPCStatusCode

from activities.requests import Delivered
from domain.calendar import SHANGHAI
from runtime.schedules import SCHEDULES, ensure_schedules
from schema import post
from tests.notices.paperwork import CASE, NOW, PostOffice, notice
from tests.notices.test_issuing import issuing
from tests.record.paper import Paper
from tests.stack import DISTRICT, Desk, Servers, eventually
from workflows.delivery import DeliverPost
from workflows.queue import TASK_QUEUE

DELIVERY = SCHEDULES[0]


@pytest.fixture
async def client(scheduling: Servers, engine: AsyncEngine) -> Client:
    """A client of a Temporal that has schedules."""
    return await scheduling.client(engine)


async def updates(client: Client) -> int:
    """How often the delivery's schedule has been changed since it was created."""
    described = await client.get_schedule_handle(DELIVERY.id).describe()
    return 0 if described.info.last_updated_at is None else 1


@pytest.mark.long
async def test_a_schedule_is_created_once_and_left_as_it_is(client: Client) -> None:
    for _ in range(3):
        await ensure_schedules(client)
    listed = [found.id async for found in await client.list_schedules()]
    assert len(set(listed)) == len(listed) <= len(SCHEDULES)
    assert await updates(client) == 0
    described = await client.get_schedule_handle(DELIVERY.id).describe()
    hours = [(at.astimezone(SHANGHAI).hour, at.minute) for at in described.info.next_action_times]
    assert hours
    assert all(9 <= hour < 18 and minute % 10 == 0 for hour, minute in hours)
    assert described.schedule.policy == DELIVERY.schedule().policy
    assert described.schedule.policy.catchup_window == timedelta(hours=1)


async def test_a_schedule_that_is_written_otherwise_is_changed_and_stays_paused(client: Client) -> None:
    await ensure_schedules(client)
    handle = client.get_schedule_handle(DELIVERY.id)
    await handle.pause(note="邮件服务器检修")
    sooner = DELIVERY._replace(times=(ScheduleCalendarSpec(hour=(ScheduleRange(8),)),))
    await ensure_schedules(client, (sooner,))
    described = await handle.describe()
    assert described.schedule.spec == sooner.schedule().spec
    assert (described.schedule.state.paused, described.schedule.state.note) == (True, "邮件服务器检修")
    assert isinstance(described.schedule.action, ScheduleActionStartWorkflow)
    assert described.schedule.action.workflow == "DeliverPost"


async def test_a_schedule_with_arguments_is_compared_with_them(client: Client) -> None:
    weekly = DELIVERY._replace(args=("week",))
    await ensure_schedules(client, (weekly,))
    await ensure_schedules(client, (weekly,))
    assert await updates(client) == 0
    await ensure_schedules(client, (weekly._replace(args=("month",)),))
    assert await updates(client) == 1


async def test_a_worker_works_where_schedules_are_not_allowed(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def denied(*_: Any, **__: Any) -> None:
        raise RPCError("no", RPCStatusCode.PERMISSION_DENIED, b"")

    monkeypatch.setattr(Client, "create_schedule", denied)
    await ensure_schedules(client)
    assert "PERMISSION_DENIED" in capsys.readouterr().out


async def states(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return {one.state for one in await post.deliveries(connection, [notice().number])}


@pytest.mark.long
async def test_the_schedule_delivers_what_is_due(desk: Desk) -> None:
    paper = Paper(desk.engine)
    await paper.receive(CASE)
    await paper.record(await issuing(paper, notice()))
    assert await states(desk.engine) == {"waiting"}
    await ensure_schedules(desk.client)
    await desk.client.get_schedule_handle(DELIVERY.id).trigger()

    async def are_delivered() -> bool:
        return await states(desk.engine) == {"delivered"}

    await eventually(are_delivered)


async def test_a_case_does_not_wait_for_the_post(desk: Desk, office: PostOffice) -> None:
    """An endpoint is dead; the workflow that delivers says so, and is done."""
    async with desk.engine.begin() as connection:
        await post.post(connection, "周报", "report", DISTRICT, "周报", "正文", NOW)
    found = await desk.client.execute_workflow(DeliverPost.run, id="deliver", task_queue=TASK_QUEUE)
    assert found == Delivered(messages=1, letters=1)
    assert (
        await desk.client.execute_workflow(DeliverPost.run, id="again", task_queue=TASK_QUEUE) == Delivered()
    )
