"""People of offices are told by mail what the bell says: once each, in one mail, and nothing that they may not see or have read."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from schema.window import people
from schema.window.people import COMMAND_LINE
from tests.notices.receivers import mail_server, web_server
from tests.portal.outside import MORNING, Outside
from tests.portal.test_notifications import new_to, person
from tests.portal.visits import Browser, opened
from tests.stack import CLERK, eventually, order, until_objected

PAGE = "/account/contacts"
MAIL = "limin@anning.example"
OBJECTED = until_objected()


@pytest.fixture
async def outside(portal: Browser, tmp_path: Path) -> AsyncIterator[Outside]:
    async with web_server() as hook, mail_server() as mailbox:
        yield Outside(portal, mailbox, hook, tmp_path)


@pytest.fixture
async def clerk(portal: Browser, outside: Outside) -> Browser:
    """赵, to whom the mail goes that everybody else's remarks are about."""
    return await person(portal, "赵", "clerk")


async def remarked(outside: Outside, case_no: str, text: str) -> None:
    remark = order("remark", CLERK, f"remark {text}", text=f"@赵 {text}")
    await outside.desk.cases.act(case_no, remark)


@pytest.mark.long
async def test_an_address_is_told_nothing_before_its_owner_has_shown_the_code_sent_there(
    outside: Outside, clerk: Browser
) -> None:
    case = await opened(outside.desk)
    assert "未开启" in (await clerk.get("/account")).text
    assert (await clerk.submit(PAGE, {"way": "mail", "address": MAIL})).status_code == 303
    await remarked(outside, case.case_no, "第一件")
    assert await outside.tell() == 1
    (mail,) = outside.mailbox.mails
    assert (mail["To"], mail["Subject"]) == (MAIL, "清欠：验证码")
    code = outside.code("mail")
    wrong = await clerk.submit(f"{PAGE}/confirm", {"way": "mail", "code": "2345-6789-ACDE-FGHJ"})
    assert wrong.status_code == 422
    assert "验证码不对" in wrong.text
    assert await outside.tell(hours=1) == 0
    assert code not in str(await outside.rows("contact::text")), "only its hash is kept"
    shown = await clerk.submit(f"{PAGE}/confirm", {"way": "mail", "code": code.lower()})
    assert shown.status_code == 303
    assert "已开启" in (await clerk.get("/account")).text
    assert (await clerk.submit(f"{PAGE}/confirm", {"way": "mail", "code": code})).status_code == 422, "once"
    assert await outside.tell() == 0, "what was before is not told"


async def test_what_comes_within_minutes_is_one_mail_the_oldest_first_as_the_bell_says_it(
    outside: Outside, clerk: Browser
) -> None:
    await outside.leave(clerk, PAGE, "mail", MAIL)
    case = await opened(outside.desk)
    await remarked(outside, case.case_no, "第一件,电话13812345678")
    assert await outside.round() == 0, "more may come"
    await remarked(outside, case.case_no, "第二件,账号6222021234567890123")
    assert await outside.round(minutes=4) == 0
    assert await outside.round(minutes=5) == 1
    assert await outside.tell(hours=1) == 0
    (said,) = outside.mails()
    first, second = re.findall(r"^\d\. (.*)$", said, re.MULTILINE)[-2:]
    assert "第一件" in first
    assert "第二件" in second
    assert case.case_no in first
    assert not {"13812345678", "6222021234567890123"} & set(re.findall(r"\d+", said))
    assert await new_to(clerk) >= 2, "mail reads nothing for anybody"
    assert outside.mailbox.mails[-1]["Subject"].startswith("清欠消息 ")


@pytest.mark.long
async def test_whoever_has_read_it_is_not_mailed(outside: Outside, clerk: Browser) -> None:
    await outside.leave(clerk, PAGE, "mail", MAIL, "en")
    case = await opened(outside.desk)
    await remarked(outside, case.case_no, "第一件")
    await outside.round()
    (upto,) = re.findall(r'name="upto" value="(\d+)"', (await clerk.get("/desk/news")).text)
    await clerk.submit("/desk/news/read", {"upto": upto})
    assert await outside.round(minutes=5) == 0
    await remarked(outside, case.case_no, "第二件")
    assert await outside.tell(minutes=10) == 1
    (said,) = outside.mails()
    assert "第二件" in said
    assert "第一件" not in said
    assert "Note: @赵" in said, "in the language that was chosen"


@pytest.mark.parametrize("ends", ["account", "role", "opted out"])
async def test_nobody_is_mailed_what_is_no_longer_for_them(
    outside: Outside, clerk: Browser, ends: str
) -> None:
    await outside.leave(clerk, PAGE, "mail", MAIL)
    case = await opened(outside.desk, *OBJECTED[:-1])
    await outside.tell()
    told = len(outside.mails())
    await outside.desk.cases.act(case.case_no, OBJECTED[-1])
    await outside.round(hours=1)
    if ends == "opted out":
        assert (await clerk.submit(f"{PAGE}/end", {"way": "mail"})).status_code == 303
    else:
        login = (await clerk.get("/account")).text.partition("登录名 ")[2].partition("</p>")[0]
        async with outside.window.engine.begin() as connection:
            if ends == "account":
                assert await people.change_active(connection, login, False, COMMAND_LINE)
            else:
                assert await people.change_roles(connection, login, ["finance"], COMMAND_LINE)
    assert await outside.round(hours=1, minutes=5) == 0
    assert len(outside.mails()) == told
    assert await outside.rows() == ([1] if ends == "role" else [0]), "and the address is forgotten"


