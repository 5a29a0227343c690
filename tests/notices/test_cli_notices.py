"""`qingqian notices`, as its users call it."""

import asyncio
import hashlib
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.rules import Channels
from tests.cli.commands import Said, call
from tests.notices.paperwork import CASE, CITY, PostOffice, notice, words
from tests.notices.test_issuing import issuing
from tests.record.paper import Paper
from tests.stack import DISTRICT

OTHER = "QQ-620105-2023-0002"
MAIL = "clerk@anning.example"


async def asked(engine: AsyncEngine, *arguments: str) -> Said:
    url = engine.url.render_as_string(hide_password=False)
    return await asyncio.to_thread(call, "notices", *arguments, DATABASE_URL=url)


@pytest.fixture
async def number(office: PostOffice) -> str:
    """A notice of which one delivery has failed; there is another case without any."""
    paper = Paper(office.engine)
    await paper.receive(OTHER)
    await paper.receive(CASE)
    await paper.record(await issuing(paper, notice()))
    office.channels[DISTRICT] = Channels(email=(MAIL,), webhook=(office.hook.url("/secret"),))
    office.mailbox.answers[MAIL] = f"450 not now, {MAIL}"
    await office.deliver()
    return notice().number


async def test_notices_are_listed_with_what_became_of_them(office: PostOffice, number: str) -> None:
    said = await asked(office.engine, CASE, "--json")
    assert said.code == 0, said.err
    (one,) = said.json["notices"]
    sent = one.pop("deliveries")
    assert one == {
        "number": number,
        "notice": "supervision",
        "case_no": CASE,
        "issued_on": "2023-04-26",
        "office": DISTRICT,
        "addressee": "安宁区环卫局",
        "reply_by": "2023-05-08",
        "sha256": one["sha256"],
    }
    found = [(sending["office"], sending["channel"], sending["state"]) for sending in sent]
    assert found == [
        (DISTRICT, "email", "failing"),
        (DISTRICT, "inbox", "delivered"),
        (DISTRICT, "webhook", "delivered"),
        (CITY, "inbox", "delivered"),
    ]
    assert sent[0]["attempts"] == 1
    assert sent[0]["last_error"].startswith("SMTP 450")
    assert sent[1]["delivered_at"] == "2023-04-26T09:00:00+08:00"
    assert (sent[0]["address"], sent[2]["address"]) == ("c***@anning.example", "http://127.0.0.1/***")
    assert MAIL not in said.out
    assert "secret" not in said.out


@pytest.mark.long
async def test_the_list_is_filtered_and_readable(office: PostOffice, number: str) -> None:
    async def listed(*arguments: str) -> list[str]:
        said = await asked(office.engine, *arguments, "--json")
        return [one["number"] for one in said.json["notices"]]

    assert await listed() == await listed("--office", CITY) == await listed("--state", "failing") == [number]
    assert (
        await listed("--state", "given_up") == await listed("--office", "620000") == await listed(OTHER) == []
    )
    said = await asked(office.engine, "--office", CITY)
    assert "督办书" in said.out
    unknown = await asked(office.engine, "QQ-620105-2023-9999")
    assert (unknown.code, unknown.out) == (2, "")
    assert (await asked(office.engine, "--state", "lost")).code == 2


async def test_a_document_is_saved_as_it_was_issued(office: PostOffice, number: str, tmp_path: Path) -> None:
    said = await asked(office.engine, "save", number, str(tmp_path), "--json")
    assert said.json == {"number": number, "file": str(tmp_path / f"{number}.docx")}
    saved = (tmp_path / f"{number}.docx").read_bytes()
    listed = await asked(office.engine, "--json")
    assert listed.json["notices"][0]["sha256"] == hashlib.sha256(saved).hexdigest()
    assert number in words(saved)
    path = tmp_path / "督办书.docx"
    assert (await asked(office.engine, "save", number, str(path))).code == 0
    assert path.read_bytes() == saved
    unknown = await asked(office.engine, "save", "清欠督〔2023〕0号", str(path))
    assert unknown.code == 2
    assert "there is no document" in unknown.err
    nowhere = await asked(office.engine, "save", number, str(tmp_path / "no" / "such" / "folder.docx"))
    assert nowhere.code == 2
    assert "Traceback" not in nowhere.err
