"""Merging is one transaction: both journals have it, or neither, however often it is tried."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from domain.events import Event
from schema import casefiles, journal
from tests.record.paper import Paper
from tests.stack import CLERK, HEAD, TO_COURT, order, until_planned

FIRST, SECOND = "QQ-620105-2023-0001", "QQ-620105-2023-0002"
MERGE = order("merge", CLERK, into=SECOND, reason="重复登记")


@pytest.fixture
def paper(engine: AsyncEngine, client: Client) -> Paper:
    return Paper(engine, client)


async def entries(paper: Paper, case_no: str) -> list[Event]:
    async with paper.engine.connect() as connection:
        return [entry.event for entry in await journal.entries(connection, stream=case_no)]


async def test_doing_it_again_changes_nothing(paper: Paper) -> None:
    await paper.receive(SECOND, channel="platform")
    await paper.receive(FIRST, MERGE)
    request = await paper.deciding(FIRST, order("approve", HEAD))
    for _ in range(3):
        await paper.record(request)
    assert [event.kind for event in await entries(paper, SECOND)] == ["received", "absorbed"]
    (_, absorbed) = await entries(paper, SECOND)
    assert (str(absorbed.by), str(absorbed.approved_by), absorbed.command_id) == (CLERK, HEAD, None)


async def test_where_the_other_has_ended_meanwhile_nothing_happens(paper: Paper) -> None:
    await paper.receive(SECOND)
    await paper.receive(FIRST, MERGE)
    request = await paper.deciding(FIRST, order("approve", HEAD))
    await paper.record(await paper.deciding(SECOND, TO_COURT))
    with pytest.raises(ApplicationError, match="no other open case"):
        await paper.record(request)
    assert [event.kind for event in await entries(paper, FIRST)] == ["received", "submitted"]
    assert [event.kind for event in await entries(paper, SECOND)] == ["received", "went_judicial"]


async def test_the_other_ranks_by_the_older_receipt_in_the_pool(paper: Paper) -> None:
    await paper.receive(SECOND, *until_planned(), received_on="2023-04-26")
    await paper.receive(FIRST, MERGE, received_on="2023-03-01")
    await paper.record(await paper.deciding(FIRST, order("approve", HEAD)))
    async with paper.engine.connect() as connection:
        rows = await casefiles.kept_requests(connection, SECOND)
    assert {str(row.received_on) for row in rows.values()} == {"2023-03-01"}