async def test_codes_are_guessed_a_few_times_only_and_sent_a_few_times_only(
    outside: Outside, clerk: Browser
) -> None:
    left = {"way": "mail", "address": MAIL}
    await clerk.submit(PAGE, left)
    tries = [
        await clerk.submit(f"{PAGE}/confirm", {"way": "mail", "code": f"2345-6789-ACDE-{number}"})
        for number in range(6)
    ]
    assert [one.status_code for one in tries] == [422] * 5 + [429]
    asked = [await clerk.submit(PAGE, left) for _ in range(5)]
    assert [one.status_code for one in asked] == [303] * 4 + [429]
    assert MAIL in asked[-1].text, "what was typed is still there"
    bad = await clerk.submit(PAGE, {"way": "mail", "address": "limin@"})
    assert (bad.status_code, "limin@" in bad.text, "请填写邮箱" in bad.text) == (422, True, True)


async def test_only_what_is_set_up_is_offered(portal: Browser, outside: Outside, clerk: Browser) -> None:
    assert (await clerk.submit(PAGE, {"way": "sms", "address": "13812345678"})).status_code == 404
    assert (await clerk.submit(f"{PAGE}/end", {"way": "pigeon"})).status_code == 404
    object.__setattr__(outside.window, "ways", frozenset())
    assert "邮件提醒" not in (await clerk.get("/account")).text
    assert "没有开通" in (await clerk.get(PAGE)).text
    assert (await clerk.submit(PAGE, {"way": "mail", "address": MAIL})).status_code == 404
    assert (await portal.another().get(PAGE)).status_code == 303


@pytest.mark.long
async def test_a_server_that_is_away_is_tried_again_and_one_that_wants_nothing_is_not(
    outside: Outside, clerk: Browser
) -> None:
    await outside.leave(clerk, PAGE, "mail", MAIL)
    case = await opened(outside.desk)
    await remarked(outside, case.case_no, "第一件")
    outside.mailbox.verdicts[MAIL] = "452 no space"
    assert await outside.tell() == 0
    assert await outside.round(minutes=10) == 0, "its time has not come"
    outside.mailbox.verdicts.clear()
    assert await outside.round(minutes=15) == 1
    assert len(outside.mails()) == 2, "the first was not taken"
    await remarked(outside, case.case_no, "第二件")
    outside.mailbox.answers[MAIL] = "550 nobody of that name"
    assert await outside.tell(hours=1) == 0
    assert "送不到" in (await clerk.get(PAGE)).text
    outside.mailbox.answers.clear()
    assert await outside.tell(days=1) == 0


async def test_what_may_have_arrived_is_not_sent_again(outside: Outside, clerk: Browser) -> None:
    await outside.leave(clerk, PAGE, "mail", MAIL)
    case = await opened(outside.desk)
    await remarked(outside, case.case_no, "第一件")
    outside.mailbox.breaks_off = True
    assert await outside.tell() == 0
    outside.mailbox.breaks_off = False
    assert await outside.tell(days=1) == 0
    assert len(outside.mails()) == 1


@pytest.mark.kill
@pytest.mark.parametrize(
    "under_way",
    [
        pytest.param(True, marks=pytest.mark.long, id="while it is sent"),
        pytest.param(False, id="before it is sent"),
    ],
)
async def test_a_worker_that_is_killed_repeats_nothing_and_loses_nothing_that_was_not_sent(
    outside: Outside, clerk: Browser, under_way: bool
) -> None:
    await outside.leave(clerk, PAGE, "mail", MAIL)
    case = await opened(outside.desk)
    await remarked(outside, case.case_no, "第一件")
    await outside.round()
    if under_way:
        outside.mailbox.answering.clear()
    else:
        outside.mailbox.hanging.add(MAIL)
    url = outside.window.engine.url.render_as_string(hide_password=False)
    at = MORNING.replace(minute=5).isoformat()
    arguments = ("-m", "tests.notices.dying_teller", url, outside.mailbox.url, at)
    worker = await asyncio.create_subprocess_exec(sys.executable, *arguments)

    async def is_there() -> Any:
        claims = await outside.rows("claimed_until > now()")
        return outside.mails() if under_way else claims == [True]

    try:
        await eventually(is_there)
    finally:
        worker.kill()
        await worker.wait()
    outside.mailbox.answering.set()
    outside.mailbox.hanging.clear()
    assert await outside.round(minutes=10) == 0, "for all that is known it is being sent"
    await outside.claims_run_out()
    assert await outside.round(minutes=20) == (0 if under_way else 1)
    assert len(outside.mails()) == 1
