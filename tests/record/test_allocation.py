"""A bond batch allocates its quota in the rule pack's order, to the fen, once; what it cannot allocate goes back."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
from functools import partial
from random import Random
from typing import Any, TypeVar

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from domain.value import BondKind, SourceKind
from schema import bonds
from schema.tables import bond_allocation, transfer
from tests.record.paper import Paper, miscounted
from tests.stack import DISTRICT, FINANCE, HEAD, TO_COURT, batch_order, fen, order, until_planned

T = TypeVar("T")

BATCH, NEXT = "BB-620105-2023-01", "BB-620105-2023-02"
APPROVE = batch_order("approve", HEAD)
DECLINE = batch_order("decline", HEAD, reason="人大常委会未批准")
CLOSE = batch_order("close_batch", FINANCE)


@pytest.fixture
def paper(engine: AsyncEngine) -> Paper:
    return Paper(engine)


def case_no(number: int, office: str = DISTRICT) -> str:
    return f"QQ-{office}-2023-{number:04d}"


async def ask(paper: Paper, *amounts: str) -> list[str]:
    """Create cases that request bond money, numbered from 1; returns their numbers."""
    numbers = [case_no(number) for number in range(1, len(amounts) + 1)]
    for number, amount in zip(numbers, amounts, strict=True):
        await paper.receive(number, *until_planned(amount))
    return numbers


def arrive(amount: str, reference: str) -> Any:
    return batch_order("arrive", FINANCE, f"arrive {reference}", amount=amount, reference=reference)


async def told(paper: Paper, batch_no: str) -> list[bonds.BondNews]:
    async with paper.engine.connect() as connection:
        return await bonds.untold(connection, batch_no, 100)


async def insisting(activity: Callable[[], Awaitable[T]]) -> T:
    """Retry after serialization failures and deadlocks, as Temporal does."""
    while True:
        try:
            return await activity()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in ("40001", "40P01"):
                raise


@pytest.mark.long
async def test_wages_come_first_then_livelihood_then_older_receipts_then_numbers(paper: Paper) -> None:
    older, newer = date(2023, 4, 20), date(2023, 4, 26)
    for number, received_on, migrant_wages, livelihood in (
        (1, newer, False, False),
        (2, older, False, False),
        (3, newer, False, True),
        (4, newer, True, False),
        (5, older, False, False),
        (6, newer, True, True),
    ):
        await paper.receive(
            case_no(number),
            *until_planned("100万元"),
            received_on=received_on,
            migrant_wages=migrant_wages,
            livelihood=livelihood,
        )
    await paper.open_batch(BATCH, "400.000001万元")
    fact = await paper.allocate(BATCH)
    assert (fact.requests, fact.requested_fen, fact.allocated_fen) == (
        6,
        fen("600万元"),
        fen("400.000001万元"),
    )
    whole = fen("100万元")
    given = {6: whole, 4: whole, 3: whole, 2: whole, 5: 1, 1: 0}
    assert list((await paper.allocated(BATCH)).items()) == [(case_no(no), fen) for no, fen in given.items()]
    assert await paper.reserved(f"quota:{BATCH}") == fen("400.000001万元")


async def test_what_is_met_in_part_waits_for_the_next_batch(paper: Paper) -> None:
    first, second = await ask(paper, "100万元", "80万元")
    await paper.open_batch(BATCH, "130万元")
    await paper.allocate(BATCH)
    await paper.open_batch(NEXT, "500万元")
    await paper.act_on(BATCH, APPROVE)
    await paper.deliver(BATCH)
    assert (await paper.case(second)).included_fen == fen("30万元")
    await paper.allocate(NEXT)
    assert await paper.allocated(NEXT) == {second: fen("50万元")}
    assert await paper.balance(f"included:{first}") == fen("100万元")


async def test_what_one_batch_has_reserved_no_other_batch_gives_again(paper: Paper) -> None:
    """The first batch still awaits its approval when the second one allocates."""
    (only,) = await ask(paper, "100万元")
    for batch_no, quota in ((BATCH, "60万元"), (NEXT, "500万元")):
        await paper.open_batch(batch_no, quota)
        await paper.allocate(batch_no)
    assert await paper.allocated(BATCH) == {only: fen("60万元")}
    assert await paper.allocated(NEXT) == {only: fen("40万元")}


@pytest.mark.long
async def test_a_batch_serves_its_office_and_those_below(paper: Paper) -> None:
    for office in ("620105", "620102", "620100", "620200"):
        await paper.receive(case_no(1, office), *until_planned("1万元", office=office), office=office)
    served = {
        "620105": {"620105"},
        "620100": {"620105", "620102", "620100"},
        "620000": {"620105", "620102", "620100", "620200"},
        "620300": set[str](),
    }
    for office, expected in served.items():
        async with paper.engine.connect() as connection:
            asked = await bonds.pool(connection, office, BondKind.GENERAL)
            assert await bonds.pool(connection, office, BondKind.SPECIAL) == []
        assert {request.case_no for request in asked} == {case_no(1, below) for below in expected}


@pytest.mark.long
async def test_a_batch_is_allocated_once_whoever_tries_and_however_often(paper: Paper) -> None:
    await ask(paper, "50万元", "30万元", "40万元")
    await paper.open_batch(BATCH, "100万元")
    facts = await asyncio.gather(*(insisting(lambda: paper.allocate(BATCH)) for _ in range(32)))
    again = await paper.allocate(BATCH)
    assert all(fact == again for fact in facts)
    assert list((await paper.allocated(BATCH)).values()) == [fen("50万元"), fen("30万元"), fen("20万元")]
    assert await paper.count(bond_allocation, transfer) == [3, 4]
    assert (await paper.batch(BATCH)).seq == 2


@pytest.mark.long
async def test_batches_that_allocate_together_never_give_a_case_more_than_it_wants(paper: Paper) -> None:
    wants = dict(zip(await ask(paper, "50万元", "30万元", "40万元"), (50, 30, 40), strict=True))
    numbers = [f"BB-620105-2023-{number:02d}" for number in range(1, 9)]
    for batch_no in numbers:
        await paper.open_batch(batch_no, "25万元")
    facts = await asyncio.gather(*(insisting(partial(paper.allocate, no)) for no in numbers))
    assert sum(fact.allocated_fen for fact in facts) == fen("120万元")
    given = [await paper.allocated(batch_no) for batch_no in numbers]
    for number, wanted in wants.items():
        assert sum(one.get(number, 0) for one in given) == fen(f"{wanted}万元")


async def test_a_declined_batch_gives_everything_back(paper: Paper) -> None:
    first, second = await ask(paper, "100万元", "80万元")
    await paper.open_batch(BATCH, "130万元")
    await paper.allocate(BATCH)
    await paper.act_on(BATCH, DECLINE)
    assert await told(paper, BATCH) == []
    assert await paper.reserved(f"quota:{BATCH}") == 0
    await paper.open_batch(NEXT, "500万元")
    await paper.allocate(NEXT)
    assert await paper.allocated(NEXT) == {first: fen("100万元"), second: fen("80万元")}


async def test_money_arrives_in_parts_in_the_order_of_the_allocation(paper: Paper) -> None:
    first, second = await ask(paper, "100万元", "80万元")
    await paper.open_batch(BATCH, "170万元")
    await paper.allocate(BATCH)
    await paper.act_on(BATCH, APPROVE)
    await paper.deliver(BATCH)
    for reference, amount, expected in (
        ("1号", "40万元", ("40万元", "0元")),
        ("2号", "90万元", ("100万元", "30万元")),
        ("3号", "40万元", ("100万元", "70万元")),
    ):
        await paper.act_on(BATCH, arrive(amount, reference))
        await paper.deliver(BATCH)
        found = [(await paper.case(number)).available_fen for number in (first, second)]
        assert found == [fen(amount) for amount in expected]
        assert found == [await paper.balance(f"available:{number}") for number in (first, second)]
    assert await paper.balance(f"included:{second}") == 0
    await paper.act_on(BATCH, CLOSE)
    assert await paper.balance(f"quota:{BATCH}") == 0


async def test_a_case_that_wants_less_by_then_takes_less_and_the_rest_stays_in_the_quota(
    paper: Paper,
) -> None:
    (only,) = await ask(paper, "100万元")
    await paper.open_batch(BATCH, "130万元")
    await paper.allocate(BATCH)
    revised = order(
        "plan",
        "debtor:王强",
        "revised",
        reason="部分由预算安排",
        sources=[{"kind": "bond", "amount": "40万元"}, {"kind": "budget", "amount": "60万元"}],
        instalments=[{"due_on": "2023-12-29", "amount": "100万元"}],
    )
    await paper.record(await paper.deciding(only, revised))
    await paper.act_on(BATCH, APPROVE)
    await paper.deliver(BATCH)
    assert (await paper.case(only)).included_fen == fen("40万元")
    assert await paper.balance(f"included:{only}") == fen("40万元")
    assert await paper.balance(f"quota:{BATCH}") == fen("90万元")
    assert await paper.reserved(f"quota:{BATCH}") == 0


async def test_an_excluded_request_leaves_the_pool_at_once(paper: Paper) -> None:
    first, second = await ask(paper, "100万元", "80万元")
    await paper.open_batch(BATCH, "500万元")
    await paper.act_on(BATCH, batch_order("exclude", FINANCE, case_no=first, reason="经常性支出"))
    await paper.allocate(BATCH, first_seq=3)
    assert await paper.allocated(BATCH) == {second: fen("80万元")}
    await paper.deliver(BATCH)
    assert (await paper.case(first)).ineligible == (SourceKind.BOND,)
    assert (await paper.case(first)).bond_wanted_fen == 0


async def test_news_that_a_case_takes_twice_counts_once(paper: Paper) -> None:
    (only,) = await ask(paper, "100万元")
    await paper.open_batch(BATCH, "60万元")
    await paper.allocate(BATCH)
    await paper.act_on(BATCH, APPROVE)
    (news,) = await told(paper, BATCH)
    case = await paper.case(only)
    for _ in range(2):
        await paper.take(BATCH, news)
        assert await told(paper, BATCH) == []
    taken = (await paper.entries(only))[-1]
    assert (taken.seq, taken.event.kind) == (case.seq + 1, "bond_included")
    assert await paper.balance(f"included:{only}") == fen("60万元")


async def closed_over_nothing(paper: Paper, *numbers: str) -> None:
    """Close the batch, and check that nothing is left in it or in its ended cases."""
    await paper.act_on(BATCH, CLOSE)
    assert await paper.balance(f"quota:{BATCH}") == 0
    for number in numbers:
        for purpose in ("included", "available"):
            assert await paper.balance(f"{purpose}:{number}") == 0
            assert await paper.reserved(f"{purpose}:{number}") == 0


async def test_news_of_an_inclusion_to_a_case_that_has_ended_is_returned(
    engine: AsyncEngine, client: Client
) -> None:
    """Its workflow has ended: what was reserved for it is free again."""
    paper = Paper(engine, client)
    (only,) = await ask(paper, "100万元")
    await paper.open_batch(BATCH, "130万元")
    await paper.allocate(BATCH)
    await paper.record(await paper.deciding(only, TO_COURT))
    await paper.act_on(BATCH, APPROVE)
    assert await paper.tell(BATCH) == 1
    assert await paper.tell(BATCH) == 0
    async with paper.engine.connect() as connection:
        assert await bonds.untaken(connection) == 0
    assert await paper.balance(f"quota:{BATCH}") == fen("130万元")
    await closed_over_nothing(paper, only)


async def test_what_was_included_for_a_case_is_free_the_moment_it_ends(paper: Paper) -> None:
    first, second = await ask(paper, "100万元", "30万元")
    await paper.open_batch(BATCH, "130万元")
    await paper.allocate(BATCH)
    await paper.act_on(BATCH, APPROVE)
    await paper.deliver(BATCH)
    with pytest.raises(ApplicationError, match="has not arrived yet"):
        await paper.act_on(BATCH, CLOSE)
    await paper.record(await paper.deciding(first, TO_COURT))
    assert [entry.event.kind for entry in await paper.entries(first)][-2:] == [
        "funds_returned",
        "went_judicial",
    ]
    assert await paper.balance(f"quota:{BATCH}") == fen("100万元")
    with pytest.raises(ApplicationError, match=r"only 30\.00万元"):
        await paper.act_on(BATCH, arrive("30.01万元", "1号"))
    await paper.act_on(BATCH, arrive("30万元", "2号"))
    await paper.deliver(BATCH)
    assert (await paper.case(second)).available_fen == fen("30万元")
    await closed_over_nothing(paper, first)


@pytest.mark.long
async def test_money_on_its_way_to_a_case_that_ends_goes_to_the_next_in_line(
    engine: AsyncEngine, client: Client
) -> None:
    paper = Paper(engine, client)
    first, second = await ask(paper, "100万元", "30万元")
    await paper.open_batch(BATCH, "130万元")
    await paper.allocate(BATCH)
    await paper.act_on(BATCH, APPROVE)
    await paper.deliver(BATCH)
    await paper.act_on(BATCH, arrive("60万元", "1号"))
    ((_, news),) = [(one.case_no, one) for one in await told(paper, BATCH)]
    await paper.record(await paper.deciding(first, TO_COURT))
    assert [(one.case_no, one.amount_fen) for one in await told(paper, BATCH)] == [(second, fen("30万元"))]
    await paper.take(BATCH, news)
    await paper.deliver(BATCH)
    assert (await paper.case(first)).available_fen == 0
    assert (await paper.case(second)).available_fen == fen("30万元")
    await closed_over_nothing(paper, first)


async def test_what_a_case_gives_back_to_a_batch_that_is_closed_leaves_the_batch(
    engine: AsyncEngine, client: Client
) -> None:
    """All money was sent to the case, so the batch could be closed; but the case had not taken it yet."""
    paper = Paper(engine, client)
    (only,) = await ask(paper, "100万元")
    await paper.open_batch(BATCH, "130万元")
    await paper.allocate(BATCH)
    await paper.act_on(BATCH, APPROVE)
    await paper.deliver(BATCH)
    await paper.act_on(BATCH, arrive("100万元", "1号"))
    await paper.act_on(BATCH, CLOSE)
    await paper.record(await paper.deciding(only, TO_COURT))
    for account in (f"quota:{BATCH}", f"included:{only}", f"available:{only}"):
        assert (await paper.balance(account), await paper.reserved(account)) == (0, 0)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
async def test_cases_that_end_while_money_arrives_leave_no_fen_behind(
    engine: AsyncEngine, client: Client, seed: int
) -> None:
    """Ends, arrivals and news happen in any order: the remaining cases get all of the money, and the batch can be closed."""
    paper, chance = Paper(engine, client), Random(seed)
    numbers = await ask(paper, *["10万元"] * 6)
    staying = set(chance.sample(numbers, 2))
    await paper.open_batch(BATCH, "100万元")
    await paper.allocate(BATCH)
    await paper.act_on(BATCH, APPROVE)
    await paper.deliver(BATCH)

    async def end(number: str) -> None:
        await paper.record(await paper.deciding(number, TO_COURT))

    async def receive(part: int) -> None:
        with suppress(ApplicationError):
            await paper.act_on(BATCH, arrive("5万元", f"{part}号"))

    ends = [insisting(partial(end, number)) for number in numbers if number not in staying]

    async def arrivals() -> None:
        for part in range(4):
            await insisting(partial(receive, part))

    meeting = [*ends, arrivals()]
    chance.shuffle(meeting)
    await asyncio.gather(*meeting)
    await paper.deliver(BATCH)
    for part in range(4, 12):
        await receive(part)
        await paper.deliver(BATCH)
    for number in numbers:
        assert (await paper.case(number)).available_fen == (fen("10万元") if number in staying else 0)
    await closed_over_nothing(paper, *(set(numbers) - staying))
    async with engine.connect() as connection:
        for stream in (BATCH, *numbers):
            assert await miscounted(connection, stream) == []
