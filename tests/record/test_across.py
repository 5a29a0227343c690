"""Rules across cases and batches, also under concurrency: a reference is used once in the record, and cases share a contract."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.exceptions import ApplicationError

from domain.names.claims import contract_keys
from domain.receipt import Debtor
from tests.record.paper import Paper
from tests.stack import FINANCE, HEAD, batch_order, fen, order, until_planned

FIRST, SECOND = "QQ-620105-2023-0001", "QQ-620105-2023-0002"
GENERAL, SPECIAL = "BB-620105-2023-01", "BB-620105-2023-02"
TOTAL: Final = {"no": "HT-1", "total": "100万元"}


@pytest.fixture
def paper(engine: AsyncEngine) -> Paper:
    return Paper(engine)


def _fund(reference: str, amount: str = "1万元") -> Any:
    return order("fund", FINANCE, f"fund {reference}", source="budget", amount=amount, reference=reference)


def _recognise(settled: str) -> Any:
    return order(
        "recognise",
        "debtor:王强",
        settled=settled,
        paid="0",
        undisputed=settled,
        as_of="2023-04-26",
    )


async def _code(asked: Awaitable[Any]) -> str | None:
    """The code with which the record refuses; None if it does not."""
    try:
        await asked
    except ApplicationError as refusal:
        return str(refusal.details[0]["code"])
    return None


async def test_a_reference_is_used_once_whoever_else_uses_it_at_that_moment(paper: Paper) -> None:
    for number in (FIRST, SECOND):
        await paper.receive(number, *until_planned("300万元", "budget"))
    asked = [await paper.deciding(number, _fund("安财预1号")) for number in (FIRST, SECOND)]
    codes = await asyncio.gather(*(_code(paper.record(one)) for one in asked))
    assert sorted(codes, key=str) == [None, "reference_reused"]
    available = [(await paper.case(number)).available_fen for number in (FIRST, SECOND)]
    assert sorted(available) == [0, fen("1万元")]
    late = (FIRST, SECOND)[codes.index("reference_reused")]
    assert await _code(paper.record(await paper.deciding(late, _fund("安财预2号")))) is None


async def test_the_same_entry_again_uses_its_own_reference(paper: Paper) -> None:
    await paper.receive(FIRST, *until_planned("300万元", "budget"))
    asked = await paper.deciding(FIRST, _fund("安财预1号"))
    assert [await _code(paper.record(asked)) for _ in range(3)] == [None] * 3


@pytest.mark.long
async def test_batches_and_cases_share_their_references(paper: Paper) -> None:
    await paper.receive(FIRST, *until_planned("50万元"))
    await paper.receive(SECOND, *until_planned("50万元", "budget"))
    await paper.record(await paper.deciding(SECOND, _fund("安财预1号")))
    await paper.open_batch(GENERAL, "50万元")
    await paper.allocate(GENERAL)
    await paper.act_on(GENERAL, batch_order("approve", HEAD))
    await paper.deliver(GENERAL)
    arrived = batch_order("arrive", FINANCE, amount="50万元", reference="安财预1号")
    assert await _code(paper.act_on(GENERAL, arrived)) == "reference_reused"
    assert (await paper.batch(GENERAL)).arrived_fen == 0
    arrived = batch_order("arrive", FINANCE, amount="50万元", reference="安财债1号")
    assert await _code(paper.act_on(GENERAL, arrived)) is None
    assert await _code(paper.record(await paper.deciding(SECOND, _fund("安财债1号")))) == "reference_reused"


async def test_a_used_reference_is_never_free_again(paper: Paper) -> None:
    await paper.receive(FIRST, *until_planned("300万元", "budget"), _fund("安财预1号"))
    for statement in ("DELETE FROM money_reference", "UPDATE money_reference SET reference = 'x'"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with paper.engine.begin() as connection:
                await connection.execute(text(statement))


async def test_cases_of_one_contract_state_no_more_than_it_is_worth_even_at_one_moment(paper: Paper) -> None:
    for number in (FIRST, SECOND):
        await paper.receive(number, *until_planned()[:2], contract=TOTAL)
    asked = [await paper.deciding(number, _recognise("60万元")) for number in (FIRST, SECOND)]
    codes = await asyncio.gather(*(_code(paper.record(one)) for one in asked))
    assert sorted(codes, key=str) == [None, "exceeds_owed"]
    late = (FIRST, SECOND)[codes.index("exceeds_owed")]
    assert (await paper.case(late)).recognition is None
    assert await _code(paper.record(await paper.deciding(late, _recognise("40万元")))) is None


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ({"no": "HT-1"}, {"no": "HT-1"}, "exceeds_owed"),
        ({"no": "HT-1"}, {"no": "ＨＴ-1", "total": "120万元"}, None),
        ({"no": "HT-1"}, {"no": "HT-2"}, None),
        ({"no": "HT-1"}, None, None),
        ({"total": "60万元"}, {"total": "60万元"}, None),
    ],
)
async def test_only_what_is_stated_of_the_same_contract_is_added_up(
    paper: Paper, first: dict[str, str], second: dict[str, str] | None, code: str | None
) -> None:
    await paper.receive(FIRST, *until_planned()[:2], _recognise("60万元"), contract=first)
    await paper.receive(SECOND, *until_planned()[:2], contract=second)
    assert await _code(paper.record(await paper.deciding(SECOND, _recognise("60万元")))) == code


async def test_one_of_the_cases_may_not_know_the_debtor_s_code(paper: Paper) -> None:
    named: dict[str, Any] = {"name": "安宁区环卫局", "kind": "organ"}
    coded, other = (named | {"code": code} for code in ("91620000MA7CDEF01K", "116201050139123B5P"))
    for number, debtor, code in (
        ("0001", coded, None),
        ("0002", named, "exceeds_owed"),
        ("0003", other, None),
    ):
        case_no = f"QQ-620105-2023-{number}"
        await paper.receive(case_no, *until_planned()[:2], contract=TOTAL, debtor=debtor)
        assert await _code(paper.record(await paper.deciding(case_no, _recognise("60万元")))) == code


async def test_what_the_others_state_is_found_by_its_index(paper: Paper) -> None:
    await paper.receive(FIRST, *until_planned()[:2], _recognise("60万元"), contract=TOTAL)
    keys = list(contract_keys(Debtor(name="安宁区环卫局", kind="organ"), "HT-1"))
    async with paper.engine.connect() as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        query = text("EXPLAIN SELECT contract_settled_fen FROM case_file WHERE contract_keys && :keys")
        plan = " ".join((await connection.execute(query, {"keys": keys})).scalars())
    assert "case_file_by_contract" in plan


async def test_a_batch_serves_the_requests_of_its_kind(paper: Paper) -> None:
    await paper.receive(FIRST, *until_planned("80万元"))
    await paper.receive(SECOND, *until_planned("70万元", "special_bond"))
    await paper.open_batch(GENERAL, "500万元")
    await paper.open_batch(SPECIAL, "50万元", kind="special")
    for batch_no in (GENERAL, SPECIAL):
        await paper.allocate(batch_no)
    assert await paper.allocated(GENERAL) == {FIRST: fen("80万元")}
    assert await paper.allocated(SPECIAL) == {SECOND: fen("50万元")}
    for batch_no in (GENERAL, SPECIAL):
        await paper.act_on(batch_no, batch_order("approve", HEAD))
        await paper.deliver(batch_no)
    assert {number: one.fen for number, one in (await paper.case(SECOND)).batches.items()} == {
        SPECIAL: fen("50万元")
    }


async def test_a_case_that_asks_both_pools_is_reserved_in_each_for_itself(paper: Paper) -> None:
    *before, _ = until_planned("100万元")
    both = order(
        "plan",
        "debtor:王强",
        sources=[{"kind": "bond", "amount": "60万元"}, {"kind": "special_bond", "amount": "40万元"}],
        instalments=[{"due_on": "2023-12-29", "amount": "100万元"}],
    )
    await paper.receive(FIRST, *before, both)
    await paper.open_batch(GENERAL, "500万元")
    await paper.open_batch(SPECIAL, "500万元", kind="special")
    await paper.allocate(GENERAL)
    await paper.allocate(SPECIAL)
    assert await paper.allocated(GENERAL) == {FIRST: fen("60万元")}
    assert await paper.allocated(SPECIAL) == {FIRST: fen("40万元")}
    await paper.act_on(GENERAL, batch_order("approve", HEAD))
    await paper.act_on(SPECIAL, batch_order("decline", HEAD, reason="未获批准"))
    await paper.deliver(GENERAL)
    case = await paper.case(FIRST)
    assert (case.bond_awaited_fen, case.bond_wanted_fen) == (fen("60万元"), fen("40万元"))


async def test_an_excluded_request_leaves_its_own_pool_alone(paper: Paper) -> None:
    await paper.receive(FIRST, *until_planned("80万元", "special_bond"))
    await paper.open_batch(SPECIAL, "50万元", kind="special")
    exclude = batch_order("exclude", FINANCE, case_no=FIRST, reason="不在通知所列范围")
    await paper.act_on(SPECIAL, exclude)
    await paper.deliver(SPECIAL)
    assert (await paper.case(FIRST)).ineligible == ("special_bond",)
