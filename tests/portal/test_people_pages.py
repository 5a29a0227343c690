"""The pages for people and passwords in a real browser: readable, labelled, and usable on a phone."""

import re

import pytest

from tests.portal.accessibility import faults
from tests.portal.chromium import MISSING, PHONE, launched, opened_page, where, width_beyond
from tests.portal.visits import PASSWORD, Served, add_person

pytestmark = pytest.mark.long


@pytest.mark.skipif(where() is None, reason=MISSING)
async def test_a_head_signs_in_adds_somebody_and_gives_a_token(served: Served) -> None:
    await add_person(served.window, "620100", ["head", "clerk"], person="高", login="gao", password=PASSWORD)
    async with launched() as browser, opened_page(browser, served.url, viewport=PHONE) as page:
        await page.goto("/people")
        assert page.url.endswith("/sign-in?next=%2Fpeople")
        assert await faults(page) == []
        await page.get_by_label("登录名").fill("gao")
        await page.get_by_label("密码").fill(PASSWORD)
        await page.get_by_role("button", name="登录").click()
        await page.wait_for_url("**/people")
        adding = page.locator('form[action="/people"]')
        await adding.get_by_label("姓名").fill("张伟")
        await adding.get_by_label("登录名").fill("zhangwei")
        await adding.get_by_label("办公室").select_option("620105")
        await adding.get_by_label("经办人").check()
        await adding.get_by_role("button").click()
        code = await page.locator("#secret").inner_text()
        assert re.fullmatch(r"(\w{4}-){3}\w{4}", code)
        assert await faults(page) == []
        assert await width_beyond(page) <= 0
        giving = page.locator('form[action="/tokens"]')
        await giving.get_by_label("名称").fill("省平台对接")
        await giving.get_by_role("button").click()
        assert (await page.locator("#secret").inner_text()).startswith("qq_")
        await page.goto("/account?lang=en")
        assert await page.get_by_role("heading", level=1).inner_text() == "Account"
        assert await faults(page) == []
    async with launched() as browser, opened_page(browser, served.url, viewport=PHONE) as page:
        await page.goto("/sign-in")
        await page.get_by_role("link", name="设置密码").click()
        assert await faults(page) == []
        assert await width_beyond(page) <= 0
        await page.get_by_label("登录名", exact=True).fill("zhangwei")
        await page.get_by_label("邀请码").fill(code)
        await page.get_by_label("密码 至少").fill("只有我本人知道的密码")
        await page.get_by_label("再输入一次密码").fill("只有我本人知道的密码")
        await page.get_by_role("button", name="设置密码并登录").click()
        await page.wait_for_url("**/desk")
