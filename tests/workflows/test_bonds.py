"""Bond batches with their cases: quota, cut-off, allocation, approval, money in parts, and returns."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from temporalio.api.enums.v1 import EventType

from domain.bonds.commands import AnyBatchCommand
from domain.refusal import Code, Refusal
from office.unknown import UnknownCase
from office.verification.verifying import verify
from schema import bonds
from schema.tables import bond_batch, case_file
from tests.stack import (
    DISTRICT,
    FINANCE,
    HEAD,
    WITHDRAWN,
    Desk,
    agreed,
    batch_order,
    eventually,
    fen,
    order,
    paid,
    until_planned,
)

APPROVE = batch_order("approve", HEAD)
DECLINE = batch_order("decline", HEAD, reason="人大常委会未批准")
CLOSE = batch_order("close_batch", FINANCE)


def arrive(amount: str, reference: str) -> AnyBatchCommand:
    return batch_order("arrive", FINANCE, f"arrive {reference}", amount=amount, reference=reference)


async def pass_cut_off(desk: Desk, *batches: str) -> None:
    """Let the last day of requests pass; returns when the batches have allocated."""
    await desk.move_to(desk.now.date() + timedelta(days=31))

    async def have_allocated() -> bool:
        return all([(await desk.batches.show(batch_no))["stage"] != "open" for batch_no in batches])

    await eventually(have_allocated)


async def act(desk: Desk, batch_no: str, *orders: AnyBatchCommand) -> dict[str, Any]:
    """Give commands to a batch; returns it when the cases have taken its news."""
    for given in orders:
        await desk.batches.act(batch_no, given)

    async def is_all_taken() -> bool:
        async with desk.engine.connect() as connection:
            return await bonds.untaken(connection) == 0

    await eventually(is_all_taken)
    return await desk.batches.show(batch_no)


@asynccontextmanager
async def recording_held_up(desk: Desk, stream: str) -> AsyncIterator[None]:
    """Hold up everything that is to be recorded of a case or batch until the end of the block."""
    table, key = (bond_batch, "batch_no") if stream.startswith("BB") else (case_file, "case_no")
    async with desk.engine.begin() as connection:
        await connection.execute(select(table.c[key]).where(table.c[key] == stream).with_for_update())
        yield


async def is_recording(desk: Desk, stream: str) -> bool:
    return bool((await desk.handle(stream).describe()).raw_description.pending_activities)


async def has_admitted(desk: Desk, stream: str, command_id: str) -> bool:
    """Whether a workflow has accepted a command as an update."""
    admitted = [
        event.workflow_execution_update_accepted_event_attributes.accepted_request.meta.update_id
        async for event in desk.handle(stream).fetch_history_events()
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
    ]
    return any(f"/{command_id}:" in update_id for update_id in admitted)


async def of(desk: Desk, name: str, *case_nos: str) -> list[Any]:
    """A field of several cases."""
    return [(await desk.show(case_no))[name] for case_no in case_nos]


async def refused(desk: Desk, batch_no: str, given: AnyBatchCommand) -> Code:
    with pytest.raises(Refusal) as refusal:
        await desk.batches.act(batch_no, given)
    return refusal.value.code


async def test_two_batches_carry_two_cases_to_their_money(desk: Desk) -> None:
    first = await desk.open(*until_planned("300万元"), livelihood=True)
    second = await desk.open(*until_planned("80万元"))
    early = await desk.open_batch("310万元")
    await pass_cut_off(desk, early)
    told = await desk.batches.show(early)
    assert (told["requests"], told["requested_fen"]) == (2, fen("380万元"))
    assert [row["allocated_fen"] for row in told["allocations"]] == [fen("300万元"), fen("10万元")]
    late = await desk.open_batch("500万元")
    await act(desk, early, APPROVE)
    assert await of(desk, "included_fen", first, second) == [fen("300万元"), fen("10万元")]
    await act(desk, early, arrive("100万元", "1号"))
    assert await of(desk, "available_fen", first, second) == [fen("100万元"), 0]
    for given in paid("100万元", "PZ-1", desk.now.date()):
        await desk.cases.act(first, given)
    await act(desk, early, arrive("205万元", "2号"))
    assert await of(desk, "available_fen", first, second) == [fen("200万元"), fen("5万元")]
    assert await of(desk, "stage", first, second) == ["payment", "bonding"]

    await pass_cut_off(desk, late)
    told = await act(desk, late, APPROVE, arrive("70万元", "3号"))
    assert told["allocated_fen"] == told["included_fen"] == told["arrived_fen"] == fen("70万元")
    await act(desk, early, arrive("5万元", "4号"))
    assert await of(desk, "included_fen", first, second) == [fen("300万元"), fen("80万元")]
    assert await of(desk, "available_fen", first, second) == [fen("200万元"), fen("80万元")]
    assert await of(desk, "stage", first, second) == ["payment", "payment"]
    assert told["remaining_fen"] == fen("430万元")

    for batch_no, events in ((early, 7), (late, 5)):
        told = await act(desk, batch_no, CLOSE)
        assert (told["stage"], told["remaining_fen"], told["seq"]) == ("closed", 0, events)
        assert await desk.handle(batch_no).result() == "closed"
    assert await verify(desk.client, desk.engine) == agreed(2, batches=2)


@pytest.mark.long
async def test_a_declined_batch_returns_its_requests_to_the_pool(desk: Desk) -> None:
    case_nos = [await desk.open(*until_planned("50万元")) for _ in range(2)]
    declined = await desk.open_batch("100万元")
    await pass_cut_off(desk, declined)
    told = await act(desk, declined, DECLINE)
    assert (told["stage"], told["included_fen"], told["remaining_fen"]) == ("declined", 0, fen("100万元"))
    assert await desk.handle(declined).result() == "declined"
    assert await refused(desk, declined, APPROVE) is Code.CASE_ENDED
    assert (await desk.batches.act(declined, DECLINE))["stage"] == "declined"
    assert await of(desk, "included_fen", *case_nos) == [0, 0]
    accepted = await desk.open_batch("100万元")
    await pass_cut_off(desk, accepted)
    await act(desk, accepted, APPROVE)
    assert await of(desk, "included_fen", *case_nos) == [fen("50万元")] * 2


@pytest.mark.long
async def test_spending_that_a_bond_may_not_pay_is_excluded_and_planned_anew(desk: Desk) -> None:
    case_no, other = [await desk.open(*until_planned("50万元")) for _ in range(2)]
    batch_no = await desk.open_batch("500万元")
    exclude = batch_order("exclude", FINANCE, case_no=case_no, reason="经常性支出")
    await act(desk, batch_no, exclude)
    shown = await desk.show(case_no)
    assert (shown["stage"], shown["duties"][-1]["duty"]) == ("funding", "funding")
    assert await refused(desk, batch_no, exclude.model_copy(update={"command_id": "x"})) is Code.MALFORMED
    nobody = batch_order("exclude", FINANCE, "y", case_no="QQ-620105-2023-9999", reason="查无此案")
    assert await refused(desk, batch_no, nobody) is Code.MALFORMED

    plan = {"reason": "改由预算安排", "instalments": [{"due_on": "2023-12-29", "amount": "50万元"}]}
    sources = {kind: [{"kind": kind, "amount": "50万元"}] for kind in ("bond", "budget")}
    with pytest.raises(Refusal) as refusal:
        await desk.cases.act(case_no, order("plan", "debtor:王强", "again", sources=sources["bond"], **plan))
    assert refusal.value.code is Code.FUNDS_NOT_AVAILABLE
    revised = order("plan", "debtor:王强", "budget", sources=sources["budget"], **plan)
    assert (await desk.cases.act(case_no, revised))["stage"] == "payment"
    await pass_cut_off(desk, batch_no)
    told = await desk.batches.show(batch_no)
    assert [row["case_no"] for row in told["allocations"]] == [other]


@pytest.mark.long
async def test_only_the_right_people_act_on_a_batch_and_only_in_turn(desk: Desk) -> None:
    await desk.open(*until_planned("50万元"))
    batch_no = await desk.open_batch("30万元")
    assert await refused(desk, batch_no, APPROVE) is Code.WRONG_STAGE
    assert await refused(desk, batch_no, CLOSE) is Code.WRONG_STAGE
    await pass_cut_off(desk, batch_no)
    length = await desk.history_length(batch_no)
    above = batch_order("approve", "head:高@620100")
    assert await refused(desk, batch_no, above) is Code.NOT_YOURS
    assert await refused(desk, batch_no, batch_order("approve", FINANCE)) is Code.NOT_YOURS
    assert await refused(desk, batch_no, arrive("1元", "1号")) is Code.WRONG_STAGE
    assert await desk.history_length(batch_no) == length
    await act(desk, batch_no, APPROVE, arrive("10万元", "1号"))
    again = batch_order("arrive", FINANCE, "another", amount="1万元", reference="1号")
    assert await refused(desk, batch_no, again) is Code.REFERENCE_REUSED
    assert await refused(desk, batch_no, arrive("20.01万元", "2号")) is Code.EXCEEDS_PLAN
    reused = batch_order("decline", HEAD, APPROVE.command_id, reason="未获批准")
    assert await refused(desk, batch_no, reused) is Code.COMMAND_REUSED
    told = await act(desk, batch_no, APPROVE, arrive("10万元", "1号"))
    assert (told["arrived_fen"], told["seq"]) == (fen("10万元"), 4)
    with pytest.raises(UnknownCase):
        await desk.batches.act("BB-620105-2023-99", APPROVE)


@pytest.mark.long
async def test_the_same_order_from_many_sides_at_once_counts_once(desk: Desk) -> None:
    case_no = await desk.open(*until_planned("50万元"))
    batch_no = await desk.open_batch("50万元")
    await pass_cut_off(desk, batch_no)
    await asyncio.gather(*(desk.batches.act(batch_no, APPROVE) for _ in range(6)))
    parts = [arrive("8万元", f"{no}号") for no in range(6)]
    await asyncio.gather(*(desk.batches.act(batch_no, part) for part in (*parts, *parts)))
    await act(desk, batch_no)
    assert await desk.kinds(batch_no) == [
        "batch_opened",
        "batch_allocated",
        "batch_approved",
        *["batch_arrived"] * 6,
    ]
    assert await of(desk, "available_fen", case_no) == [fen("48万元")]


@pytest.mark.long
async def test_what_was_kept_for_a_case_that_ends_is_free_again(desk: Desk) -> None:
    ending, staying = [await desk.open(*until_planned("50万元")) for _ in range(2)]
    batch_no = await desk.open_batch("100万元")
    await pass_cut_off(desk, batch_no)
    for given in WITHDRAWN:
        await desk.cases.act(ending, given)
    assert await desk.handle(ending).result() == "withdrawn"
    told = await act(desk, batch_no, APPROVE)
    assert [row["included_fen"] for row in told["allocations"]] == [0, fen("50万元")]
    assert told["remaining_fen"] == fen("50万元")
    assert await refused(desk, batch_no, arrive("50.01万元", "1号")) is Code.EXCEEDS_PLAN
    await act(desk, batch_no, arrive("50万元", "1号"))
    assert await of(desk, "available_fen", ending, staying) == [0, fen("50万元")]
    assert (await act(desk, batch_no, CLOSE))["remaining_fen"] == 0
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_a_batch_is_not_closed_over_money_that_cases_still_await(desk: Desk) -> None:
    case_no = await desk.open(*until_planned("50万元"))
    batch_no = await desk.open_batch("80万元")
    await pass_cut_off(desk, batch_no)
    await act(desk, batch_no, APPROVE, arrive("20万元", "1号"))
    assert await refused(desk, batch_no, CLOSE) is Code.WRONG_STAGE
    await act(desk, batch_no, arrive("30万元", "2号"))
    assert (await act(desk, batch_no, CLOSE))["remaining_fen"] == 0
    assert await of(desk, "available_fen", case_no) == [fen("50万元")]


@pytest.mark.long
async def test_news_reaches_a_case_that_is_continued_as_new_all_the_time(desk: Desk) -> None:
    case_no = await desk.open(*until_planned("50万元"), commands_per_run=1)
    for number in range(2):
        batch_no = await desk.open_batch("10万元")
        await pass_cut_off(desk, batch_no)
        await act(desk, batch_no, APPROVE, arrive("10万元", f"{number}号"))
    assert await of(desk, "included_fen", case_no) == [fen("20万元")]
    assert await of(desk, "available_fen", case_no) == [fen("20万元")]
    assert await verify(desk.client, desk.engine) == agreed(1, batches=2)


async def test_operators_find_batches_by_office(desk: Desk) -> None:
    batch_no = await desk.open_batch("30万元")

    async def is_listed() -> bool:
        query = f"WorkflowType = 'BondBatch' AND Office = '{DISTRICT}'"
        return [run.id async for run in desk.client.list_workflows(query)] == [batch_no]

    await eventually(is_listed)


@pytest.mark.long
async def test_money_can_be_paid_on_as_soon_as_the_record_shows_it(desk: Desk) -> None:
    """For a moment the record is ahead of the case: a command is then decided after what is being recorded."""
    case_no = await desk.open(*until_planned("50万元"))
    batch_no = await desk.open_batch("50万元")
    await pass_cut_off(desk, batch_no)
    await act(desk, batch_no, APPROVE)
    await desk.history_length(case_no)
    report, _ = paid("50万元", "PZ-1", desk.now.date())
    async with recording_held_up(desk, case_no):
        await desk.batches.act(batch_no, arrive("50万元", "1号"))
        await eventually(lambda: is_recording(desk, case_no))
        answer = asyncio.create_task(desk.cases.act(case_no, report))
        await eventually(lambda: has_admitted(desk, case_no, report.command_id))
    assert (await answer)["stage"] == "payment"
    assert (await desk.kinds(case_no))[-2:] == ["bond_funds_arrived", "payment_reported"]


@pytest.mark.long
async def test_what_was_refused_is_decided_anew_under_the_same_id(desk: Desk) -> None:
    """Also if it came while something was being recorded, and Temporal remembers the refusal."""
    case_no = await desk.open(*until_planned("50万元"))
    batch_no = await desk.open_batch("50万元")
    await pass_cut_off(desk, batch_no)
    await desk.history_length(case_no)
    report, _ = paid("50万元", "PZ-1", desk.now.date())
    async with recording_held_up(desk, case_no):
        await desk.batches.act(batch_no, APPROVE)
        await eventually(lambda: is_recording(desk, case_no))
        answer = asyncio.create_task(desk.cases.act(case_no, report))
        await eventually(lambda: has_admitted(desk, case_no, report.command_id))
    with pytest.raises(Refusal) as refusal:
        await answer
    assert refusal.value.code is Code.FUNDS_NOT_AVAILABLE
    await act(desk, batch_no, arrive("50万元", "1号"))
    assert (await desk.cases.act(case_no, report))["stage"] == "payment"


@pytest.mark.long
async def test_a_batch_that_waits_for_its_cases_still_refuses_at_once(desk: Desk) -> None:
    case_no = await desk.open(*until_planned("50万元"))
    batch_no = await desk.open_batch("50万元")
    await pass_cut_off(desk, batch_no)
    async with recording_held_up(desk, case_no):
        await desk.batches.act(batch_no, APPROVE)
        arriving = asyncio.create_task(desk.batches.act(batch_no, arrive("50万元", "1号")))
        await eventually(lambda: is_recording(desk, batch_no))
        again = APPROVE.model_copy(update={"command_id": "again"})
        assert await refused(desk, batch_no, again) is Code.WRONG_STAGE
        assert not await has_admitted(desk, batch_no, "again")
    assert (await arriving)["arrived_fen"] == fen("50万元")


@pytest.mark.long
async def test_a_batch_can_be_approved_while_it_is_being_allocated(desk: Desk) -> None:
    case_no = await desk.open(*until_planned("50万元"))
    batch_no = await desk.open_batch("50万元")
    async with recording_held_up(desk, batch_no):
        cut_off = asyncio.create_task(desk.move_to(desk.now.date() + timedelta(days=31)))
        await eventually(lambda: is_recording(desk, batch_no))
        answer = asyncio.create_task(desk.batches.act(batch_no, APPROVE))
        await eventually(lambda: has_admitted(desk, batch_no, APPROVE.command_id))
    assert (await answer)["stage"] == "approved"
    await cut_off
    await act(desk, batch_no)
    assert await of(desk, "included_fen", case_no) == [fen("50万元")]
