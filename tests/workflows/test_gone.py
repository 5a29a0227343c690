"""A workflow that was cancelled, terminated or deleted while its case or batch is open: whoever acts on it is told what happened."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import (
    DeleteWorkflowExecutionRequest,
    ResetWorkflowExecutionRequest,
)
from temporalio.client import WorkflowFailureError
from temporalio.service import RPCError, RPCStatusCode

from domain.refusal import Code, Refusal
from office.away import ServerAway
from office.gone import WorkflowGone
from office.verification.verifying import verify
from schema import bonds
from tests.stack import CLERK, HEAD, TO_COURT, Desk, agreed, eventually, order, until_planned
from tests.workflows.test_bonds import APPROVE, arrive, has_admitted, pass_cut_off, recording_held_up

ACCEPT = order("accept", CLERK)


async def cancel(desk: Desk, stream: str) -> None:
    await desk.handle(stream).cancel()
    with pytest.raises(WorkflowFailureError):
        await desk.handle(stream).result()


async def terminate(desk: Desk, stream: str) -> None:
    await desk.handle(stream).terminate()


async def delete(desk: Desk, stream: str) -> None:
    request = DeleteWorkflowExecutionRequest(
        namespace=desk.client.namespace, workflow_execution=WorkflowExecution(workflow_id=stream)
    )
    await desk.client.workflow_service.delete_workflow_execution(request)

    async def is_gone() -> bool:
        try:
            await desk.handle(stream).describe()
        except RPCError as error:
            return error.status is RPCStatusCode.NOT_FOUND
        return False

    await eventually(is_gone, within=90)


WAYS = {
    "cancelled": (cancel, "已被取消"),
    "terminated": (terminate, "已被终止"),
    "deleted": (delete, "已被删除"),
}
Way = Callable[[Desk, str], Awaitable[None]]


@pytest.mark.parametrize(("how", "zh"), WAYS.values(), ids=WAYS)
async def test_who_acts_on_a_case_without_its_workflow_is_told_what_became_of_it(
    desk: Desk, how: Way, zh: str, request: pytest.FixtureRequest
) -> None:
    en = request.node.callspec.id
    case_no = await desk.open(ACCEPT)
    await how(desk, case_no)
    for command in (
        order("forward", CLERK, to="debtor"),
        order("adopt_policy", HEAD, policy="gansu", reason="换规则"),
    ):
        with pytest.raises(WorkflowGone) as gone:
            await desk.cases.act(case_no, command)
        assert gone.value.message.startswith(f"{case_no} 的流程{zh},暂时不能办理")
        assert f"the workflow of {case_no} was {en}" in gone.value.detail
        assert "operator" in gone.value.detail
        assert "运维人员" in gone.value.message
        assert isinstance(gone.value, ServerAway)
    assert (await desk.cases.act(case_no, ACCEPT))["stage"] == "transfer"


@pytest.mark.parametrize(("how", "zh"), WAYS.values(), ids=WAYS)
async def test_who_acts_on_a_batch_without_its_workflow_is_told_what_became_of_it(
    desk: Desk, how: Way, zh: str
) -> None:
    batch_no = await desk.open_batch("30万元")
    await how(desk, batch_no)
    with pytest.raises(WorkflowGone, match=f"{batch_no} 的流程{zh}"):
        await desk.batches.act(batch_no, APPROVE)
    with pytest.raises(WorkflowGone):
        await desk.batches.act(batch_no, arrive("1元", "1号"))


@pytest.mark.long
async def test_a_case_that_has_ended_refuses_though_its_workflow_was_deleted(desk: Desk) -> None:
    case_no = await desk.open(ACCEPT, TO_COURT)
    await desk.handle(case_no).result()
    await delete(desk, case_no)
    with pytest.raises(Refusal) as refusal:
        await desk.cases.act(case_no, order("forward", CLERK, to="debtor"))
    assert refusal.value.code is Code.CASE_ENDED
    assert await verify(desk.client, desk.engine) == agreed(1)


@pytest.mark.long
async def test_a_command_under_way_when_the_workflow_is_terminated_is_told_the_same(desk: Desk) -> None:
    case_no = await desk.open(ACCEPT)
    forward = order("forward", CLERK, to="debtor")
    async with recording_held_up(desk, case_no):
        answer = asyncio.create_task(desk.cases.act(case_no, forward))
        await eventually(lambda: has_admitted(desk, case_no, forward.command_id))
        await terminate(desk, case_no)
        with pytest.raises(WorkflowGone, match="已被终止"):
            await answer


async def last_sound_event(desk: Desk, stream: str) -> int:
    """The id of the workflow's last decision before it was ended, which docs/production.md has the operator look for."""
    last = 0
    async for event in desk.handle(stream).fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED:
            break
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
            last = event.event_id
    return last


@pytest.mark.parametrize("how", [cancel, terminate], ids=["cancelled", "terminated"])
async def test_a_reset_as_the_remedy_says_brings_the_workflow_back(desk: Desk, how: Way) -> None:
    case_no = await desk.open(ACCEPT)
    await desk.history_length(case_no)
    await how(desk, case_no)
    description = await desk.handle(case_no).describe()
    request = ResetWorkflowExecutionRequest(
        namespace=desk.client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=case_no, run_id=description.run_id),
        reason="ended by mistake",
        workflow_task_finish_event_id=await last_sound_event(desk, case_no),
        request_id="reset-1",
    )
    await desk.client.workflow_service.reset_workflow_execution(request)
    assert (await desk.cases.act(case_no, order("forward", CLERK, to="debtor")))["seq"] == 3
    assert await verify(desk.client, desk.engine) == agreed(1)


@pytest.mark.long
async def test_news_for_a_case_whose_workflow_is_gone_waits_and_holds_up_nobody(desk: Desk) -> None:
    lost, other = [await desk.open(*until_planned("50万元")) for _ in range(2)]
    batch_no = await desk.open_batch("100万元")
    await pass_cut_off(desk, batch_no)
    await terminate(desk, lost)
    await desk.batches.act(batch_no, APPROVE)

    async def has_taken() -> bool:
        return bool((await desk.show(other))["included_fen"])

    await eventually(has_taken)
    async with desk.engine.connect() as connection:
        assert [told.case_no for told in await bonds.untold(connection, batch_no, 10)] == [lost]
        rows = await bonds.allocations(connection, batch_no)
    assert {row.case_no: row.included_fen for row in rows} == {lost: None, other: 50_000_000}
