"""The post arrives once at each recipient, not before its hour, whatever the receivers do, and nobody waits for another."""

import asyncio
import logging
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.testing import ActivityEnvironment

from activities.post.delivery import Dispatcher
from activities.post.endpoints import Inbox, Unset
from activities.post.mail import Email
from activities.post.message import ATTACHED
from activities.post.persistence import LETTERS
from activities.requests import Delivered
from domain.rules import Channels
from schema import post
from schema.tables import delivery
from tests.notices.paperwork import CASE, CITY, NOW, PATIENCE, PostOffice, later, notice, words
from tests.notices.test_issuing import issuing
from tests.record.paper import Paper
from tests.stack import DISTRICT, eventually

MAIL = "clerk@anning.example"


def hooked(office: PostOffice, *paths: str) -> Channels:
    return Channels(webhook=tuple(office.hook.url(path) for path in paths))


async def with_notice(office: PostOffice) -> str:
    """A case that has issued a notice to two offices; its number."""
    paper = Paper(office.engine)
    await paper.receive(CASE)
    await paper.record(await issuing(paper, notice()))
    return notice().number


async def test_a_notice_goes_as_itself_to_every_channel_of_its_office(
    office: PostOffice, tmp_path: Path
) -> None:
    number = await with_notice(office)
    office.channels[DISTRICT] = Channels(email=(MAIL,), webhook=(office.hook.url("/anning"),))
    assert await office.deliver() == Delivered(messages=4, letters=4)

    (mail,) = office.mailbox.mails
    assert mail["To"] == MAIL
    assert mail["Subject"].startswith(f"督办书 {number}")
    body = mail.get_body()
    assert body is not None
    assert "安宁区环卫局" in body.get_content()
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == f"{number}.docx"
    assert number in words(attached.get_content())

    (posted,) = office.hook.at("/anning")
    (letter,) = posted["letters"]
    assert (letter["ref"], letter["kind"], letter["office"]) == (number, "notice", DISTRICT)

    for code in (CITY, DISTRICT):
        assert (tmp_path / "notices" / code / f"{number}.docx").read_bytes() == attached.get_content()


async def test_a_letter_without_a_document_is_text(office: PostOffice, tmp_path: Path) -> None:
    await office.put("周报/2023-17")
    office.channels[DISTRICT] = Channels(email=(MAIL,))
    assert (await office.deliver()).letters == 2
    assert (tmp_path / "notices" / DISTRICT / "周报_2023-17.txt").read_text("utf-8") == "正文 周报/2023-17\n"
    (mail,) = office.mailbox.mails
    assert list(mail.iter_attachments()) == []


async def test_nothing_goes_before_its_hour_and_everything_once(office: PostOffice) -> None:
    await office.put("早", at=NOW)
    await office.put("晚", at=later(hours=1))
    office.channels[DISTRICT] = Channels(email=(MAIL,), webhook=(office.hook.url("/a"),))
    nothing = Delivered()
    assert await office.deliver(later(seconds=-1)) == nothing
    assert await office.deliver(later(minutes=59)) == Delivered(messages=3, letters=3)
    assert await office.deliver(later(minutes=59)) == nothing
    assert await office.deliver(later(hours=1)) == Delivered(messages=3, letters=3)
    assert await office.deliver(later(days=30)) == nothing
    assert [posted["subject"] for posted in office.hook.at("/a")] == ["关于 早", "关于 晚"]
    assert [mail["Subject"] for mail in office.mailbox.mails] == ["关于 早", "关于 晚"]


async def test_what_goes_to_one_address_together_is_one_digest(office: PostOffice) -> None:
    number = await with_notice(office)
    refs = [f"周报{no}" for no in range(1, ATTACHED + 5)]
    await office.put(*refs)
    office.channels[DISTRICT] = Channels(email=(MAIL,), webhook=(office.hook.url("/a"),))
    assert await office.deliver() == Delivered(messages=4, letters=3 * (len(refs) + 1) + 1)
    (mail,) = office.mailbox.mails
    (posted,) = office.hook.at("/a")
    assert mail["Subject"] == posted["subject"] == "清欠文书 25 份 25 documents"
    assert [letter["ref"] for letter in posted["letters"]] == [number, *refs]
    assert "其余 5 份" in posted["text"]
    body = mail.get_body()
    assert body is not None
    assert all(f"关于 {ref}" in body.get_content() for ref in refs)
    assert [attached.get_filename() for attached in mail.iter_attachments()] == [f"{number}.docx"]


