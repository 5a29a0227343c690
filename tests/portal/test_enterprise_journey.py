"""An enterprise at the window with a real browser: on a desk and on a phone, with and without scripts, on paper."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from office.cases import Opened
from tests.portal.accessibility import faults
from tests.portal.chromium import PHONE, opened_page, width_beyond
from tests.portal.visits import Served, opened
from tests.stack import (
    CLERK,
    FINANCE,
    HEAD,
    RECEIVED_ON,
    order,
    paid,
    until_closed,
    until_planned,
    until_recognised,
)

FUNDED = order("fund", FINANCE, source="budget", amount="300万元", reference="安财预〔2023〕1号")
REPORTED = order("report_payment", "debtor:王强", voucher="PZ-2", amount="180万元", paid_on=RECEIVED_ON)


async def come_in(page: Page, case: Opened) -> None:
    """Ask by number and code, as a person does."""
    await page.goto("/")
    await page.get_by_label("案号").fill(case.case_no)
    await page.get_by_label("查询码").fill(case.access_code)
    await page.get_by_role("button", name="查询").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("道路工程款")


async def test_an_enterprise_asks_and_confirms_while_the_page_keeps_itself_up_to_date(
    served: Served, chromium: Browser
) -> None:
    desk = served.desk
    case = await opened(desk, *until_recognised()[:-1])

    async def act(*given: Any) -> None:
        for one in given:
            await desk.cases.act(case.case_no, one)

    async with opened_page(chromium, served.url) as page:
        await come_in(page, case)
        await expect(page.get_by_role("table", name="债务人认定，截至 2023-04-26")).to_contain_text(
            "300.00万元"
        )
        await page.get_by_role("button", name="金额无误，确认").click()
        await expect(page.get_by_role("status").filter(has_text="已确认欠款。")).to_be_visible()

        await page.evaluate("window.isTheSame = true")
        why = page.locator("details.why").first
        await why.locator("summary").click()
        await act(until_planned("300万元", "budget")[-1], FUNDED, *paid("120万元", "PZ-1"), REPORTED)
        received = page.get_by_role("button", name="确认收到 PZ-2")
        await expect(received).to_be_visible()
        assert await page.evaluate("window.isTheSame"), "nobody has reloaded the page"
        await expect(page.locator("details#go_judicial")).not_to_have_attribute("open", "")

        await received.click()
        await expect(page.get_by_role("status").filter(has_text="已确认收到。")).to_be_visible()
        await expect(page.get_by_role("table", name="付款")).to_contain_text("PZ-2")
        assert (await desk.show(case.case_no))["outstanding_fen"] == 0
        await expect(page.get_by_role("heading", name="满意度")).to_be_visible()
        await page.get_by_role("radio", name="基本满意").check()
        await page.get_by_label("想说的话").fill("时间偏长")
        assert await faults(page) == []
        await page.get_by_role("button", name="提交评价").click()
        await expect(page.get_by_role("status").filter(has_text="评价已记录。")).to_be_visible()
        await expect(page.locator("main")).to_contain_text("贵企业评价：基本满意 时间偏长")
        await act(
            order("call_back", CLERK, satisfied="yes", note="内部记录"),
            order("close", HEAD, report="内部报告"),
        )
        await expect(page.get_by_text("已结束：销号")).to_be_visible()
        await expect(page.locator("main")).to_contain_text("满意")
        await expect(page.locator("main")).not_to_contain_text("内部")
        offered = page.locator("main form input[name=do]")
        assert {await one.get_attribute("value") for one in await offered.all()} == {"appeal", "rate"}


async def test_whoever_is_writing_is_told_of_news_and_keeps_what_is_written(
    served: Served, chromium: Browser
) -> None:
    case = await opened(served.desk, order("accept", CLERK))
    async with opened_page(chromium, served.url) as page:
        await come_in(page, case)
        await page.get_by_text("转司法途径", exact=True).click()
        await page.locator("details.why summary").first.click()
        await page.locator("details#go_judicial summary").focus()
        await served.desk.cases.act(case.case_no, order("forward", CLERK, to="debtor"))
        await expect(page.locator("main")).to_contain_text("转交债务人办理")
        assert await page.locator("details#go_judicial").get_attribute("open") is not None, (
            "what was open stays open"
        )
        assert await page.evaluate("document.activeElement.textContent") == "转司法途径", "the focus stays"

        await page.get_by_label("法院或仲裁机构").fill("安宁区人民法院")
        await served.desk.cases.act(case.case_no, order("acknowledge", "debtor:王强"))
        news = page.get_by_role("link", name="页面有更新")
        await expect(news).to_be_visible()
        await expect(page.get_by_label("法院或仲裁机构")).to_have_value("安宁区人民法院")
        await expect(page.locator("main")).not_to_contain_text("债务人签收")
        await news.click()
        await expect(page.locator("main")).to_contain_text("债务人签收")


async def test_everything_works_without_scripts(served: Served, chromium: Browser) -> None:
    case = await opened(served.desk, *until_planned("300万元", "budget"), FUNDED, REPORTED)
    async with opened_page(chromium, served.url, java_script_enabled=False) as page:
        await come_in(page, case)
        await page.get_by_text("有异议", exact=False).first.click()
        await page.get_by_label("说明").fill("账户没有收到")
        await page.get_by_role("button", name="提出异议 PZ-2").click()
        await expect(page.get_by_text("已提出异议，债务人须答复。")).to_be_visible()
        await page.get_by_role("button", name="确认收到 PZ-2").click()
        await expect(page.get_by_text("已确认收到。")).to_be_visible()
        await page.get_by_role("link", name="English").click()
        await expect(page.get_by_role("heading", name="How far it is")).to_be_visible()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("button", name="Show the case")).to_be_visible()
    assert (await served.desk.show(case.case_no))["cleared_fen"] == 180_0000_00


LIVES: dict[str, list[Any]] = {
    "to be corrected": [order("request_correction", CLERK, items=["合同", "结算书"])],
    "to be endorsed": until_recognised()[:-1],
    "to be confirmed": [*until_planned("300万元", "budget"), FUNDED, *paid("120万元", "PZ-1"), REPORTED],
    "suspended": [order("accept", CLERK), order("suspend", CLERK, reason="等待材料")],
    "closed": until_closed(),
}


@pytest.mark.parametrize("life", LIVES)
async def test_nobody_is_left_out(served: Served, chromium: Browser, life: str) -> None:
    case = await opened(served.desk, *LIVES[life])
    async with opened_page(chromium, served.url) as page:
        await come_in(page, case)
        assert await faults(page) == []
        for summary in await page.locator("summary").all():
            await summary.click()
        assert await faults(page) == []
        await page.set_viewport_size(PHONE)
        assert (await faults(page), await width_beyond(page)) == ([], 0)
        await page.get_by_role("link", name="English").click()
        assert (await faults(page), await width_beyond(page)) == ([], 0)


async def test_the_first_page_leaves_nobody_out(served: Served, chromium: Browser) -> None:
    async with opened_page(chromium, served.url, viewport=PHONE) as page:
        for address in ("/", "/?lang=en", "/sign-in", "/nowhere"):
            await page.goto(address)
            assert (await faults(page), await width_beyond(page)) == ([], 0), address


async def test_a_wrong_code_is_said_at_the_fields(served: Served, chromium: Browser) -> None:
    async with opened_page(chromium, served.url) as page:
        await page.goto("/")
        await page.get_by_label("案号").fill("QQ-620105-2023-0001")
        await page.get_by_label("查询码").fill("2222-2222-2222-2222")
        await page.get_by_role("button", name="查询").click()
        await expect(page.get_by_role("alert")).to_have_text("案号或查询码不对")
        await expect(page.get_by_label("查询码")).to_have_accessible_description(
            re.compile("案号或查询码不对")
        )
        assert await faults(page) == []


async def test_the_page_on_paper_says_all_and_asks_nothing(
    served: Served, chromium: Browser, tmp_path: Path
) -> None:
    case = await opened(served.desk, *LIVES["to be confirmed"])
    async with opened_page(chromium, served.url) as page:
        await come_in(page, case)
        await page.emulate_media(media="print")
        for hidden in ("header.top", "main form", "main button", "section.leave"):
            for one in await page.locator(hidden).all():
                await expect(one).to_be_hidden()
        for told in ("180.00万元", "办到哪一步", "不计", "工作日", case.case_no):
            await expect(page.get_by_text(told).first).to_be_visible()
        paper = tmp_path / "case.pdf"
        await page.pdf(path=paper, format="A4")
        assert 1 <= paper.read_bytes().count(b"/Type /Page\n") <= 4


async def test_the_check_finds_what_is_wrong(chromium: Browser) -> None:
    page = await chromium.new_page()
    await page.set_content(
        """<!doctype html><html><head><style>:focus { outline: none } input { border: 1px solid #ddd }
        .s { overflow-x: auto; width: 50px }</style></head>
        <body><h2>起</h2><h4>承</h4><img src="data:,"><p style="color:#999">浅色的字</p><input><button></button>
        <table><tr><th>甲</th></tr></table><div role="buton">乙</div><label for="gone">丙</label>
        <div class="s"><p style="width:200px">宽</p></div><a href="/x" tabindex="2">丁</a></body></html>"""
    )
    found = "\n".join(await faults(page))
    await page.close()
    by_axe = [
        *(
            "html-has-lang",
            "document-title",
            "landmark-one-main",
            "heading-order",
            "image-alt",
            "color-contrast",
        ),
        *("label", "button-name", "aria-roles", "tabindex", "target-size"),
    ]
    ours = [
        *("exactly one h1", "no link to skip", "no caption", "no scope", "names nothing (gone)"),
        *("focus is not to be seen", "is faint"),
    ]
    for fault in (*by_axe, *ours):
        assert fault in found, f"{fault} in {found}"
