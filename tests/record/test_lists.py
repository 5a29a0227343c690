"""Numbers are given once, and lists by columns find what the cases themselves say."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.case.duties import light_of_case
from domain.receipt import NO_CONTACTS, Contacts
from domain.reports.periods import ReportKind, period_of
from domain.value import Light
from office.enquiries import Enquiries
from schema import casefiles, registry, reports, rulebook
from schema.seen import desk
from schema.seen.desk import Filters, Listing
from schema.seen.sight import Sight
from schema.tables import batch_number, registration, rules
from tests.record.paper import Paper
from tests.stack import CLERK, RECEIVED_ON, RULES, batch, order, receipt, until_closed, until_planned

CASES = [f"QQ-620105-2023-{number:04d}" for number in range(1, 7)]


@pytest.fixture
async def paper(engine: AsyncEngine) -> Paper:
    """An office with cases in all kinds of states: received, accepted, forwarded, planned, ended."""
    paper = Paper(engine)
    orders = [[], [order("accept", CLERK)], until_planned()[:3], until_planned(), until_closed()]
    for case_no, given in zip(CASES, orders, strict=False):
        await paper.receive(case_no, *given)
    await paper.receive(CASES[5], order("accept", "clerk:陈@620100"), office="620100")
    await paper.record(await paper.deciding(CASES[5], order("forward", "clerk:陈@620100", to="620105")))
    return paper


async def register(engine: AsyncEngine, office: str = "620105", received_on: date = RECEIVED_ON) -> str:
    async with engine.begin() as connection:
        return await registry.register_case(
            connection,
            receipt(office=office, received_on=received_on),
            RULES,
            "hash",
            Contacts("13800000000", "13900000000"),
        )


async def test_each_case_gets_the_next_number_of_its_office_and_year(engine: AsyncEngine) -> None:
    numbers = await asyncio.gather(*(register(engine) for _ in range(16)))
    assert sorted(numbers) == [f"QQ-620105-2023-{number:04d}" for number in range(1, 17)]
    assert await register(engine, "620102") == "QQ-620102-2023-0001"
    assert await register(engine, received_on=date(2024, 1, 2)) == "QQ-620105-2024-0001"
    assert await register(engine) == "QQ-620105-2023-0017"


async def test_a_number_that_was_not_committed_is_given_again(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        lost = await registry.register_case(connection, receipt(), RULES, "hash", NO_CONTACTS)
        await connection.rollback()
    assert await register(engine) == lost


async def test_batches_have_numbers_of_their_own(engine: AsyncEngine) -> None:
    async def register_batch() -> str:
        async with engine.begin() as connection:
            return await registry.register_batch(connection, batch("1万元"))

    await register(engine)
    numbers = await asyncio.gather(*(register_batch() for _ in range(4)))
    assert sorted(numbers) == [f"BB-620105-2023-{number:02d}" for number in range(1, 5)]


@pytest.mark.parametrize("table", [registration, batch_number], ids=str)
async def test_a_number_taken_by_hand_is_not_given_twice(engine: AsyncEngine, table: Table) -> None:
    known = {"rules_digest": "digest", "access_code_hash": "hash"} if table is registration else {}
    key = "case_no" if table is registration else "batch_no"
    row = {"office": "620105", "year": 2023, "number": 1, **known}
    async with engine.begin() as connection:
        await connection.execute(rules.insert().values(digest="digest", body={}))
        await connection.execute(table.insert().values({key: "a", **row}))
    async with engine.connect() as connection:
        with pytest.raises(IntegrityError):
            await connection.execute(table.insert().values({key: "b", **row}))


async def test_equal_rules_are_kept_once_and_read_back_as_they_were(engine: AsyncEngine) -> None:
    first, second = await register(engine), await register(engine)
    other = RULES.model_copy(update={"pack": "gansu@2026.2"})
    async with engine.begin() as connection:
        third = await registry.register_case(connection, receipt(office="620102"), other, "hash", NO_CONTACTS)
        assert await rulebook.of_case(connection, first) == RULES
        assert await rulebook.of_case(connection, second) == RULES
        assert await rulebook.of_case(connection, third) == other
        assert len((await connection.execute(select(rules))).all()) == 2
        assert await registry.contacts_of(connection, first) == ("13800000000", "13900000000")
        assert await registry.contacts_of(connection, third) == NO_CONTACTS


async def found(paper: Paper, on: date = RECEIVED_ON, **filters: str) -> list[str]:
    """The numbers of the cases that a list finds."""
    page = await Enquiries(paper.engine).cases(on, filters)
    return [case["case_no"] for case in page["cases"]]


@pytest.mark.long
async def test_lists_filter_by_stage_mode_and_office(paper: Paper) -> None:
    assert await found(paper) == CASES
    assert await found(paper, stage="bonding") == [CASES[3]]
    assert await found(paper, stage="closed") == [CASES[4]]
    assert await found(paper, mode="transferred") == CASES
    assert await found(paper, mode="supervised") == []
    assert await found(paper, office="620100") == [CASES[5]]
    assert await found(paper, office="620105") == CASES
    assert await found(paper, office="620105", stage="transfer") == [CASES[1], CASES[5]]
    assert await found(paper, office="620102") == []


@pytest.mark.long
async def test_lists_find_by_light_what_the_cases_show_on_every_day(paper: Paper) -> None:
    cases = [await paper.case(case_no) for case_no in CASES]
    seen = set()
    for day in (RECEIVED_ON + timedelta(days=passed) for passed in range(0, 280, 3)):
        shown = {case.case_no: light_of_case(case, day) for case in cases}
        for light in Light:
            expected = [case_no for case_no, shows in shown.items() if shows is light]
            assert await found(paper, day, light=light.value) == expected, day
        seen |= set(shown.values())
    assert seen == set(Light)


@pytest.mark.long
async def test_a_long_list_comes_in_pages(paper: Paper) -> None:
    enquiries, pages, after = Enquiries(paper.engine), [], None
    while True:
        page = await enquiries.cases(RECEIVED_ON, {"mode": "transferred"}, after, size=4)
        pages.append([case["case_no"] for case in page["cases"]])
        after = page.get("next")
        if after is None:
            break
    assert pages == [CASES[:4], CASES[4:]]
    whole = await enquiries.cases(RECEIVED_ON, {}, size=len(CASES))
    assert "next" not in whole


async def test_the_10000th_case_of_a_year_comes_after_the_9999th(engine: AsyncEngine) -> None:
    """In every list, on every page, and in reports: numbers are compared by value."""
    paper, numbers = Paper(engine), [f"QQ-620105-2023-{number:04d}" for number in (9998, 9999, 10000, 10001)]
    for case_no in (numbers[2], numbers[0], numbers[3], numbers[1]):
        await paper.receive(case_no)
    async with engine.connect() as connection:
        listed = await casefiles.list_cases(connection, RECEIVED_ON, filters={})
        assert [case.case_no for case, _, _ in listed.rows] == numbers
        second = await casefiles.list_cases(connection, RECEIVED_ON, filters={}, after=numbers[1])
        assert [case.case_no for case, _, _ in second.rows] == numbers[2:]
        period = period_of(ReportKind.MONTH, date(2023, 5, 1))
        first = await reports.cases_of(connection, period, "", 2)
        assert [told.case.case_no for told in first.cases] == numbers[:2]
        rest = await reports.cases_of(connection, period, first.next or "", 2)
        assert [told.case.case_no for told in rest.cases] == numbers[2:]


@pytest.mark.parametrize("sight", [Sight.of_office("620105"), Sight.of_office("620000")])
@pytest.mark.parametrize(
    "filters", [Filters(), Filters(q="道路"), Filters(stage="intake"), Filters(q="QQ-620105")]
)
async def test_the_desk_lists_the_10000th_case_before_the_9999th(
    engine: AsyncEngine, sight: Sight, filters: Filters
) -> None:
    """The newest first, page by page, by the offices' index and by full text."""
    paper, numbers = Paper(engine), [f"QQ-620105-2023-{number:04d}" for number in (9998, 9999, 10000, 10001)]
    for case_no in numbers:
        await paper.receive(case_no)
    found: list[str] = []
    after: str | None = None
    async with engine.connect() as connection:
        while len(found) == 0 or after is not None:
            rows, after = await desk.listed(
                connection, sight, RECEIVED_ON, Listing(filters), after=after, size=1
            )
            found += [row.case_no for row in rows]
    assert found == numbers[::-1]