async def test_a_digest_carries_so_many_documents_and_names_the_others(office: PostOffice) -> None:
    paper = Paper(office.engine)
    await paper.receive(CASE)
    facts = [notice(number=f"清欠督〔2023〕{no}号") for no in range(ATTACHED + 1)]
    await paper.record(await issuing(paper, *facts))
    office.channels[DISTRICT] = Channels(email=(MAIL,), webhook=(office.hook.url("/a"),))
    await office.deliver()
    (mail,) = office.mailbox.mails
    assert len(list(mail.iter_attachments())) == ATTACHED
    (posted,) = office.hook.at("/a")
    assert [letter["docx"] is None for letter in posted["letters"]] == [False] * ATTACHED + [True]
    assert facts[-1].number in posted["text"]
    assert len(list(Path(office.folder or "").joinpath(DISTRICT).iterdir())) == ATTACHED + 1


async def test_two_offices_of_one_address_get_a_letter_once(office: PostOffice) -> None:
    for code in (DISTRICT, CITY):
        await office.put("周报", office=code)
        office.channels[code] = Channels(email=(MAIL,))
    assert await office.deliver() == Delivered(messages=3, letters=3)
    assert len(office.mailbox.mails) == 1


@pytest.mark.long
async def test_many_dispatchers_at_once_send_everything_once(office: PostOffice) -> None:
    offices = [f"62{number:04}" for number in range(12)]
    for code in offices:
        await office.put(f"周报{code}", f"月报{code}", office=code)
        office.channels[code] = Channels(
            email=(f"{code}@example.cn",), webhook=(office.hook.url(f"/{code}"),)
        )
    rounds = await asyncio.gather(*(office.deliver() for _ in range(6)))
    assert sum(found.letters for found in rounds) == 3 * 2 * len(offices)
    for code in offices:
        (posted,) = office.hook.at(f"/{code}")
        assert [letter["ref"] for letter in posted["letters"]] == [f"周报{code}", f"月报{code}"]
        assert len(office.mailbox.to(f"{code}@example.cn")) == 1


@pytest.mark.long
async def test_a_hanging_endpoint_holds_up_nobody_else(office: PostOffice) -> None:
    """Twelve that hang and ten that answer: those that answer are served in the first round, and first in the next."""
    for number in range(22):
        code = f"62{number:04}"
        await office.put(f"周报{number}", office=code)
        office.channels[code] = hooked(office, f"/{number}")
    office.hook.hanging = {f"/{number}" for number in range(12)}
    office.waits(PATIENCE)
    found = await office.deliver(persistence=LETTERS._replace(at_once=8))
    assert found == Delivered(messages=32, letters=32, unknown=12)
    assert all(len(office.hook.at(f"/{number}")) == 1 for number in range(22))
    assert set((await office.states("webhook")).values()) == {
        ("unknown", 1, f"{PATIENCE:g} 秒内无应答 no answer in time"),
        ("delivered", 1, None),
    }
    for number in range(12, 22):
        await office.put(f"月报{number}", office=f"62{number:04}", at=later(days=1))
    before = len(office.hook.requests)

    async def are_served() -> bool:
        return len(office.hook.requests) >= before + 10

    second = asyncio.create_task(office.deliver(later(days=1), LETTERS._replace(at_once=4)))
    await eventually(are_served)
    assert not second.done(), "those that have not failed come first"
    assert (await second).unknown == 12


async def test_an_endpoint_that_comes_back_gets_everything_late_and_once(office: PostOffice) -> None:
    office.channels[DISTRICT] = Channels(email=(MAIL,), webhook=(office.hook.url("/a"),))
    office.hook.status["/a"] = 503
    office.mailbox.answers[MAIL] = "450 come back"
    await office.put("第一天")
    assert (await office.deliver()).failing == 2
    await office.put("第二天", at=later(days=1))
    assert (await office.deliver(later(days=1))).failing == 4
    assert (await office.states("webhook")) == {
        "第一天": ("failing", 2, "HTTP 503"),
        "第二天": ("failing", 1, "HTTP 503"),
    }
    assert (await office.states("email"))["第一天"] == (
        "failing",
        2,
        "SMTP 450: 收件人被拒 recipient refused",
    )
    office.hook.status.clear()
    office.mailbox.answers.clear()
    assert (await office.deliver(later(days=2))) == Delivered(messages=4, letters=4)
    assert await office.deliver(later(days=2)) == Delivered()
    assert len(office.mailbox.mails) == 2
    keys = [headers["webhook-id"] for _, headers, _ in office.hook.requests]
    assert sorted(keys.count(key) for key in set(keys)) == [2, 3], "each message has one name for ever"
    assert {state for state, _, _ in (await office.states("webhook")).values()} == {"delivered"}


