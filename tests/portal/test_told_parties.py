"""Parties are told outside the window, by what they have chosen, that something has happened in their case: once, briefly, by day."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page
from standardwebhooks import Webhook

from office.cases import Opened
from tests.notices.paperwork import SECRET
from tests.notices.receivers import mail_server, web_server
from tests.portal.accessibility import faults
from tests.portal.chromium import opened_page, width_beyond
from tests.portal.outside import MORNING, Outside
from tests.portal.test_debtor import FORWARDED, debtor_of
from tests.portal.test_told_staff import MAIL
from tests.portal.visits import Browser, Served, enquire, opened, sign_in
from tests.stack import CLERK, HEAD, order, until_recognised

PHONE: Final = "13812345678"
OPEN_ID: Final = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
ACCEPT, FORWARD, ACKNOWLEDGE, RECOGNISE, ENDORSE = until_recognised()
FIELDS: Final = {"way": "sms"}


@pytest.fixture
async def outside(portal: Browser, tmp_path: Path) -> AsyncIterator[Outside]:
    async with web_server() as hook, mail_server() as mailbox:
        yield Outside(portal, mailbox, hook, tmp_path)


async def creditor_of(portal: Browser, case: Opened) -> Browser:
    browser = portal.another()
    await enquire(browser, case.case_no, case.access_code)
    return browser


@pytest.fixture
async def case(portal: Browser, outside: Outside) -> Opened:
    """A case whose creditor is told by text message."""
    case = await opened(outside.desk)
    await outside.leave(await creditor_of(portal, case), "/case/contacts", "sms", "138 1234 5678")
    return case


async def act(outside: Outside, case: Opened, *given: Any) -> None:
    for one in given:
        await outside.desk.cases.act(case.case_no, one)


@pytest.mark.long
async def test_what_happens_within_minutes_is_one_signed_text_message_of_few_words(
    outside: Outside, case: Opened
) -> None:
    await act(outside, case, ACCEPT, FORWARD)
    assert await outside.tell() == 1
    assert await outside.tell(hours=1) == 0, "once"
    _, headers, body = outside.hook.requests[-1]
    Webhook(SECRET).verify(body, headers)
    sent = json.loads(body)
    assert (sent["PhoneNumbers"], sent["TemplateCode"], sent["Retries"]) == ([PHONE], "SMS_2", 0)
    assert sent["OutId"] == headers["webhook-id"]
    assert outside.texts() == [f"安宁区清欠办：案件{case.case_no}已受理、已转办、有新文书。请上网查看"]
    await act(outside, case, RECOGNISE)
    await outside.tell(hours=2)
    assert "有事项待办、债务方已答复" in outside.texts()[-1]
    await act(outside, case, ENDORSE, order("remark", CLERK, text="内部备注"))
    assert await outside.tell(hours=3) == 0, "what it did itself, and what is not for it"


@pytest.mark.long
async def test_a_debtor_is_told_what_begins_for_it_and_each_side_its_own(
    portal: Browser, outside: Outside, case: Opened
) -> None:
    await act(outside, case, *FORWARDED)
    debtor = await debtor_of(portal, case)
    await outside.leave(debtor, "/debtor/contacts", "wechat", OPEN_ID, "en")
    await outside.leave(debtor, "/debtor/contacts", "mail", MAIL)
    await act(outside, case, RECOGNISE, ENDORSE)
    assert await outside.tell() == 3
    said = outside.hook.at("/wechat")[-1]
    assert said["touser"] == OPEN_ID
    assert said["data"]["case"] == {"value": case.case_no}
    assert said["data"]["thing"] == {"value": "to do, account, letter"}
    (mail,) = outside.mails()
    assert "有事项待办、账款有认定、有新文书" in mail
    assert not [one for one in (mail, *outside.texts()) if "某路桥" in one or "万元" in one]


@pytest.mark.long
async def test_no_telephone_rings_at_night_but_a_code_that_was_asked_for_comes(
    portal: Browser, outside: Outside, case: Opened
) -> None:
    await act(outside, case, ACCEPT)
    assert await outside.round(MORNING, hours=12) == 0
    assert await outside.round(MORNING, hours=13) == 0, "at eleven"
    enterprise = await creditor_of(portal, case)
    await enterprise.submit("/case/contacts", {"way": "mail", "address": MAIL})
    assert await outside.round(MORNING, hours=13) == 1
    assert await outside.round(MORNING, hours=22) == 1
    assert len(outside.texts()) == 1


@pytest.mark.long
async def test_the_office_sees_that_there_is_one_and_no_more(
    portal: Browser, outside: Outside, case: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    staff = portal.another()
    await sign_in(staff)
    page = f"/desk/cases/{case.case_no}"
    assert "企业已开启通知：短信" in (await staff.get(page)).text
    assert PHONE not in (await staff.get(page)).text
    enterprise = await creditor_of(portal, case)
    assert "/case/contacts" in (await enterprise.get("/case")).text
    assert PHONE in (await enterprise.get("/case/contacts")).text
    assert "有新情况时会告诉您" not in (await enterprise.get("/case/contacts?done=confirmed")).text, (
        "no address says it"
    )
    await act(outside, case, ACCEPT)
    outside.hook.status["/sms"] = 503
    await outside.tell()
    said = capsys.readouterr().out
    assert "person_not_told" in said
    assert PHONE not in said
    assert (await enterprise.submit("/case/contacts/end", FIELDS)).status_code == 303
    assert await outside.rows() == [0]
    assert "已开启通知" not in (await staff.get(page)).text


@pytest.mark.long
async def test_a_gateway_that_is_away_or_says_no_is_asked_again_and_one_that_wants_nothing_is_not(
    portal: Browser, outside: Outside, case: Opened
) -> None:
    await act(outside, case, ACCEPT)
    outside.hook.status["/sms"] = 503
    assert await outside.tell() == 0
    assert await outside.round(minutes=14) == 0
    outside.hook.status.clear()
    outside.set_up(taken='{ Code = "OK", Data = 1 }')
    outside.hook.said["/sms"] = b'{"Code": "BUSINESS_LIMIT", "Data": 1}'
    assert await outside.round(minutes=15) == 0
    outside.hook.said["/sms"] = b"no JSON"
    assert await outside.round(hours=1) == 0
    outside.hook.said["/sms"] = b'{"Code": "OK", "Data": 1, "RequestId": "x"}'
    assert await outside.round(hours=3) == 1
    assert len({headers["webhook-id"] for _, headers, _ in outside.hook.requests[1:]}) == 1
    await act(outside, case, FORWARD)
    outside.hook.status["/sms"] = 410
    assert await outside.tell(hours=5) == 0
    outside.hook.status.clear()
    assert await outside.tell(hours=8) == 0
    assert "送不到" in (await (await creditor_of(portal, case)).get("/case/contacts")).text


@pytest.mark.long
async def test_what_a_gateway_may_have_is_not_sent_again(outside: Outside, case: Opened) -> None:
    await act(outside, case, ACCEPT)
    outside.hook.breaking.add("/sms")
    assert await outside.tell() == 0
    outside.hook.breaking.clear()
    assert await outside.tell(days=1) == 0
    assert len(outside.texts()) == 1


async def test_one_that_stays_away_for_a_week_is_given_up(outside: Outside, case: Opened) -> None:
    await act(outside, case, ACCEPT)
    outside.hook.status["/sms"] = 500
    await outside.tell()
    assert await outside.rows("state") == ["active"]
    await outside.round(days=8)
    assert await outside.rows("state") == ["refused"]


@pytest.mark.long
async def test_two_workers_tell_it_once(outside: Outside, case: Opened) -> None:
    await act(outside, case, ACCEPT)
    await outside.round()
    assert sum(await asyncio.gather(*(outside.round(minutes=5) for _ in range(4)))) == 1
    assert len(outside.texts()) == 1


@pytest.mark.parametrize("over", ["another code", "substituted", "ended", "never shown"])
async def test_an_address_goes_with_what_it_was_left_for(
    portal: Browser, outside: Outside, over: str, case: Opened
) -> None:
    if over == "another code":
        await sign_in(portal)
        given = await portal.submit(f"/desk/cases/{case.case_no}/code", {"side": "creditor"})
        assert given.status_code == 200
    elif over == "substituted":
        party = {"name": "兰州另一路桥公司", "size": "small", "ownership": "private"}
        fields: dict[str, Any] = {
            "side": "creditor",
            "party": party,
            "why": "assignment",
            "reference": "债权转让通知",
        }
        await act(outside, case, order("substitute", CLERK, **fields))
        await act(outside, case, order("approve", HEAD, submission="substitute"))
    elif over == "ended":
        await act(outside, case, order("refuse", CLERK, ground="不属受理范围"))
        await act(outside, case, order("approve", HEAD, submission="refuse"))
        assert await outside.tell() == 1
        assert "案件结束" in outside.texts()[-1]
        assert await outside.rows() == [1], "an end may be appealed against"
        outside.set_up(contacts_kept="90d")
    else:
        enterprise = await creditor_of(portal, case)
        await enterprise.submit("/case/contacts", {"way": "sms", "address": "13912345678"})
        async with outside.window.engine.begin() as connection:
            await connection.exec_driver_sql("UPDATE contact SET left_at = now() - interval '25 hours'")
    await outside.round(hours=1)
    assert await outside.rows() == [0]


@pytest.mark.long
async def test_whoever_is_told_of_a_case_that_is_merged_is_told_of_the_other(
    outside: Outside, case: Opened
) -> None:
    other = await opened(outside.desk, distinct=True)
    await act(outside, case, order("merge", CLERK, into=other.case_no, reason="重复登记"))
    await act(outside, case, order("approve", HEAD, submission="merge"))
    assert await outside.tell() == 1
    assert outside.texts()[-1] == f"安宁区清欠办：案件{other.case_no}已并案。请上网查看"
    await act(outside, other, ACCEPT)
    assert await outside.tell(hours=1) == 1
    assert other.case_no in outside.texts()[-1]


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [390, 1366])
async def test_an_address_is_left_on_a_phone_and_at_a_desk_with_scripts_and_without(
    served: Served, chromium: Chromium, tmp_path: Path, width: int, scripts: bool
) -> None:
    case = await opened(served.desk, *FORWARDED)
    screen = {"width": width, "height": 844}
    async with web_server() as hook, mail_server() as mailbox:
        outside = Outside(served, mailbox, hook, tmp_path)
        async with opened_page(chromium, served.url, viewport=screen, java_script_enabled=scripts) as page:
            await page.goto("/")
            await page.get_by_label("案号").fill(case.case_no)
            await page.get_by_label("查询码").fill(case.access_code)
            await page.get_by_role("button", name="查询").click()
            await page.get_by_role("link", name="有新情况时通知我").click()
            await _is_readable(page, scripts)
            await page.get_by_label("手机号码").fill("12345")
            await page.get_by_role("button", name="发送验证码 短信").click()
            await page.get_by_role("alert").wait_for()
            assert await page.get_by_label("手机号码").input_value() == "12345"
            await _is_readable(page, scripts)
            await page.get_by_label("手机号码").fill(PHONE)
            await page.get_by_role("button", name="发送验证码 短信").click()
            await page.get_by_label("收到的验证码").wait_for()
            await _is_readable(page, scripts)
            assert await outside.round() == 1
            await page.get_by_label("收到的验证码").fill(outside.code("sms"))
            await page.get_by_role("button", name="确认 短信").click()
            await page.get_by_text("有新情况时会告诉您").wait_for()
            await _is_readable(page, scripts)
            await page.get_by_role("button", name="停止并删除 短信").click()
            await page.get_by_text("地址已删除").wait_for()


async def _is_readable(page: Page, scripts: bool) -> None:
    """No wider than the screen, and, where the browser may look, nothing that is read out badly, in both languages."""
    assert await width_beyond(page) <= 0
    if scripts:
        assert await faults(page) == []
