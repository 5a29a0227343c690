"""A notice, its document, its place in the journal and its letters come about together, once, and stay as they are."""

import asyncio
import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.exceptions import ApplicationError

from activities.requests import RecordRequest
from domain.case.decider import decide, fold
from domain.case.papers import documents_in
from domain.events import Event
from domain.facts import NoticeIssued
from office.verification.verifying import verify
from schema import journal, post
from schema.tables import document, event, outbox
from tests.notices.paperwork import CASE, CITY, notice, words
from tests.record.paper import Paper
from tests.stack import CLERK, DISTRICT, RECEIVED_ON, RULES, Desk, agreed, order

ROWS = (event, document, outbox)


async def issuing(paper: Paper, *facts: NoticeIssued) -> RecordRequest:
    """What the next entry asks to be recorded when notices are issued with a command."""
    case = await paper.case(CASE)
    (remarked,) = decide(case, order("remark", CLERK, text="备查"), RULES, paper.now)
    notices = [
        Event(at=paper.now, on=paper.now.date() - timedelta(days=3), by=remarked.by, fact=fact)
        for fact in facts
    ]
    return RecordRequest(stream=CASE, first_seq=case.seq + 1, events=(remarked, *notices))


async def documents_of(engine: AsyncEngine) -> dict[str, tuple[bytes, str]]:
    query = select(document.c.number, document.c.docx, document.c.sha256)
    async with engine.connect() as connection:
        return {row.number: (row.docx, row.sha256) for row in await connection.execute(query)}


async def journaled(engine: AsyncEngine, case_no: str = CASE) -> dict[str, str | None]:
    """The hashes that the journal has, by number."""
    async with engine.connect() as connection:
        entries = await journal.entries(connection, stream=case_no)
    return {one.number: one.sha256 for entry in entries for one in documents_in(entry.event)}


@pytest.mark.long
async def test_the_journal_has_the_hash_of_the_bytes_that_are_stored(engine: AsyncEngine) -> None:
    paper = Paper(engine)
    await paper.receive(CASE)
    facts = [notice(number="清欠督〔2023〕1号"), notice(number="清欠督〔2023〕2号", addressee="另一单位")]
    await paper.record(await issuing(paper, *facts))
    stored = await documents_of(engine)
    assert await journaled(engine) == {
        number: hashlib.sha256(docx).hexdigest() for number, (docx, _) in stored.items()
    }
    assert all(hashlib.sha256(docx).hexdigest() == noted for docx, noted in stored.values())
    assert "另一单位" in words(stored["清欠督〔2023〕2号"][0])
    assert "2023年4月26日" in words(stored["清欠督〔2023〕1号"][0]), (
        "dated by the day of issue, not by its level's"
    )


async def test_a_notice_is_issued_once_however_often_it_is_recorded(engine: AsyncEngine) -> None:
    paper = Paper(engine)
    await paper.receive(CASE)
    request = await issuing(paper, notice())
    await asyncio.gather(*(paper.record(request) for _ in range(8)))
    await paper.record(request)
    assert await paper.count(*ROWS) == [3, 1, 2]
    async with engine.connect() as connection:
        letters = (await connection.execute(select(outbox).order_by(outbox.c.office))).all()
    assert [(letter.office, letter.kind, letter.state) for letter in letters] == [
        (CITY, "notice", "waiting"),
        (DISTRICT, "notice", "waiting"),
    ]
    assert {letter.deliver_at for letter in letters} == {notice().deliver_at}
    assert letters[0].subject.startswith("督办书 清欠督")
    assert "安宁区环卫局" in letters[0].body


async def test_what_fails_in_part_issues_nothing(engine: AsyncEngine) -> None:
    paper = Paper(engine)
    await paper.receive(CASE)
    twice = await issuing(paper, notice(), notice())
    with pytest.raises(ApplicationError, match="cannot hold this"):
        await paper.record(twice)
    assert await paper.count(*ROWS) == [1, 0, 0]


async def test_the_state_of_a_case_does_not_depend_on_the_hash(engine: AsyncEngine) -> None:
    paper = Paper(engine)
    await paper.receive(CASE)
    before = await paper.case(CASE)
    request = await issuing(paper, notice())
    await paper.record(request)
    assert await paper.case(CASE) == fold(before, request.events)


@pytest.mark.parametrize("statement", ["UPDATE document SET notice = 'prompt'", "DELETE FROM document"])
async def test_a_document_cannot_be_changed(engine: AsyncEngine, statement: str) -> None:
    paper = Paper(engine)
    await paper.receive(CASE)
    await paper.record(await issuing(paper, notice()))
    with pytest.raises(DBAPIError, match="document is append-only"):
        async with engine.begin() as connection:
            await connection.execute(text(statement))


async def test_a_letter_is_in_the_outbox_once(engine: AsyncEngine) -> None:
    paper = Paper(engine)
    async with engine.begin() as connection:
        for _ in range(3):
            await post.post(connection, "周报1", "report", DISTRICT, "周报", "正文", paper.now)
    assert await paper.count(outbox) == [1]


async def with_notices(desk: Desk) -> str:
    """A case whose debtor has let a deadline lapse."""
    case_no = await desk.open(order("accept", CLERK), order("forward", CLERK, to="debtor"))
    await desk.move_to(RECEIVED_ON + timedelta(days=17))
    assert await journaled(desk.engine, case_no)
    return case_no


@pytest.mark.long
async def test_the_ladder_issues_documents_on_the_real_servers(desk: Desk) -> None:
    case_no = await with_notices(desk)
    stored = await documents_of(desk.engine)
    assert {number[:3] for number in stored} == {"清欠受", "清欠转", "清欠提", "清欠催", "清欠督"}
    assert await journaled(desk.engine, case_no) == {number: noted for number, (_, noted) in stored.items()}
    supervision = next(docx for number, (docx, _) in stored.items() if number.startswith("清欠督"))
    assert "抄送\uff1a兰州市清欠办" in words(supervision)
    assert await verify(desk.client, desk.engine) == agreed(1)


ALTERED = """
    UPDATE document SET docx = docx || '\\x00', sha256 = encode(sha256(docx || '\\x00'), 'hex')
    WHERE number LIKE '清欠催%'
"""
TAMPERINGS = {
    "a document is altered": (ALTERED, "has been altered"),
    "a document is missing": ("DELETE FROM document WHERE number LIKE '清欠催%'", "is missing"),
    "a document is slipped in": (
        "INSERT INTO document (number, case_no, notice, issued_on, office, addressee, reply_by, docx, sha256) "
        "SELECT '清欠催〔2023〕0号', case_no, notice, issued_on, office, addressee, reply_by, docx, sha256 "
        "FROM document LIMIT 1",
        "is not in the journal",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize(("statement", "difference"), TAMPERINGS.values(), ids=TAMPERINGS)
async def test_verify_names_the_document_that_was_tampered_with(
    desk: Desk, statement: str, difference: str
) -> None:
    await with_notices(desk)
    async with desk.engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text(statement))
    (found,) = (await verify(desk.client, desk.engine))["differences"]
    assert "documents: 清欠催" in found
    assert difference in found
