"""A case outlives its runs: after continue-as-new it has forgotten nothing, and a closed one can be re-opened."""

import asyncio
from datetime import date, timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus

from domain.refusal import Code, Refusal
from office.verification.verifying import verify
from tests.stack import (
    CLERK,
    DISTRICT,
    HEAD,
    RECEIVED_ON,
    SUPERIOR,
    Desk,
    agreed,
    eventually,
    fen,
    order,
    until_closed,
)

REOPEN = order("reopen", SUPERIOR, reason="回头看:企业反映未到账", voucher="PZ-1")


async def closed(desk: Desk, commands_per_run: int = 1500) -> str:
    """A case that has been struck off."""
    life = until_closed(reference=f"安财预〔2023〕{commands_per_run}号")
    case_no = await desk.open(*life, commands_per_run=commands_per_run)
    assert await desk.handle(case_no).result() == "closed"
    return case_no


async def test_a_case_continued_as_new_again_and_again_forgets_nothing(desk: Desk) -> None:
    whole, in_parts = await closed(desk), await closed(desk, commands_per_run=3)
    assert len(await desk.runs(whole)) == 1
    assert len(await desk.runs(in_parts)) == 4
    assert await desk.kinds(in_parts) == await desk.kinds(whole)
    differing = {"case_no", "documents"}
    shown, expected = await desk.show(in_parts), await desk.show(whole)
    assert [one["title"] for one in shown["documents"]] == [one["title"] for one in expected["documents"]]
    assert {name: shown[name] for name in shown.keys() - differing} == {
        name: expected[name] for name in expected.keys() - differing
    }
    assert await verify(desk.client, desk.engine) == agreed(2)


@pytest.mark.long
async def test_commands_keep_their_answers_across_runs(desk: Desk) -> None:
    case_no = await desk.open(commands_per_run=3)
    first_run = desk.handle(case_no)
    answers = [await desk.cases.act(case_no, given) for given in until_closed()[:7]]
    assert len(await desk.runs(case_no)) == 3
    for given, answer in zip(until_closed(), answers, strict=False):
        assert await desk.cases.act(case_no, given) == answer
    with pytest.raises(Refusal) as refusal:
        await desk.cases.act(case_no, order("forward", CLERK, "accept", to="debtor"))
    assert refusal.value.code is Code.COMMAND_REUSED
    assert len(await desk.runs(case_no)) == 3
    for given in until_closed()[7:]:
        await desk.cases.act(case_no, given)
    assert await first_run.result() == "closed"


@pytest.mark.long
async def test_commands_that_meet_the_end_of_a_run_are_carried_out_in_the_next(desk: Desk) -> None:
    """Eight commands at once to a case that continues as new after every command."""
    alive = until_closed()[:7]
    case_no = await desk.open(*alive, commands_per_run=1)
    before = (await desk.show(case_no))["seq"]
    payments = [
        order(
            "report_payment",
            "debtor:王强",
            voucher,
            voucher=voucher,
            amount="37.5万元",
            paid_on=RECEIVED_ON,
        )
        for voucher in (f"PZ-{no}" for no in range(8))
    ]
    answers = await asyncio.gather(*(desk.cases.act(case_no, given) for given in payments))
    assert sorted(answer["seq"] for answer in answers) == list(range(before + 1, before + 9))
    shown = await desk.show(case_no)
    assert (shown["available_fen"], shown["in_transit_fen"]) == (0, fen("300万元"))
    assert len(await desk.runs(case_no)) > len(alive)
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_a_run_carries_the_clock_of_the_case_on(desk: Desk) -> None:
    """The business date of a later run is the case's, not the day on which the run began."""
    case_no = await desk.open(order("accept", CLERK), commands_per_run=1)
    await desk.move_to(RECEIVED_ON + timedelta(days=5))
    answer = await desk.cases.act(case_no, order("forward", CLERK, to="debtor"))
    opened = {duty["duty"]: duty["opened_on"] for duty in answer["duties"]}
    assert (opened["verification"], opened["response"]) == ("2023-04-26", "2023-05-01")
    await desk.move_to(RECEIVED_ON + timedelta(days=8))
    answer = await desk.cases.act(case_no, order("acknowledge", "debtor:王强"))
    assert (await desk.journal(case_no))[-1].on == date(2023, 5, 4)
    assert len(await desk.runs(case_no)) == 4


