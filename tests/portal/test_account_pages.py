"""The account in a real browser: two steps are set up and taken without scripts, on a phone, and read out well."""

import re
from datetime import UTC, datetime

import pyotp
import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from tests.portal.accessibility import faults
from tests.portal.chromium import PHONE, opened_page, width_beyond
from tests.portal.visits import PASSWORD, Served, add_person

SECRET = r"[A-Z2-7]{32}"


async def _enter(page: Page) -> None:
    await page.goto("/sign-in")
    await page.get_by_label("登录名").fill("limin")
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()


async def _is_readable(page: Page) -> None:
    """Read out well, and no wider than a phone."""
    assert await faults(page) == []
    assert await width_beyond(page) <= 0


async def _is_readable_in_both_languages(page: Page) -> None:
    """A page that can be asked for again; it is left in Chinese."""
    address = page.url
    for language in ("en", "zh"):
        await page.goto(f"{address}?lang={language}")
        await _is_readable(page)


async def _codes(page: Page) -> pyotp.TOTP:
    key = (await page.locator("#key").inner_text()).replace(" ", "")
    assert re.fullmatch(SECRET, key)
    return pyotp.TOTP(key)


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1366, "height": 768}], ids=["phone", "desk"])
async def test_a_person_turns_two_steps_on_and_takes_them(
    served: Served, chromium: Chromium, viewport: dict[str, int]
) -> None:
    await add_person(served.window, login="limin", password=PASSWORD)
    async with opened_page(chromium, served.url, viewport=viewport) as page:
        await _enter(page)
        await page.wait_for_url("**/desk")
        await page.goto("/account")
        await _is_readable_in_both_languages(page)
        await page.locator("summary", has_text="开启").click()
        await page.locator("#password-on").fill(PASSWORD)
        await page.get_by_role("button", name="下一步").click()
        await page.wait_for_url("**/account/second-factor")
        await _is_readable_in_both_languages(page)
        codes = await _codes(page)
        await page.get_by_label("验证码").fill("000000")
        await page.get_by_role("button", name="确认").click()
        await page.get_by_role("alert").wait_for()
        assert await page.evaluate("Object.values(sessionStorage)") == [], "no draft has a code or a password"
        await _is_readable(page)
        await page.get_by_label("验证码").fill(codes.now())
        await page.get_by_role("button", name="确认").click()
        assert await page.locator("ul.codes li").count() == 8
        await _is_readable(page)
        await page.get_by_role("link", name="已保存").click()
        await page.wait_for_url("**/account")
        await page.get_by_text("剩余恢复码 8 个").wait_for()
        await _is_readable(page)
    async with opened_page(chromium, served.url, viewport=viewport, java_script_enabled=False) as page:
        await _enter(page)
        await page.get_by_role("heading", name="两步验证").wait_for()
        await page.get_by_label("验证码").fill(codes.at(datetime.now(UTC), counter_offset=1))
        await page.get_by_role("button", name="登录").click()
        await page.wait_for_url("**/desk")
        await page.goto("/account")
        await page.get_by_role("button", name="退出其他全部登录").click()
        await page.wait_for_url("**/account")
        assert await page.get_by_text("本次登录").count() == 1
        assert await page.locator("table tbody tr").count() == 1


async def test_where_it_is_required_a_newcomer_is_led_through_it(served: Served, chromium: Chromium) -> None:
    object.__setattr__(served.window, "needs_second_factor", True)
    await add_person(served.window, login="limin", password=PASSWORD)
    async with opened_page(chromium, served.url, viewport=PHONE) as page:
        await page.goto("/desk/batches")
        await _enter(page)
        await page.get_by_role("heading", name="设置两步验证").wait_for()
        await _is_readable(page)
        await page.get_by_label("验证码").fill((await _codes(page)).now())
        await page.get_by_role("button", name="确认").click()
        assert await page.locator("ul.codes li").count() == 8
        await _is_readable(page)
        await page.get_by_role("link", name="已保存").click()
        await page.wait_for_url("**/desk")
