"""What can never be recorded is refused, or dropped and reported; the case and the batch go on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from domain.refusal import Code, Refusal
from office.verification.verifying import verify
from schema import bonds
from schema.incidents import Incident, incidents
from tests.stack import (
    CLERK,
    FINANCE,
    HEAD,
    PROMPT,
    RECEIVED_ON,
    REFUSED,
    TO_COURT,
    Desk,
    batch_order,
    eventually,
    fen,
    order,
    until_planned,
    until_recognised,
)

APPROVE = batch_order("approve", HEAD)
ARRIVE = batch_order("arrive", FINANCE, amount="50万元", reference="1号")


@asynccontextmanager
async def never_recorded(desk: Desk, table: str, condition: str) -> AsyncIterator[None]:
    """Make the record reject what the types have let through."""
    async with desk.engine.begin() as connection:
        await connection.execute(
            text(f"ALTER TABLE {table} ADD CONSTRAINT forced CHECK ({condition}) NOT VALID")
        )
    yield
    async with desk.engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT forced"))


async def noted(desk: Desk, stream: str) -> list[Incident]:
    async with desk.engine.connect() as connection:
        return await incidents(connection, stream)


async def is_noted(desk: Desk, stream: str) -> bool:
    return bool(await noted(desk, stream))


async def have_taken(desk: Desk) -> bool:
    async with desk.engine.connect() as connection:
        return await bonds.untaken(connection) == 0


async def pass_cut_off(desk: Desk) -> None:
    await desk.move_to(desk.now.date() + timedelta(days=31))


def news(**changes: Any) -> dict[str, Any]:
    """Well-formed news, which anybody who reaches Temporal could send."""
    return {
        "command_id": "news/BB-620105-2023-99/included/x",
        "by": "system",
        "do": "take_bond_news",
        "batch_no": "BB-620105-2023-99",
        "news": "included",
        "amount": 100,
        "transfer_id": "BB-620105-2023-99/included/x",
    } | changes


@pytest.mark.long
@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (news(), "23503 transfer_settles_fkey"),
        (news(news="arrived"), "23503 transfer_settles_fkey"),
    ],
    ids=["included", "arrived"],
)
async def test_news_that_can_never_be_recorded_is_dropped_and_named(
    desk: Desk, sent: dict[str, Any], reason: str
) -> None:
    """The case answers the next command."""
    case_no = await desk.open(*until_planned("50万元"))
    before = await desk.show(case_no)
    await desk.handle(case_no).signal("bond_news", sent)
    await eventually(lambda: is_noted(desk, case_no))
    (incident,) = await noted(desk, case_no)
    assert incident.what == f"bond_{sent['news'].replace('arrived', 'funds_arrived')}"
    assert reason in incident.reason
    assert sent["command_id"][:400] in incident.subject
    assert (await desk.show(case_no))["seq"] == before["seq"]
    assert (await desk.cases.act(case_no, TO_COURT))["stage"] == "judicial"
    assert (await verify(desk.client, desk.engine))["differences"] == []


async def test_news_of_money_without_a_transfer_is_nonsense(desk: Desk) -> None:
    case_no = await desk.open(*until_planned("50万元"))
    await desk.handle(case_no).signal("bond_news", news(transfer_id=None))
    assert (await desk.cases.act(case_no, TO_COURT))["stage"] == "judicial"


@pytest.mark.long
async def test_a_command_that_can_never_be_recorded_is_refused_in_both_languages(desk: Desk) -> None:
    case_no = await desk.open()
    accept = order("accept", CLERK)
    async with never_recorded(desk, "event", "kind <> 'accepted'"):
        for _ in range(2):
            with pytest.raises(Refusal) as refusal:
                await desk.cases.act(case_no, accept)
            assert refusal.value.code is Code.MALFORMED
            assert "异常记录" in refusal.value.message
            assert "IntegrityError 23514 forced" in refusal.value.detail
        assert (await desk.show(case_no))["seq"] == 1
        (incident,) = await noted(desk, case_no)
        assert (incident.subject, incident.what) == (f"{case_no}/2 accept", "accepted")
        for other in REFUSED:
            answer = await desk.cases.act(case_no, other)
        assert answer["stage"] == "refused"
    assert (await verify(desk.client, desk.engine))["differences"] == []


async def test_the_same_command_is_carried_out_once_it_can_be(desk: Desk) -> None:
    case_no = await desk.open()
    accept = order("accept", CLERK)
    async with never_recorded(desk, "event", "kind <> 'accepted'"):
        with pytest.raises(Refusal):
            await desk.cases.act(case_no, accept)
    assert (await desk.cases.act(case_no, accept))["stage"] == "transfer"


@pytest.mark.long
async def test_a_case_that_cannot_be_received_is_refused(desk: Desk) -> None:
    async with never_recorded(desk, "case_file", "title <> '道路工程款'"):
        with pytest.raises(Refusal) as refusal:
            await desk.open()
    assert refusal.value.code is Code.MALFORMED
    assert await desk.open() == "QQ-620105-2023-0002"


async def test_what_happens_by_itself_and_cannot_be_recorded_is_tried_again_an_hour_later(desk: Desk) -> None:
    case_no = await desk.open(*until_recognised()[:3], rules=PROMPT)
    foreseen = (await desk.cases.forecast(case_no, desk.now))["events"]
    near = next(datetime.fromisoformat(event["at"]) for event in foreseen if event["kind"] == "deadline_near")
    before = await desk.kinds(case_no)
    async with never_recorded(desk, "event", "kind <> 'deadline_near'"):
        await desk.move_to(near.date(), near.hour + 3)
        await eventually(lambda: is_noted(desk, case_no))
        assert await desk.kinds(case_no) == before
    await desk.move_to(near.date(), near.hour + 5)
    assert "deadline_near" in await desk.kinds(case_no)


@pytest.mark.long
async def test_a_batch_that_cannot_be_allocated_is_allocated_when_it_can_be(desk: Desk) -> None:
    await desk.open(*until_planned("50万元"))
    batch_no = await desk.open_batch("50万元")
    async with never_recorded(desk, "event", "kind <> 'batch_allocated'"):
        await pass_cut_off(desk)
        await eventually(lambda: is_noted(desk, batch_no))
        with pytest.raises(Refusal) as refusal:
            await desk.batches.act(batch_no, APPROVE)
        assert refusal.value.code is Code.WRONG_STAGE
    await desk.move_to(desk.now.date() + timedelta(days=1))
    assert (await desk.batches.act(batch_no, APPROVE))["stage"] == "approved"


@pytest.mark.long
async def test_a_batch_command_that_can_never_be_recorded_is_refused(desk: Desk) -> None:
    await desk.open(*until_planned("50万元"))
    batch_no = await desk.open_batch("50万元")
    await pass_cut_off(desk)
    async with never_recorded(desk, "event", "kind <> 'batch_approved'"):
        with pytest.raises(Refusal) as refusal:
            await desk.batches.act(batch_no, APPROVE)
        assert refusal.value.code is Code.MALFORMED
    assert (await desk.batches.act(batch_no, APPROVE))["stage"] == "approved"


@pytest.mark.long
async def test_a_batch_does_not_wait_for_a_case_that_cannot_take_its_news(desk: Desk) -> None:
    """The case's share goes back, and the others get theirs."""
    first, second = [await desk.open(*until_planned("50万元")) for _ in range(2)]
    batch_no = await desk.open_batch("100万元")
    await pass_cut_off(desk)
    async with never_recorded(desk, "event", f"kind <> 'bond_included' OR stream <> '{first}'"):
        await desk.batches.act(batch_no, APPROVE)
        told = await desk.batches.act(batch_no, ARRIVE)
    assert [row["included_fen"] for row in told["allocations"]] == [0, fen("50万元")]
    assert len(await noted(desk, first)) == 1
    await eventually(lambda: have_taken(desk))
    assert (await desk.show(second))["available_fen"] == fen("50万元")
    told = await desk.batches.act(batch_no, batch_order("close_batch", FINANCE))
    assert (told["stage"], told["remaining_fen"]) == ("closed", 0)
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_a_case_that_ends_before_its_money_arrives_frees_it_for_the_next_in_line(desk: Desk) -> None:
    first, second = [await desk.open(*until_planned("50万元"), received_on=RECEIVED_ON) for _ in range(2)]
    batch_no = await desk.open_batch("100万元")
    await pass_cut_off(desk)
    await desk.batches.act(batch_no, APPROVE)
    await eventually(lambda: have_taken(desk))
    async with never_recorded(desk, "event", f"kind <> 'bond_funds_arrived' OR stream <> '{first}'"):
        await desk.batches.act(batch_no, ARRIVE)
        await eventually(lambda: is_noted(desk, first))
    shown = await desk.cases.act(first, TO_COURT)
    assert (shown["included_fen"], shown["available_fen"]) == (0, 0)
    await eventually(lambda: have_taken(desk))

    async def has_its_money() -> bool:
        return bool((await desk.show(second))["available_fen"] == fen("50万元"))

    await eventually(has_its_money)
    told = await desk.batches.act(batch_no, batch_order("close_batch", FINANCE))
    assert (told["stage"], told["remaining_fen"]) == ("closed", 0)
    assert (await verify(desk.client, desk.engine))["differences"] == []
