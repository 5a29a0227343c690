"""The record decides: a workflow that lags behind it learns what happened, and nothing happens twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from temporalio.testing import ActivityEnvironment

import domain.command_base
from activities.bonds import BondRecorder
from activities.record import CaseRecorder
from activities.requests import Recorded, RecordRequest
from domain.bonds.batch import decide_batch
from domain.bonds.commands import AnyBatchCommand
from domain.case.decider import carry_out
from domain.commands import AnyCommand
from domain.events import Event
from domain.refusal import Code, Refusal
from office.repair.reviving import revive
from office.verification.verifying import verify
from schema import casefiles, rulebook
from tests.stack import (
    CLERK,
    FINANCE,
    HEAD,
    PROMPT,
    REFUSED,
    Desk,
    agreed,
    batch_order,
    order,
    until_closed,
    until_planned,
    until_recognised,
)
from tests.workflows.test_bonds import APPROVE, act, arrive, pass_cut_off
from tests.workflows.test_gone import WAYS, Way
from workflows.opening import Clock
from workflows.queue import TASK_QUEUE
from workflows.rhythm import CatchUp

ACCEPT, FORWARD = order("accept", CLERK), order("forward", CLERK, to="debtor")
REFUSE = order("refuse", CLERK, ground="不属受理范围")


async def behind_its_back(desk: Desk, case_no: str, *orders: AnyCommand) -> None:
    """Record commands like a worker that dies before its workflow hears of it."""
    for given in orders:
        async with desk.engine.connect() as connection:
            stored = await casefiles.load_case(connection, case_no)
            rules = await rulebook.of_case(connection, case_no)
        assert stored is not None
        case, _ = stored
        events = tuple(carry_out(case, given, rules, desk.now).events)
        request = RecordRequest(stream=case_no, first_seq=case.seq + 1, events=events)
        await record(desk, request)


async def record(desk: Desk, request: RecordRequest) -> Recorded:
    """Run the activity that records a case, as if its workflow had asked for it."""
    environment = ActivityEnvironment(desk.client)
    run_id = (await desk.handle(request.stream).describe()).run_id
    environment.info = replace(environment.info, workflow_run_id=run_id)
    recorder = (
        CaseRecorder(desk.engine).record_case
        if request.stream.startswith("QQ-")
        else BondRecorder(desk.engine).record_batch
    )
    return await environment.run(recorder, request)


async def behind_the_batch(desk: Desk, batch_no: str, given: AnyBatchCommand) -> None:
    async with desk.engine.connect() as connection:
        stored = await casefiles.load_batch(connection, batch_no)
    assert stored is not None
    events = tuple(decide_batch(stored[0], given, desk.now))
    request = RecordRequest(stream=batch_no, first_seq=stored[0].seq + 1, events=events)
    await record(desk, request)


async def test_a_command_that_was_recorded_and_never_answered_is_answered_when_it_is_sent_again(
    desk: Desk,
) -> None:
    case_no = await desk.open()
    await behind_its_back(desk, case_no, ACCEPT)
    assert (await desk.cases.act(case_no, ACCEPT))["stage"] == "transfer"
    assert await desk.kinds(case_no) == ["received", "accepted"]
    assert await verify(desk.client, desk.engine) == agreed(1)


async def test_a_command_that_only_the_record_can_follow_is_carried_out(desk: Desk) -> None:
    """The workflow believes that the case is at its intake, and would refuse the command."""
    case_no = await desk.open()
    await behind_its_back(desk, case_no, ACCEPT, *until_recognised()[1:4])
    answer = await desk.cases.act(case_no, until_recognised()[4])
    assert answer["stage"] == "funding"
    assert await verify(desk.client, desk.engine) == agreed(1)


async def test_a_command_that_the_record_refuses_is_refused_though_the_workflow_would_take_it(
    desk: Desk,
) -> None:
    case_no = await desk.open()
    await behind_its_back(desk, case_no, ACCEPT)
    with pytest.raises(Refusal) as refused:
        await desk.cases.act(case_no, REFUSE)
    assert refused.value.code is Code.WRONG_STAGE
    assert await desk.kinds(case_no) == ["received", "accepted"]


@pytest.mark.long
async def test_nobody_is_pressed_for_what_the_workflow_does_not_know_to_be_done(desk: Desk) -> None:
    case_no = await desk.open(rules=PROMPT)
    await behind_its_back(desk, case_no, *until_closed())
    before = await desk.kinds(case_no)
    await desk.move_to(date(2023, 7, 31))
    assert await desk.kinds(case_no) == before
    assert (await desk.handle(case_no).result()) == "closed"
    assert await verify(desk.client, desk.engine) == agreed(1)


async def test_other_rules_that_the_record_knows_of_are_lived_by(desk: Desk) -> None:
    case_no = await desk.open(ACCEPT)
    adopt = order("adopt_policy", HEAD, policy="gansu", reason="换用现行规则")
    async with desk.engine.connect() as connection:
        stored = await casefiles.load_case(connection, case_no)
    assert stored is not None
    other = PROMPT.model_copy(update={"version": "later"})
    events: Sequence[Event] = carry_out(stored[0], adopt, PROMPT, desk.now, other).events
    request = RecordRequest(stream=case_no, first_seq=stored[0].seq + 1, events=tuple(events), rules=other)
    recorded = await record(desk, request)
    assert recorded.instead == ()
    again = await record(desk, request)
    assert again.rules == other
    assert (await desk.cases.act(case_no, FORWARD))["stage"] == "verification"
    assert await verify(desk.client, desk.engine) == agreed(1)


@pytest.mark.long
async def test_a_batch_learns_of_its_own_money(desk: Desk) -> None:
    case_no = await desk.open(*until_planned("50万元"))
    batch_no = await desk.open_batch("80万元")
    await pass_cut_off(desk, batch_no)
    await act(desk, batch_no, APPROVE)
    await behind_the_batch(desk, batch_no, arrive("20万元", "1号"))
    await act(desk, batch_no, arrive("30万元", "2号"), batch_order("close_batch", FINANCE))
    assert (await desk.show(case_no))["available_fen"] == 50_000_000
    assert await verify(desk.client, desk.engine) == agreed(1, batches=1)


async def test_a_batch_that_ends_as_soon_as_it_knows_answers_what_ended_it(desk: Desk) -> None:
    batch_no = await desk.open_batch("80万元")
    await pass_cut_off(desk, batch_no)
    close = batch_order("close_batch", FINANCE)
    for given in (APPROVE, close):
        await behind_the_batch(desk, batch_no, given)
    assert (await desk.batches.act(batch_no, close))["stage"] == "closed"
    assert await verify(desk.client, desk.engine) == agreed(0, batches=1)


@pytest.mark.long
@pytest.mark.parametrize("how", [how for how, _ in WAYS.values()], ids=WAYS)
async def test_what_temporal_has_lost_is_revived_from_the_record(desk: Desk, how: Way) -> None:
    case_no = await desk.open(*until_planned("50万元"))
    batch_no = await desk.open_batch("80万元")
    ended = await desk.open(*REFUSED)
    await behind_its_back(desk, case_no, order("extend", HEAD, duty="bonding", days=5, reason="等待批复"))
    for stream in (case_no, batch_no):
        await how(desk, stream)
    revived = await revive(desk.client, desk.engine, clock=Clock(starts_at=desk.now))
    assert (revived.total, revived.unreached) == (3, ())
    for stream in (case_no, batch_no):
        await desk.clocks.note(stream, desk.now)
    assert await verify(desk.client, desk.engine) == agreed(2, batches=1)
    await pass_cut_off(desk, batch_no)
    await act(desk, batch_no, APPROVE, arrive("50万元", "1号"), batch_order("close_batch", FINANCE))
    assert (await desk.show(case_no))["available_fen"] == 50_000_000
    assert (await desk.show(ended))["stage"] == "refused"
    assert await verify(desk.client, desk.engine) == agreed(2, batches=1)


async def test_reviving_what_lives_changes_nothing(desk: Desk) -> None:
    case_no = await desk.open(ACCEPT)
    run_id, kinds = (await desk.handle(case_no).describe()).run_id, await desk.kinds(case_no)
    for numbers in ([], [case_no]):
        assert (await revive(desk.client, desk.engine, numbers)).total == 1
    assert (await desk.handle(case_no).describe()).run_id == run_id
    assert await desk.kinds(case_no) == kinds
    assert await verify(desk.client, desk.engine) == agreed(1)


async def test_what_nobody_noticed_is_looked_for_at_night(desk: Desk) -> None:
    case_no, other = await desk.open(), await desk.open()
    await behind_its_back(desk, case_no, ACCEPT)
    asked = desk.client.execute_workflow(CatchUp.run, id="catch-up", task_queue=TASK_QUEUE)
    assert await asked == 2
    assert await verify(desk.client, desk.engine) == agreed(2)
    assert await desk.kinds(other) == ["received"]


async def test_a_command_of_long_ago_keeps_its_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The case remembers its latest commands, the record all of them."""
    monkeypatch.setattr(domain.command_base, "MOST_REMEMBERED", 2)
    case_no = await desk.open(*until_recognised())
    kinds = await desk.kinds(case_no)
    assert (await desk.cases.act(case_no, ACCEPT))["stage"] == "transfer"
    with pytest.raises(Refusal) as refused:
        await desk.cases.act(case_no, order("accept", "clerk:别人@620105"))
    assert refused.value.code is Code.COMMAND_REUSED
    assert await desk.kinds(case_no) == kinds
