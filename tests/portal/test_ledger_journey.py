"""In a real browser: a clerk imports a sheet without any script, and the pages are for everybody."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect

from domain.calendar import SHANGHAI
from tests.portal.accessibility import faults
from tests.portal.chromium import PHONE, opened_page, width_beyond
from tests.portal.sheets import XLSX, file_of, rows
from tests.portal.visits import PASSWORD, Served, add_person


@asynccontextmanager
async def at_the_import(chromium: Chromium, served: Served, **settings: Any) -> AsyncIterator[Page]:
    """A clerk at the page that takes files, signed in through the sign-in page; imports are of today."""
    served.desk.now = datetime.now(SHANGHAI)
    login = await add_person(served.window, password=PASSWORD)
    async with opened_page(chromium, served.url, **settings) as page:
        await page.goto("/sign-in")
        await page.fill("#login", login)
        await page.fill("#password", PASSWORD)
        await page.click("main button")
        if await (menu := page.locator("label.menu")).is_visible():
            await menu.click()
        await page.get_by_role("link", name="台账导入").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("导入台账")
        yield page


async def choose(page: Page, content: bytes) -> None:
    await page.get_by_label("台账文件").set_input_files(
        {"name": "台账.xlsx", "mimeType": XLSX, "buffer": content}
    )
    await page.get_by_role("button", name="检查").click()


async def test_a_clerk_imports_a_sheet_without_any_script(
    chromium: Chromium, served: Served, tmp_path: Path
) -> None:
    today = served.desk.now = datetime.now(SHANGHAI)
    async with at_the_import(chromium, served, java_script_enabled=False) as page:
        await choose(page, file_of(*rows(1, 债务人=None)))
        await expect(page.get_by_role("alert")).to_contain_text("没有导入任何内容")
        await expect(page.get_by_role("rowheader", name="E2")).to_be_visible()
        written = rows(4, 登记日=today.date())
        await choose(page, file_of(*written, written[0]))
        await expect(page.get_by_role("heading", name="须核对")).to_be_visible()
        await page.get_by_label("仍要登记").check()
        await page.get_by_role("button", name="登记这 5 件案件").click()
        await expect(page.locator("main")).to_contain_text("已登记 5 件", timeout=60_000)
        async with page.expect_download() as coming:
            await page.get_by_role("button", name="下载查询码").click()
        await (await coming.value).save_as(tmp_path / "codes.xlsx")
        sheet = load_workbook(tmp_path / "codes.xlsx").worksheets[0]
        assert sheet.max_row == 6
        await page.get_by_role("link", name="工作台").click()
        async with page.expect_download() as coming:
            await page.get_by_role("link", name="下载台账").click()
        await (await coming.value).save_as(tmp_path / "out.xlsx")
        assert load_workbook(tmp_path / "out.xlsx").worksheets[0].max_row == 6


async def test_the_pages_of_the_import_are_for_everybody(chromium: Chromium, served: Served) -> None:
    async with at_the_import(chromium, served, viewport=PHONE) as page:
        assert await faults(page) == []
        await choose(page, file_of(*rows(2, 债务人=None)))
        assert await faults(page) == []
        assert await width_beyond(page) == 0
        written = rows(2, 登记日=served.desk.now.date())
        await choose(page, file_of(*written, written[0]))
        await expect(page.get_by_role("heading", name="须核对")).to_be_visible()
        assert await faults(page) == []
        assert await width_beyond(page) == 0
        await page.goto(f"{page.url}?lang=en")
        assert await faults(page) == []
        await page.get_by_label("register the rows all the same").check()
        await page.get_by_role("button", name="Open these 3 cases").click()
        await expect(page.locator("main")).to_contain_text("3 opened", timeout=60_000)
        assert await faults(page) == []
        assert await width_beyond(page) == 0
