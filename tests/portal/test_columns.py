"""The columns of the desk's list: everybody's own, on the page, on paper and in the sheet that is downloaded."""

import re
from collections.abc import Sequence

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import expect

from domain.sheet.columns import COLUMNS
from tests.portal.accessibility import faults
from tests.portal.chromium import PHONE, width_beyond
from tests.portal.sheets import read_back
from tests.portal.test_staff_journeys import at_the_desk
from tests.portal.visits import Browser, Served, opened, sign_in
from tests.stack import until_closed

USUAL = ["案件", "灯", "阶段", "处置方式", "承办", "最近期限", "未清偿"]


def heads(page: str) -> list[str]:
    """What the columns of the list are called, but for the one of check boxes."""
    return re.findall(r'<th scope="col"(?: class="number"| )?>([^<]+)</th>', page)


async def choose(browser: Browser, *columns: str, query: str = "") -> str:
    """Choose columns; where that leads."""
    answer = await browser.submit("/desk/columns", {"column": list(columns), "query": query})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def sheet(browser: Browser, query: str) -> Sequence[str]:
    """The headers of a sheet that is downloaded."""
    return read_back((await browser.get(f"/desk/export?{query}")).content)[0]


@pytest.mark.long
async def test_everybody_chooses_their_own_columns_and_has_the_usual_ones_again(portal: Browser) -> None:
    await opened(portal.desk, *until_closed())
    await opened(portal.desk, title="乙案", claimed=None)
    await sign_in(portal)
    assert heads((await portal.get("/desk")).text) == USUAL
    names = ("cleared", "debtor", "channel", "claimed", "since", "received", "creditor", "nonsense")
    assert await choose(portal, *names, query="stage=closed&csrf=x") == "/desk?stage=closed"
    page = (await portal.get("/desk?stage=closed")).text
    assert heads(page) == ["案件", "债权人", "债务人", "来源", "登记日", "拖欠起始日", "欠款金额", "已清偿"]
    row = page.partition("<tbody>")[2].partition("</tbody>")[0]
    for told in ("安宁区环卫局", "八冶集团", "2023-04-26", "不详", "400.00万元", "300.00万元"):
        assert told in row, told
    assert row.count('<input type="checkbox" name="case_no" form="bulk"') == 1
    assert "待核实" in (await portal.get("/desk?stage=intake")).text
    other = portal.another()
    await sign_in(other)
    assert heads((await other.get("/desk")).text) == USUAL
    await choose(portal)
    assert heads((await portal.get("/desk")).text) == ["案件"]
    await portal.submit("/desk/columns", {"column": ["light"], "usual": "yes"})
    assert heads((await portal.get("/desk")).text) == USUAL


async def test_a_list_is_downloaded_with_the_columns_chosen_and_the_ledger_with_all(portal: Browser) -> None:
    await opened(portal.desk)
    await sign_in(portal)
    assert await sheet(portal, "columns=chosen") == [
        *("序号", "案由", "案号", "办理状态", "处置方式", "灯", "承办", "余额(万元)", "到期日")
    ]
    await choose(portal, "creditor", "cleared")
    assert await sheet(portal, "columns=chosen&stage=intake") == [
        "序号",
        "案由",
        "债权人",
        "案号",
        "已清偿(万元)",
    ]
    assert await sheet(portal, "") == [column.header for column in COLUMNS]


async def test_columns_are_chosen_without_scripts_and_are_those_on_paper(
    chromium: Chromium, served: Served
) -> None:
    await opened(served.desk)
    async with at_the_desk(
        chromium, served, ["clerk"], "李敏", viewport=PHONE, java_script_enabled=False
    ) as page:
        await page.locator("#columns > summary").click()
        await page.get_by_label("债权人", exact=True).check()
        await page.locator("#columns").get_by_label("处置方式", exact=True).uncheck()
        await page.locator("#columns").get_by_role("button", name="使用这些列").click()
        await expect(page.locator("tbody td[data-label=债权人]")).to_have_text("八冶集团")
        await expect(page.locator("tbody td[data-label=处置方式]")).to_have_count(0)
        await page.emulate_media(media="print")
        await expect(page.locator("tbody td[data-label=债权人]")).to_be_visible()
        await expect(page.locator("tbody a")).to_be_visible()
        await expect(page.locator("tbody .choose")).to_be_hidden()
        await expect(page.locator("#columns")).to_be_hidden()


async def test_the_choice_is_for_everybody(chromium: Chromium, served: Served) -> None:
    await opened(served.desk)
    async with at_the_desk(chromium, served, ["clerk"], "李敏", viewport=PHONE) as page:
        await page.locator("#columns > summary").click()
        for language in ("zh", "en"):
            await page.goto(f"/desk?lang={language}")
            await page.locator("#columns > summary").click()
            assert await faults(page) == []
            assert await width_beyond(page) == 0
