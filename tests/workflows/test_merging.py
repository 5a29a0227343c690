"""并案 on real servers: the other case learns of it, once, whatever else happens at that moment."""

import asyncio
from typing import Any

import pytest

from domain.facts import Absorbed
from domain.refusal import Refusal
from office.verification.verifying import verify
from tests.known import fact
from tests.stack import CLERK, HEAD, TO_COURT, Desk, agreed, eventually, order

pytestmark = pytest.mark.long


async def merge(desk: Desk, case_no: str, into: str, command_id: str = "merge") -> None:
    """Submit and approve a merger."""
    await desk.cases.act(case_no, order("merge", CLERK, command_id, into=into, reason="重复登记"))
    await desk.cases.act(case_no, order("approve", HEAD, f"{command_id}-approved"))


async def kinds_of_both(desk: Desk, *case_nos: str) -> list[Any]:
    return [await desk.kinds(case_no) for case_no in case_nos]


async def test_a_case_goes_on_in_the_other_which_learns_of_it_by_itself(desk: Desk) -> None:
    first, second = await desk.open(), await desk.open(channel="platform")
    await merge(desk, first, second)
    assert await kinds_of_both(desk, first, second) == [
        ["received", "submitted", "approved", "merged"],
        ["received", "absorbed"],
    ]

    async def has_learned() -> bool:
        return bool((await verify(desk.client, desk.engine))["ok"])

    await eventually(has_learned)
    assert await verify(desk.client, desk.engine) == agreed(2)
    answered = await desk.cases.act(second, order("accept", CLERK))
    assert (answered["seq"], answered["channels"]) == (3, ["platform", "hotline"])
    assert (await desk.show(first))["merged_into"] == second


async def test_what_was_merged_before_goes_on_with_it(desk: Desk) -> None:
    first, second, third = [await desk.open() for _ in range(3)]
    await merge(desk, first, second)
    await merge(desk, second, third)
    absorbed = [fact(event, Absorbed).case_no for event in (await desk.journal(third))[1:]]
    assert absorbed == [second, first]


async def test_a_case_takes_a_command_and_another_case_at_once(desk: Desk) -> None:
    """For a moment the record is ahead of the workflow: the command is decided again after what is on record."""
    others, into = [await desk.open() for _ in range(4)], await desk.open()
    for case_no in others:
        await desk.cases.act(case_no, order("merge", CLERK, into=into, reason="重复登记"))
    approvals = [desk.cases.act(case_no, order("approve", HEAD)) for case_no in others]
    items = [desk.cases.act(into, order("request_correction", CLERK, items=["合同"]))]
    await asyncio.gather(*approvals, *items)
    assert sorted(await desk.kinds(into)) == ["absorbed"] * 4 + ["correction_requested", "received"]
    assert await desk.cases.act(into, order("accept", CLERK))


async def test_of_two_that_are_merged_into_each_other_one_is(desk: Desk) -> None:
    first, second = await desk.open(), await desk.open()
    told = await asyncio.gather(
        merge(desk, first, second), merge(desk, second, first), return_exceptions=True
    )
    refused = [one for one in told if isinstance(one, Refusal)]
    assert len(refused) == 1
    assert refused[0].code in ("malformed", "case_ended")
    stages = [(await desk.show(case_no))["stage"] for case_no in (first, second)]
    assert sorted(stages) == ["intake", "merged"]


@pytest.mark.parametrize("wrong", ["itself", "another creditor's", "one that has ended", "none"])
async def test_it_is_refused_before_anybody_decides_on_it(desk: Desk, wrong: str) -> None:
    case_no = await desk.open()
    creditor = {"name": "另一公司", "size": "small", "ownership": "private"}
    others = {
        "itself": case_no,
        "another creditor's": await desk.open(creditor=creditor),
        "one that has ended": await desk.open(TO_COURT),
        "none": "QQ-620105-2023-0099",
    }
    with pytest.raises(Refusal) as refusal:
        await merge(desk, case_no, others[wrong])
    assert (refusal.value.code, refusal.value.field) == ("malformed", "into")
    assert await desk.kinds(case_no) == ["received"]
