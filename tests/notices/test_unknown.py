"""What may have been accepted is not sent again at once, whoever is slow, silent or killed; anything else is tried again."""

import asyncio
import sys

import pytest
from sqlalchemy import text
from temporalio.testing import ActivityEnvironment

from activities.post.persistence import LETTERS
from activities.requests import Delivered
from domain.rules import Channels
from schema import post
from tests.notices.paperwork import NOW, PATIENCE, PostOffice, later
from tests.notices.test_cli_notices import asked
from tests.stack import DISTRICT, eventually

MAIL = "clerk@anning.example"
INBOX = Delivered(messages=1, letters=1)
BOTH = Delivered(messages=2, letters=2)


@pytest.fixture
async def mailed(office: PostOffice) -> PostOffice:
    """A letter that waits for its mail."""
    office.channels[DISTRICT] = Channels(email=(MAIL,))
    await office.put("周报")
    return office


async def state(office: PostOffice, channel: str = "email") -> str:
    return (await office.states(channel))["周报"][0]


async def claims_run_out(office: PostOffice) -> None:
    """So much time passes that whoever was sending must be done, or dead."""
    async with office.engine.begin() as connection:
        await connection.execute(text("UPDATE delivery SET claimed_until = now() - interval '1 second'"))


async def until_mailed(office: PostOffice, count: int = 1) -> None:
    """Until the server has the mails, and the inbox, which is served beside it, its letters."""

    async def has_it() -> bool:
        put = [state for state, _, _ in (await office.states("inbox")).values()]
        return len(office.mailbox.mails) >= count and set(put) <= {"delivered"}

    await eventually(has_it)


async def test_a_mail_server_that_takes_its_time_gets_a_letter_once(mailed: PostOffice) -> None:
    mailed.waits(PATIENCE, 60)
    mailed.mailbox.answering.clear()
    slow = asyncio.create_task(mailed.deliver())
    await until_mailed(mailed)
    assert await state(mailed) == "sending"
    assert await mailed.deliver(later(minutes=10)) == Delivered()
    mailed.mailbox.answering.set()
    assert await slow == BOTH
    assert await state(mailed) == "delivered"
    assert len(mailed.mailbox.mails) == 1


@pytest.mark.parametrize("fault", ["silent", "breaks off"])
async def test_a_mail_without_an_answer_is_sent_again_by_nobody_but_a_person(
    mailed: PostOffice, fault: str
) -> None:
    if fault == "silent":
        mailed.waits(30, PATIENCE)
        mailed.mailbox.answering.clear()
    mailed.mailbox.breaks_off = fault == "breaks off"
    assert await mailed.deliver() == INBOX + Delivered(unknown=1)
    mailed.mailbox.answering.set()
    mailed.mailbox.breaks_off = False
    for day in (1, 8, 100):
        assert await mailed.deliver(later(days=day)) == Delivered()
    assert await state(mailed) == "unknown"

    again = await asked(mailed.engine, "resend", "周报", "--json")
    assert (again.code, again.json) == (0, {"number": "周报", "channels": ["email"]})
    assert (await mailed.deliver(later(days=36_500))).letters == 1
    first, second = mailed.mailbox.mails
    assert first["Message-ID"] == second["Message-ID"], "its receiver can tell that it is the same"
    nothing = await asked(mailed.engine, "resend", "周报")
    assert nothing.code == 2
    assert "nothing of it is unknown" in nothing.err


async def test_after_a_silence_no_other_mail_is_sent_in_that_round(office: PostOffice) -> None:
    for number in range(3):
        await office.put(f"周报{number}", office=f"62{number:04}")
        office.channels[f"62{number:04}"] = Channels(email=(f"{number}@example.cn",))
    office.waits(30, PATIENCE)
    office.mailbox.answering.clear()
    assert (await office.deliver(persistence=LETTERS._replace(at_once=1))).unknown == 1
    office.mailbox.answering.set()
    assert sorted(one for one, _, _ in (await office.states("email")).values()) == [
        "unknown",
        "waiting",
        "waiting",
    ]
    assert (await office.deliver(later(minutes=10))).letters == 2


async def test_an_accepted_mail_is_delivered_though_the_server_never_says_goodbye(mailed: PostOffice) -> None:
    mailed.mailbox.hanging.add("QUIT")
    assert await mailed.deliver() == BOTH
    assert await state(mailed) == "delivered"


