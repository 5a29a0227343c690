"""In a real browser: a case is printed whole, though its page shows the latest of what is long."""

from datetime import date

from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect

from tests.portal.test_staff_journeys import at_the_desk
from tests.portal.visits import Served, opened
from tests.stack import until_closed

FIRST = "登记：道路工程款"


async def printed(page: Page) -> list[str]:
    """The addresses that are printed from now on, as they are asked for."""
    asked: list[str] = []
    await page.expose_function("toldToPrint", lambda address: asked.append(address))
    await page.add_init_script("window.print = () => window.toldToPrint(window.location.href)")
    return asked


async def test_a_long_case_is_opened_whole_and_printed_at_once(chromium: Chromium, served: Served) -> None:
    case = await opened(served.desk, *until_closed())
    address = f"{served.url}/desk/cases/{case.case_no}"
    async with at_the_desk(chromium, served, ["clerk"], "李敏") as page:
        asked = await printed(page)
        await page.goto(address)
        await expect(page.get_by_text(FIRST)).to_have_count(0)
        assert asked == []
        await page.get_by_role("link", name="打印全案").click()
        await expect(page.get_by_text(FIRST)).to_be_visible()
        await page.wait_for_function("document.readyState === 'complete'")
        await expect(page.get_by_role("button", name="打印全案")).to_be_visible()
        assert asked == [f"{address}?whole=yes#print"]
        await page.get_by_role("button", name="打印全案").click()
        assert asked == [f"{address}?whole=yes#print"] * 2


async def test_a_short_case_is_printed_as_it_is(chromium: Chromium, served: Served) -> None:
    case = await opened(served.desk, received_on=date(2023, 4, 26))
    async with at_the_desk(chromium, served, ["clerk"], "李敏") as page:
        asked = await printed(page)
        await page.goto(f"/desk/cases/{case.case_no}")
        await expect(page.get_by_text(FIRST)).to_be_visible()
        await page.get_by_role("button", name="打印全案").click()
        assert asked == [f"{served.url}/desk/cases/{case.case_no}"]
