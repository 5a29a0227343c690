"""Duplicates are found in the transaction that registers a case, by an index, even if both are registered at the same moment."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.names.claims import Claim
from domain.receipt import NO_CONTACTS, Receipt
from domain.refusal import Refusal
from schema import claims, registry
from schema.tables import claim
from tests.record.paper import Paper
from tests.stack import RULES, receipt


def again(**changes: Any) -> Receipt:
    """A receipt that is not marked as distinct."""
    return receipt(**{"distinct": False} | changes)


@pytest.fixture
def paper(engine: AsyncEngine) -> Paper:
    return Paper(engine)


async def register(engine: AsyncEngine, received: Receipt) -> str:
    async with engine.begin() as connection:
        return await registry.register_case(connection, received, RULES, "hash", NO_CONTACTS)


async def refused(engine: AsyncEngine, received: Receipt) -> list[dict[str, Any]]:
    """The candidates with which the receipt is refused."""
    with pytest.raises(Refusal) as refusal:
        await register(engine, received)
    assert refusal.value.code == "duplicate"
    candidates: list[dict[str, Any]] = refusal.value.to_json()["candidates"]
    return candidates


async def test_a_double_is_refused_with_its_candidate_unless_it_is_distinct(engine: AsyncEngine) -> None:
    first = await register(engine, again())
    (candidate,) = await refused(engine, again(claimed="403万元"))
    assert candidate == {"case_no": first, "received_on": "2023-04-26", "stage": None, "holder": None}
    assert await register(engine, again(claimed="420万元")) == "QQ-620105-2023-0002"
    assert await register(engine, again(distinct=True)) == "QQ-620105-2023-0003"
    assert await register(engine, again(project="另一项目")) == "QQ-620105-2023-0004"


async def test_a_double_is_one_in_whatever_office(engine: AsyncEngine) -> None:
    first = await register(engine, again(office="620102"))
    assert [one["case_no"] for one in await refused(engine, again())] == [first]


async def test_of_many_who_register_the_same_together_one_does(engine: AsyncEngine) -> None:
    """However the names are written: the keys that two duplicates share are locked until the first is on record."""
    ways = [again(creditor={"name": name}) for name in ("八冶集团", "八冶 集团", "（八冶集团）", "八冶集团")]
    told = await asyncio.gather(*(register(engine, one) for one in ways), return_exceptions=True)
    assert sum(isinstance(one, str) for one in told) == 1
    assert {one.code for one in told if isinstance(one, Refusal)} == {"duplicate"}


async def test_only_open_cases_are_candidates_and_no_more_than_ten(paper: Paper) -> None:
    engine = paper.engine
    numbers = [await register(engine, again(distinct=True)) for _ in range(12)]
    for number in numbers:
        await paper.receive(number)
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE case_file SET ended_on = received_on WHERE case_no = :no"), {"no": numbers[-1]}
        )
    candidates = await refused(engine, again())
    assert [one["case_no"] for one in candidates] == numbers[-2:-12:-1]
    assert candidates[0] == {
        "case_no": numbers[-2],
        "received_on": "2023-04-26",
        "stage": "intake",
        "holder": "620105",
    }


async def test_a_number_that_was_never_opened_hinders_nobody_for_long(engine: AsyncEngine) -> None:
    lost = await register(engine, again())
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE claim SET registered_at = now() - interval '11 minutes'"))
    assert await register(engine, again()) != lost


async def test_many_claims_are_looked_up_together(engine: AsyncEngine) -> None:
    numbers = [await register(engine, again(project=f"第{no}号")) for no in range(3)]
    asked = {no: Claim.of(again(project=f"第{no}号")) for no in range(700)}
    async with engine.connect() as connection:
        found = await claims.doubles(connection, asked)
    assert {no: [one.case_no for one in some] for no, some in found.items()} == {
        no: [number] for no, number in enumerate(numbers)
    }


async def test_the_look_up_goes_by_the_index(engine: AsyncEngine) -> None:
    await register(engine, again())
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await connection.execute(
            text("EXPLAIN SELECT case_no FROM claim WHERE known_by && ARRAY['a']::text[]")
        )
        assert "claim_known_by" in str(plan.all())
        assert (
            await connection.execute(select(claim.c.body["project"].astext))
        ).scalar_one() == "北滨河路维修"
