"""The same command is carried out once and always gets the same answer; different ones are carried out one after the other."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError
from temporalio import workflow
from temporalio.contrib.pydantic import PydanticPayloadConverter

from domain.commands import AnyCommand
from domain.refusal import Code, Refusal
from office.cases import Casework
from office.verification.verifying import verify
from tests.stack import (
    CLERK,
    FINANCE,
    HEAD,
    Desk,
    Servers,
    agreed,
    fen,
    order,
    until_closed,
    until_planned,
)
from workflows.bond_batch import BondBatch
from workflows.case import ArrearsCase

ACCEPT = order("accept", CLERK)


async def outcome(desk: Desk, case_no: str, given: AnyCommand) -> dict[str, Any] | Code:
    """The answer to a command: the case after it, or the code of a refusal."""
    try:
        return await desk.cases.act(case_no, given)
    except Refusal as refusal:
        return refusal.code


def payment(voucher: str, amount: str) -> AnyCommand:
    return order(
        "report_payment", "debtor:王强", voucher, voucher=voucher, amount=amount, paid_on="2023-04-26"
    )


async def funded(desk: Desk, amount: str = "300万元") -> str:
    """A case with funds."""
    fund = order("fund", FINANCE, source="budget", amount=amount, reference="1号")
    return await desk.open(*until_planned(amount, "budget"), fund)


@pytest.mark.long
async def test_the_same_command_is_answered_alike_for_ever(desk: Desk, servers: Servers) -> None:
    case_no = await desk.open()
    first = await desk.cases.act(case_no, ACCEPT)
    length = await desk.history_length(case_no)
    assert await desk.cases.act(case_no, ACCEPT) == first
    assert await desk.history_length(case_no) == length
    for given in until_closed()[1:4]:
        await desk.cases.act(case_no, given)
    assert await desk.cases.act(case_no, ACCEPT) == first
    for given in until_closed()[4:]:
        last = await desk.cases.act(case_no, given)
    kinds = await desk.kinds(case_no)
    assert await desk.cases.act(case_no, ACCEPT) == first
    assert await desk.handle(case_no).result() == "closed"
    elsewhere = Casework(desk.client, desk.engine, lambda: desk.now)
    assert await elsewhere.act(case_no, ACCEPT) == first
    assert await elsewhere.act(case_no, until_closed()[-1]) == last
    assert await desk.kinds(case_no) == kinds
    assert first["stage"] == "transfer"


@pytest.mark.long
async def test_an_id_stands_for_one_command_only(desk: Desk) -> None:
    case_no = await desk.open(ACCEPT)
    forward = order("forward", CLERK, "accept", to="debtor")
    by_another = order("accept", "clerk:马@620105", "accept")
    assert await outcome(desk, case_no, forward) is Code.COMMAND_REUSED
    assert await outcome(desk, case_no, by_another) is Code.COMMAND_REUSED
    for given in until_closed()[1:]:
        await desk.cases.act(case_no, given)
    assert await desk.handle(case_no).result() == "closed"
    assert await outcome(desk, case_no, forward) is Code.COMMAND_REUSED
    assert await outcome(desk, case_no, by_another) is Code.COMMAND_REUSED


async def test_a_refused_command_may_be_sent_again_when_it_is_possible(desk: Desk) -> None:
    case_no = await desk.open()
    forward = order("forward", CLERK, to="debtor")
    assert await outcome(desk, case_no, forward) is Code.WRONG_STAGE
    await desk.cases.act(case_no, ACCEPT)
    await desk.cases.act(case_no, forward)
    assert await desk.kinds(case_no) == ["received", "accepted", "forwarded"]


async def test_the_same_command_from_many_sides_at_once_is_carried_out_once(desk: Desk) -> None:
    case_no = await desk.open()
    answers = await asyncio.gather(*(desk.cases.act(case_no, ACCEPT) for _ in range(12)))
    assert all(answer == answers[0] for answer in answers)
    assert await desk.kinds(case_no) == ["received", "accepted"]


async def test_one_id_with_two_contents_at_once_is_carried_out_once(desk: Desk) -> None:
    case_no = await funded(desk)
    rivals = [
        order(
            "report_payment",
            "debtor:王强",
            "x",
            voucher=f"PZ-{no}",
            amount=f"{no}万元",
            paid_on="2023-04-26",
        )
        for no in range(1, 7)
    ]
    outcomes = await asyncio.gather(*(outcome(desk, case_no, rival) for rival in rivals))
    refused = [one for one in outcomes if isinstance(one, Code)]
    assert refused == [Code.COMMAND_REUSED] * 5
    assert len((await desk.show(case_no))["payments"]) == 1


@pytest.mark.long
async def test_what_only_one_can_have_only_one_gets(desk: Desk) -> None:
    """All were possible when they were sent, but each is decided again when it is its turn."""
    case_no = await funded(desk)
    outcomes = await asyncio.gather(
        *(outcome(desk, case_no, payment(f"PZ-{no}", "300万元")) for no in range(8))
    )
    got = Counter(one if isinstance(one, Code) else "paid" for one in outcomes)
    assert got == {"paid": 1, Code.FUNDS_NOT_AVAILABLE: 7}
    shown = await desk.show(case_no)
    assert (shown["available_fen"], shown["in_transit_fen"]) == (0, fen("300万元"))
    assert len(shown["payments"]) == 1


@pytest.mark.long
async def test_commands_sent_together_are_all_carried_out_one_after_the_other(desk: Desk) -> None:
    case_no = await funded(desk)
    answers = await asyncio.gather(
        *(desk.cases.act(case_no, payment(f"PZ-{no}", "30万元")) for no in range(10))
    )
    before = (await desk.kinds(case_no)).index("payment_reported")
    assert sorted(answer["seq"] for answer in answers) == list(range(before + 1, before + 11))
    for answer in answers:
        reported = answer["seq"] - before
        assert len(answer["payments"]) == reported
        assert answer["available_fen"] == fen("300万元") - reported * fen("30万元")
    assert await verify(desk.client, desk.engine) == agreed(1)


@pytest.mark.long
@pytest.mark.parametrize("ender", ["close", "go_judicial"])
async def test_whoever_is_too_late_finds_the_case_ended(desk: Desk, ender: str) -> None:
    """Commands that race with the end of a case are carried out before it, or find it ended. None is lost or left hanging."""
    *alive, close = until_closed()
    case_no = await desk.open(*alive)
    court = order("go_judicial", "creditor:赵", court="兰州中院", reference="1号")
    again = order("call_back", CLERK, "again", satisfied="basically", note="再次回访")
    ends = close if ender == "close" else court
    outcomes = await asyncio.gather(
        outcome(desk, case_no, ends), *(outcome(desk, case_no, again) for _ in range(3))
    )
    assert isinstance(outcomes[0], dict)
    assert all(one is Code.CASE_ENDED or isinstance(one, dict) for one in outcomes[1:])
    called_back = (await desk.kinds(case_no)).count("called_back")
    assert called_back == (2 if isinstance(outcomes[1], dict) else 1)
    assert await outcome(desk, case_no, order("close", HEAD, "late", report="结案")) is Code.CASE_ENDED
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.parametrize("workflow_class", [ArrearsCase, BondBatch])
def test_a_command_is_known_by_what_it_says_to_do(workflow_class: type) -> None:
    """Not by trying one class after the other, which is the SDK's default: there are more than seventy."""
    taken = workflow._Definition.must_from_class(workflow_class).updates["act"].arg_types
    assert taken, "the update takes a command"
    payloads = PydanticPayloadConverter().to_payloads([{"do": "nothing"}])
    with pytest.raises(ValidationError) as refused:
        PydanticPayloadConverter().from_payloads(payloads, taken)
    assert [fault["type"] for fault in refused.value.errors()] == ["union_tag_invalid"]
