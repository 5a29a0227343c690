"""A debtor unit with many cases, in a real browser: invited, signed in once on a phone, it finds what is due first and does it."""

from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page, expect

from tests.portal.accessibility import faults
from tests.portal.chromium import opened_page, width_beyond
from tests.portal.test_staff_journeys import at_the_desk
from tests.portal.test_units import FORWARDED, PASSWORD, UNIT
from tests.portal.visits import Served, opened
from tests.stack import CLERK, order, until_planned

HELD: Final = {"width": 390, "height": 844}
DESK: Final = {"width": 1366, "height": 768}


async def is_for_everybody(page: Page, address: str) -> None:
    """In both languages: nothing is missing for anybody, and nothing is wider than the screen."""
    for language in ("en", "zh"):
        await page.goto(f"{address}?lang={language}")
        assert (await faults(page), await width_beyond(page)) == ([], 0), (address, language)


async def invited(chromium: Browser, served: Served, case_no: str) -> tuple[str, str]:
    """The address and the code on the slip that a head prints, from the page of a case."""
    async with at_the_desk(chromium, served, ["head"], "孙", viewport=HELD) as page:
        await page.goto(f"/desk/cases/{case_no}")
        await page.get_by_role("link", name="为债务人单位开通账号").click()
        await expect(page.get_by_label("单位名称")).to_have_value(UNIT)
        assert (await faults(page), await width_beyond(page)) == ([], 0)
        await page.get_by_label("使用人姓名").fill("王强")
        await page.get_by_role("button", name="开通").click()
        await expect(page.locator("#fault")).to_contain_text("请填写登录名")
        assert (await faults(page), await width_beyond(page)) == ([], 0)
        await page.locator("#login").fill("huanwei")
        await page.get_by_role("button", name="开通").click()
        await expect(page.get_by_role("img", name="网址的二维码")).to_be_visible()
        assert (await faults(page), await width_beyond(page)) == ([], 0)
        link = await page.locator(".slip a").get_attribute("href") or ""
        code = await page.locator("#secret").inner_text()
        await page.get_by_role("link", name="单位账号", exact=True).click()
        await expect(page.get_by_role("cell", name="已邀请")).to_be_visible()
        assert (await faults(page), await width_beyond(page)) == ([], 0)
        return link, code


async def set_password(page: Page, code: str) -> None:
    """Answer the invitation that is shown; the unit is signed in by that."""
    for name, value in (("code", code), ("new", PASSWORD), ("again", PASSWORD)):
        await page.fill(f"#{name}", value)
    await page.get_by_role("button", name="设置密码并登录").click()
    await page.wait_for_url("**/unit")


@pytest.mark.parametrize("settings", [{}, {"java_script_enabled": False}], ids=["scripts", "without"])
async def test_a_unit_signs_in_once_and_handles_what_is_due_first(
    served: Served, chromium: Browser, settings: dict[str, Any]
) -> None:
    first = await opened(served.desk, *FORWARDED, title="南滨河路养护工程款")
    await opened(served.desk, *until_planned("300万元", "budget"), title="北滨河路维修工程款")
    await opened(served.desk, *FORWARDED, order("suspend", CLERK, reason="等待"), title="桥梁检测费")
    link, code = await invited(chromium, served, first.case_no)
    async with opened_page(chromium, served.url, viewport=HELD, **settings) as page:
        await page.goto(link)
        await expect(page.get_by_label("登录名", exact=True)).to_have_value("huanwei")
        await page.get_by_label("邀请码").fill(code)
        await page.get_by_label("密码 至少").fill(PASSWORD)
        await page.get_by_label("再输入一次密码").fill(PASSWORD)
        await page.get_by_role("button", name="设置密码并登录").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(f"{UNIT} · 本单位案件")
        assert await page.locator("tbody tr").count() == 3
        await page.locator("tbody tr").first.get_by_role("link").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("南滨河路养护工程款")
        await page.locator("#debtor-acknowledge summary").click()
        await page.locator("#debtor-acknowledge button").click()
        await expect(page.get_by_role("status").last).to_contain_text("签收")
        await page.get_by_role("link", name="转办函").click()
        await expect(page.locator("article.sheet")).to_contain_text("签收回执")
        await page.get_by_role("link", name="本单位案件").click()
        await page.get_by_label("查找").fill("北滨河")
        await page.get_by_role("button", name="查找").click()
        await expect(page.locator("tbody tr")).to_have_count(1)
        await page.get_by_role("button", name="退出").click()
        await page.get_by_role("link", name="单位登录").click()
        await page.get_by_label("登录名").fill("huanwei")
        await page.get_by_label("密码").fill(PASSWORD)
        await page.get_by_role("button", name="登录").click()
        await page.wait_for_url("**/unit")
    (journal,) = [e for e in await served.desk.journal(first.case_no) if e.kind == "acknowledged"]
    assert (journal.by.person, journal.by.party) == ("王强", UNIT)


@pytest.mark.parametrize("viewport", [HELD, DESK], ids=["phone", "desk"])
async def test_the_pages_of_a_unit_are_for_everybody(
    served: Served, chromium: Browser, viewport: Any
) -> None:
    first = await opened(served.desk, *FORWARDED, title="南滨河路养护工程款")
    await opened(served.desk, *until_planned("300万元", "budget"), title="北滨河路维修工程款")
    await opened(served.desk, *FORWARDED, order("suspend", CLERK, reason="等待"), title="桥梁检测费")
    link, code = await invited(chromium, served, first.case_no)
    async with opened_page(chromium, served.url, viewport=viewport) as page:
        await page.goto("/sign-in?next=/unit")
        assert (await faults(page), await width_beyond(page)) == ([], 0)
        await page.goto(link)
        assert (await faults(page), await width_beyond(page)) == ([], 0)
        await set_password(page, code)
        for address in ("/unit", "/account", f"/unit/cases/{first.case_no}"):
            await is_for_everybody(page, address)