@pytest.mark.long
async def test_pauses_grow_up_to_six_hours_and_end_after_a_week(office: PostOffice) -> None:
    office.channels[DISTRICT] = hooked(office, "/a")
    office.hook.status["/a"] = 500
    await office.put("周报")
    tries = []
    next_try: datetime | None = NOW
    while next_try is not None:
        tries.append(next_try)
        await office.deliver(next_try - timedelta(seconds=1))
        assert len(office.hook.requests) == len(tries) - 1
        found = await office.deliver(next_try)
        assert found.failing + found.given_up == 1
        next_try = await office.next_try("webhook")
    pauses = [(after - before) // timedelta(minutes=1) for before, after in pairwise(tries)]
    assert pauses[:8] == [10, 20, 40, 80, 160, 320, 360, 360]
    assert set(pauses[7:]) == {360}
    assert found.given_up == 1
    assert timedelta(days=7) <= tries[-1] - tries[0] < timedelta(days=7, hours=6)
    assert await office.deliver(later(days=100)) == Delivered()
    assert {letter["id"] for letter in office.hook.at("/a")} == {office.hook.at("/a")[0]["id"]}


@pytest.mark.long
async def test_an_address_that_is_away_is_tried_once_a_round(office: PostOffice) -> None:
    office.channels[DISTRICT] = hooked(office, "/a")
    office.hook.hanging.add("/a")
    office.waits(PATIENCE)
    for number in range(3):
        await office.put(f"周报{number}", at=later(minutes=number))
        await office.deliver(later(minutes=number))
    assert len(office.hook.requests) == 3
    await office.deliver(later(days=1))
    assert len(office.hook.requests) == 4
    office.hook.hanging.clear()
    office.waits(30)
    await office.deliver(later(days=2))
    assert len(office.hook.requests) == 7
    assert {state for state, _, _ in (await office.states("webhook")).values()} == {"delivered"}


async def test_what_is_not_set_is_said_with_the_letter(engine: AsyncEngine) -> None:
    office = Dispatcher(
        engine,
        lambda code: Channels(email=(MAIL,), webhook=("http://nowhere.invalid/x",)),
        {"inbox": Inbox(), "email": Unset("QINGQIAN_SMTP_URL"), "webhook": Unset("QINGQIAN_WEBHOOK_SECRET")},
    )
    async with engine.begin() as connection:
        await post.post(connection, "周报", "report", DISTRICT, "周报", "正文", NOW)
    assert await ActivityEnvironment().run(office.deliver, NOW) == Delivered(messages=1, letters=1, failing=2)
    query = select(delivery.c.channel, delivery.c.last_error).order_by(delivery.c.channel)
    async with engine.connect() as connection:
        reasons = {row.channel: row.last_error for row in await connection.execute(query)}
    assert reasons == {
        "email": "未设置 QINGQIAN_SMTP_URL is not set",
        "inbox": None,
        "webhook": "未设置 QINGQIAN_WEBHOOK_SECRET is not set",
    }


async def test_no_address_is_logged_or_noted(
    office: PostOffice, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    addresses = [MAIL, office.hook.url("/secret-path"), "http://127.0.0.1:1/closed"]
    office.channels[DISTRICT] = Channels(email=(MAIL,), webhook=tuple(addresses[1:3]))
    office.mailbox.answers[MAIL] = f"450 not now, {MAIL}"
    office.hook.status["/secret-path"] = 500
    await office.put("周报")
    with caplog.at_level(logging.INFO, "activities"):
        assert (await office.deliver()).failing == 3
    noted = str(await office.states("email")) + str(await office.states("webhook"))
    told = capsys.readouterr()
    for written in (noted, told.out, told.err):
        assert not any(secret in written for secret in (MAIL, "secret-path", "127.0.0.1"))


async def test_a_mail_server_that_is_away_is_told_so(engine: AsyncEngine, office: PostOffice) -> None:
    office.endpoints = {**office.endpoints, "email": Email("smtp://127.0.0.1:1", "post@qingqian.example")}
    office.channels[DISTRICT] = Channels(email=(MAIL,))
    await office.put("周报")
    assert (await office.deliver()).failing == 1
    ((state, attempts, reason),) = (await office.states("email")).values()
    assert (state, attempts) == ("failing", 1)
    assert reason == "无法连接 no connection (SMTPConnectError)"


async def test_a_folder_that_cannot_be_written_is_tried_again(office: PostOffice, tmp_path: Path) -> None:
    (tmp_path / "notices").write_text("a file in the way")
    await office.put("周报")
    assert (await office.deliver()).failing == 1
    (tmp_path / "notices").unlink()
    assert (await office.deliver(later(minutes=10))).letters == 1
    assert (tmp_path / "notices" / DISTRICT / "周报.txt").exists()


@pytest.mark.parametrize("server", ["mail.example", "http://mail.example", "smtp://", "smtp://host:99999"])
def test_a_mail_server_that_is_written_wrongly_is_refused(server: str) -> None:
    with pytest.raises(ValueError, match=r"like smtp://|Port out of range"):
        Email(server, "post@qingqian.example")
    with pytest.raises(ValueError, match="sender"):
        Email("smtps://host", "nobody")