@pytest.mark.long
async def test_the_head_above_reopens_a_closed_case(desk: Desk) -> None:
    case_no = await closed(desk)
    await desk.move_to(RECEIVED_ON + timedelta(days=60))
    answer = await desk.cases.act(case_no, REOPEN)
    assert (answer["stage"], answer["ended_on"]) == ("payment", None)
    assert (answer["in_transit_fen"], answer["cleared_fen"]) == (fen("300万元"), 0)
    assert ("answer", "2023-06-25") in [(duty["duty"], duty["opened_on"]) for duty in answer["duties"]]
    assert len(await desk.runs(case_no)) == 2
    described = await desk.handle(case_no).describe()
    assert described.status is WorkflowExecutionStatus.RUNNING

    assert await desk.cases.act(case_no, REOPEN) == answer
    for given in (
        order("confirm_receipt", "creditor:赵", "again 1", voucher="PZ-1"),
        order("call_back", CLERK, "again 2", satisfied="yes", note="已到账"),
        order("close", HEAD, "again 3", report="结案"),
    ):
        last = await desk.cases.act(case_no, given)
    assert (last["stage"], last["ended_on"]) == ("closed", "2023-06-25")
    assert await desk.handle(case_no).result() == "closed"

    assert await desk.cases.act(case_no, REOPEN) == answer
    assert len(await desk.runs(case_no)) == 2
    kinds = await desk.kinds(case_no)
    assert kinds[kinds.index("closed") + 1 :] == [
        "reopened",
        "receipt_disputed",
        "receipt_confirmed",
        "called_back",
        "closed",
    ]
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_a_refused_reopening_starts_nothing(desk: Desk) -> None:
    case_no = await closed(desk)
    runs, kinds = await desk.runs(case_no), await desk.kinds(case_no)
    for by, changes, code in (
        (HEAD, {}, Code.NOT_YOURS),
        ("clerk:高@620100", {}, Code.NOT_YOURS),
        ("head:高@620000", {}, Code.NOT_YOURS),
        (SUPERIOR, {"voucher": "PZ-9"}, Code.UNKNOWN_VOUCHER),
    ):
        with pytest.raises(Refusal) as refusal:
            await desk.cases.act(case_no, order("reopen", by, **{"reason": "回头看", **changes}))
        assert refusal.value.code is code
    assert await desk.runs(case_no) == runs
    assert await desk.kinds(case_no) == kinds
    assert (await desk.handle(case_no).describe()).status is WorkflowExecutionStatus.COMPLETED


@pytest.mark.long
async def test_two_who_reopen_at_once_reopen_it_once(desk: Desk) -> None:
    case_no = await closed(desk)
    rivals = [REOPEN.model_copy(update={"command_id": f"reopen {no}"}) for no in range(4)]
    outcomes = await asyncio.gather(
        *(desk.cases.act(case_no, given) for given in (*rivals, rivals[0])), return_exceptions=True
    )
    refusals = [one for one in outcomes if isinstance(one, Refusal)]
    assert all(refusal.code is Code.WRONG_STAGE for refusal in refusals)
    assert len(refusals) + sum(isinstance(one, dict) for one in outcomes) == 5, outcomes
    assert (await desk.kinds(case_no)).count("reopened") == 1
    assert len(await desk.runs(case_no)) == 2


@pytest.mark.long
async def test_a_reopened_case_is_found_by_operators_again(desk: Desk) -> None:
    case_no = await closed(desk)
    await desk.cases.act(case_no, order("reopen", SUPERIOR, reason="金额有误"))

    async def found() -> bool:
        query = f"ExecutionStatus = 'Running' AND Office = '{DISTRICT}'"
        return [run.id async for run in desk.client.list_workflows(query)] == [case_no]

    await eventually(found)