@pytest.mark.parametrize(
    ("at_rcpt", "at_data", "ends"),
    [
        ("450 greylisted", None, "failing"),
        ("550 nobody of that name", None, "refused"),
        (None, "452 no space", "failing"),
        (None, "554 this is spam", "refused"),
    ],
)
async def test_an_answer_says_whether_a_mail_is_tried_again(
    mailed: PostOffice, at_rcpt: str | None, at_data: str | None, ends: str
) -> None:
    if at_rcpt:
        mailed.mailbox.answers[MAIL] = at_rcpt
    if at_data:
        mailed.mailbox.verdicts[MAIL] = at_data
    assert await mailed.deliver() == INBOX + Delivered(**{ends: 1})
    ((found, _, reason),) = (await mailed.states("email")).values()
    assert found == ends
    assert reason is not None
    assert reason.startswith(f"SMTP {(at_rcpt or at_data or '')[:3]}: ")
    assert "spam" not in reason, "what a server says is not quoted"
    mailed.mailbox.answers.clear()
    mailed.mailbox.verdicts.clear()
    assert (await mailed.deliver(later(days=1))).letters == (1 if ends == "failing" else 0)
    if ends == "refused":
        assert (await asked(mailed.engine, "resend", "周报", "--office", DISTRICT)).code == 0
        assert (await mailed.deliver(later(days=36_500))).letters == 1


async def test_a_worker_that_is_stopped_while_a_mail_is_under_way_leaves_it_unknown(
    mailed: PostOffice,
) -> None:
    mailed.mailbox.answering.clear()
    sending = asyncio.create_task(mailed.deliver())
    await until_mailed(mailed)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    mailed.mailbox.answering.set()
    assert await state(mailed) == "unknown"
    assert await mailed.deliver(later(days=8)) == Delivered()


async def test_a_worker_that_is_stopped_before_a_mail_is_sent_leaves_it_to_the_next(
    mailed: PostOffice,
) -> None:
    mailed.mailbox.hanging.add(MAIL)
    sending = asyncio.create_task(mailed.deliver())

    async def is_claimed() -> bool:
        return (await mailed.states("email")).get("周报", ("", 0, None))[1] == 1

    await eventually(is_claimed)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert await state(mailed) == "failing"
    mailed.mailbox.hanging.clear()
    await mailed.deliver(later(days=1))
    assert await state(mailed) == "delivered"
    assert len(mailed.mailbox.mails) == 1


async def test_a_worker_that_is_asked_to_stop_begins_no_other_message(mailed: PostOffice) -> None:
    stopping = ActivityEnvironment()
    stopping.worker_shutdown()
    assert await stopping.run(mailed.dispatcher().deliver, NOW) == Delivered()
    assert await mailed.deliver() == BOTH


@pytest.mark.long
async def test_a_worker_that_is_killed_while_a_mail_is_under_way_leaves_it_unknown(
    mailed: PostOffice,
) -> None:
    url = mailed.engine.url.render_as_string(hide_password=False)
    arguments = (url, mailed.mailbox.url, MAIL)
    mailed.mailbox.answering.clear()
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.notices.dying_dispatcher", *arguments
    )
    try:
        await until_mailed(mailed)
    finally:
        worker.kill()
        await worker.wait()
    mailed.mailbox.answering.set()
    assert await state(mailed) == "sending"
    assert await mailed.deliver(later(days=1)) == Delivered(), "for all that is known it is being sent"
    await claims_run_out(mailed)
    assert await mailed.deliver(later(days=8)) == Delivered()
    ((found, _, reason),) = (await mailed.states("email")).values()
    assert (found, reason) == ("unknown", "发送中断 broken off while it was being sent")
    assert len(mailed.mailbox.mails) == 1


class Died(BaseException):
    """The worker is gone."""


async def test_a_crash_between_sending_and_noting_is_no_second_mail(
    mailed: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_: object, **__: object) -> None:
        raise Died

    with monkeypatch.context() as crashing:
        crashing.setattr(post, "note", die)
        with pytest.raises(Died):
            await mailed.deliver()
    await claims_run_out(mailed)
    assert (await mailed.deliver(later(days=1))).messages == 1, "the inbox, where nothing is ever unknown"
    assert await state(mailed) == "unknown"
    assert len(mailed.mailbox.mails) == 1


@pytest.mark.parametrize("fault", ["hanging", "breaking"])
async def test_a_web_address_without_an_answer_gets_the_same_again_after_a_day(
    office: PostOffice, fault: str
) -> None:
    office.channels[DISTRICT] = Channels(webhook=(office.hook.url("/a"),))
    await office.put("周报")
    getattr(office.hook, fault).add("/a")
    if fault == "hanging":
        office.waits(PATIENCE)
    assert (await office.deliver()).unknown == 1
    getattr(office.hook, fault).clear()
    office.waits(30)
    assert await office.deliver(later(hours=23)) == Delivered()
    assert await office.deliver(later(days=1)) == INBOX
    first, second = (headers["webhook-id"] for _, headers, _ in office.hook.requests)
    assert first == second


async def test_what_was_never_sent_is_not_unknown(office: PostOffice) -> None:
    office.channels[DISTRICT] = Channels(webhook=("http://127.0.0.1:1/closed",))
    await office.put("周报")
    assert (await office.deliver(NOW)).failing == 1
    assert (await office.states("webhook"))["周报"][2] == "无法连接 no connection (ConnectError)"
