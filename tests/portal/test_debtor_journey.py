"""A debtor at its door with a real browser: on a desk and on a phone, with and without scripts; and documents for everybody."""

from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page, expect

from tests.portal.accessibility import faults
from tests.portal.chromium import PHONE, opened_page, width_beyond
from tests.portal.test_staff_journeys import at_the_desk
from tests.portal.visits import Served, opened
from tests.stack import FINANCE, PRESSED, order, paid, until_planned, until_recognised

FUND: Final = order("fund", FINANCE, source="budget", amount="300万元", reference="安财预〔2023〕1号")
FORWARDED: Final = until_recognised()[:2]


async def slip(chromium: Browser, served: Served, case_no: str) -> tuple[str, str]:
    """The address and the code that the office prints for the debtor."""
    async with at_the_desk(chromium, served, ["clerk"], "李敏") as page:
        return await slip_on(page, case_no)


async def slip_on(page: Page, case_no: str) -> tuple[str, str]:
    """The same, on the page of somebody of the office."""
    await page.goto(f"/desk/cases/{case_no}")
    await page.get_by_text("发给债务人查询码", exact=True).click()
    await page.get_by_role("button", name="发给 债务人").click()
    await expect(page.get_by_role("img", name="网址的二维码")).to_be_visible()
    assert await faults(page) == []
    link = await page.locator(".slip a").get_attribute("href") or ""
    return link, await page.locator("#access-code").inner_text()


async def come_in(page: Page, link: str, code: str) -> None:
    """By the link of the slip, which knows the case."""
    await page.goto(link)
    await page.get_by_label("查询码").fill(code)
    await page.get_by_role("button", name="查询").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("道路工程款")


@pytest.mark.parametrize("settings", [{}, {"viewport": PHONE}, {"java_script_enabled": False}])
async def test_a_debtor_states_its_account_and_sends_a_paper(
    served: Served, chromium: Browser, tmp_path: Path, settings: dict[str, Any]
) -> None:
    case = await opened(served.desk, *FORWARDED)
    link, code = await slip(chromium, served, case.case_no)
    paper = tmp_path / "对账单.pdf"
    paper.write_bytes(b"%PDF-1.7\nstatement")
    async with opened_page(chromium, served.url, **settings) as page:
        await come_in(page, link, code)
        await page.locator("#debtor-acknowledge summary").click()
        await page.locator("#debtor-acknowledge button").click()
        await expect(page.get_by_role("status").last).to_contain_text("签收")
        form = page.locator("#debtor-recognise")
        await form.locator("summary").click()
        for name, amount in (("settled", "300万元"), ("paid", "0"), ("undisputed", "200万元")):
            await form.locator(f"[name={name}]").fill(amount)
        await form.locator("form > p button").last.click()
        await expect(page.locator("#fault")).to_be_visible()
        await expect(form.locator("[name=undisputed]")).to_have_value("200万元")
        await form.locator("[name=undisputed]").fill("300万元")
        await form.locator("form > p button").last.click()
        await expect(page.get_by_role("status").last).to_contain_text("已办理")
        await page.get_by_label("材料类型").select_option("statement")
        await page.locator("#paper-file").set_input_files(paper)
        await page.get_by_role("button", name="提交材料").click()
        await expect(page.get_by_role("link", name="对账单.pdf")).to_be_visible()
        await page.get_by_role("link", name="转办函").click()
        await expect(page.locator("article.sheet")).to_contain_text("签收回执")
    assert (await served.desk.show(case.case_no))["undisputed_fen"] == 300_000_000


async def test_the_page_adds_up_a_plan_while_it_is_written(served: Served, chromium: Browser) -> None:
    case = await opened(served.desk, *until_recognised())
    link, code = await slip(chromium, served, case.case_no)
    async with opened_page(chromium, served.url) as page:
        await come_in(page, link, code)
        form = page.locator("#debtor-plan")
        await expect(form.locator("[data-sum]").first).to_be_hidden()
        await form.locator("summary").click()
        rows = (("100万元", "100.00万元"), ("0.0001亿元", "101.00万元"), ("1990000.5", "300.00005万元"))
        for no, (amount, total) in enumerate(rows):
            await form.locator(f"[name='instalments.{no}.amount']").fill(amount)
            await expect(form.locator("fieldset").last.locator("output")).to_have_text(total)
        await form.locator("[name='instalments.0.amount']").fill("一百万")
        await expect(form.locator("fieldset").last.locator("output")).to_have_text("–")


LIVES: Final[dict[str, list[Any]]] = {
    "to be answered": FORWARDED,
    "to be planned": [*until_recognised(), PRESSED],
    "paid in part": [*until_planned("300万元", "budget"), FUND, *paid("120万元", "PZ-1")],
}


@pytest.mark.parametrize("life", LIVES)
async def test_no_debtor_is_left_out(served: Served, chromium: Browser, life: str) -> None:
    case = await opened(served.desk, *LIVES[life])
    link, code = await slip(chromium, served, case.case_no)
    async with opened_page(chromium, served.url) as page:
        await come_in(page, link, code)
        assert await faults(page) == []
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert await faults(page) == []
        await page.set_viewport_size(PHONE)
        assert await width_beyond(page) == 0
        await page.get_by_role("link", name="English").click()
        assert (await faults(page), await width_beyond(page)) == ([], 0)


async def test_documents_are_for_everybody_and_print_one_to_a_sheet(
    served: Served, chromium: Browser, tmp_path: Path
) -> None:
    await opened(served.desk, *until_planned("300万元", "budget"))
    async with at_the_desk(chromium, served, ["clerk"], "李敏") as page:
        await page.goto("/desk/notices")
        await page.get_by_role("link", name="清欠转").click()
        await expect(page.get_by_role("article")).to_contain_text("现转你单位办理")
        assert await faults(page) == []
        await page.set_viewport_size(PHONE)
        assert (await faults(page), await width_beyond(page)) == ([], 0)
        await page.goto("/desk/notices")
        await page.get_by_label("文种").select_option("confirmation")
        await page.get_by_role("button", name="筛选").click()
        assert await page.locator("tbody tr").count() == 1
        await page.goto("/desk/notices/print")
        assert await page.get_by_role("article").count() == 5
        await page.emulate_media(media="print")
        await expect(page.locator("header.top")).to_be_hidden()
        out = tmp_path / "documents.pdf"
        await page.pdf(path=out, format="A4")
        assert out.read_bytes().count(b"/Type /Page\n") >= 5
