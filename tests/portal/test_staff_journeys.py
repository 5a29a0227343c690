"""In a real browser: a clerk registers a case and moves it to the end; a head handles a batch; the pages are for everybody."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from typing import Any, Final

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Locator, Page, expect

from tests.portal.accessibility import faults
from tests.portal.chromium import PHONE, opened_page, width_beyond
from tests.portal.visits import PASSWORD, Served, add_person, opened
from tests.stack import CITY, DISTRICT, eventually, until_planned, until_recognised
from tests.workflows.test_bonds import act, pass_cut_off

CASE_NO: Final = "QQ-620105-2023-0001"
REGISTERED: Final = {
    "案由": "道路工程款",
    "项目或者合同名称": "北滨河路维修",
    "反映金额": "4216万元",
}


@asynccontextmanager
async def at_the_desk(
    chromium: Chromium, served: Served, roles: list[str], person: str, office: str = DISTRICT, **settings: Any
) -> AsyncIterator[Page]:
    """Somebody of an office, signed in through the sign-in page."""
    login = await add_person(
        served.window, office, roles, person=person, password=PASSWORD, login=settings.pop("login", None)
    )
    async with opened_page(chromium, served.url, **settings) as page:
        await come_in(page, login)
        yield page


async def come_in(page: Page, login: str) -> None:
    """Sign in through the page for it."""
    await page.goto("/sign-in")
    await page.fill("#login", login)
    await page.fill("#password", PASSWORD)
    await page.click("main button")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("工作台")


async def give(page: Page, form: str, **fields: str) -> None:
    """Open a form on the page, fill it in, and send it. Fields go by their names; `_` stands for a dot."""
    details = await shown(page, form)
    if await details.get_attribute("open") is None:
        await details.locator("summary").click()
    for name, value in fields.items():
        field = details.locator(f'[name="{name.replace("__", ".")}"]')
        if await field.evaluate("one => one.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await field.fill(value)
    await details.locator("form > p:last-child button").click()


async def shown(page: Page, form: str) -> Locator:
    """A form on the page: there already, or behind a link that is folded among others."""
    if not await page.locator(f"#{form}").count():
        link = page.locator(f"a[data-form={form}]")
        folded = page.locator("details.more", has=link)
        if await folded.get_attribute("open") is None:
            await folded.locator("> summary").click()
        await link.click()
    return page.locator(f"#{form}")


async def done(page: Page, what: str) -> None:
    """The page says that something has been done."""
    await expect(page.locator("main [role=status]").first).to_contain_text(f"已办理：{what}")


async def test_a_clerk_registers_a_case_and_moves_it_to_the_end(chromium: Chromium, served: Served) -> None:
    async with AsyncExitStack() as stack:
        clerk = await stack.enter_async_context(at_the_desk(chromium, served, ["clerk"], "李敏"))
        finance = await stack.enter_async_context(at_the_desk(chromium, served, ["finance"], "钱"))
        head = await stack.enter_async_context(at_the_desk(chromium, served, ["clerk", "head"], "孙"))
        enterprise = await stack.enter_async_context(opened_page(chromium, served.url))
        await clerk.get_by_role("link", name="登记").click()
        code = await register(clerk)
        await clerk.get_by_role("link", name="打开案件").click()

        await give(clerk, "clerk-accept")
        await done(clerk, "受理")
        await give(clerk, "clerk-forward", to="debtor")
        await done(clerk, "转办")
        await give(clerk, "debtor-acknowledge")
        await done(clerk, "签收")
        await recognise(clerk)
        await enquire(enterprise, code)
        await enterprise.get_by_role("button", name="确认").first.click()
        await expect(enterprise.locator("main")).to_contain_text("已确认欠款")

        await plan(clerk)
        await finance.goto(f"/desk/cases/{CASE_NO}")
        await give(finance, "finance-fund", source="budget", amount="4216万元", reference="安财预〔2023〕1号")
        await done(finance, "资金到位")
        await clerk.goto(f"/desk/cases/{CASE_NO}")
        await give(clerk, "debtor-report_payment", voucher="PZ-1", amount="4216万元")
        await done(clerk, "报送付款")
        await enterprise.goto("/case")
        await enterprise.get_by_role("button", name="确认收到").click()
        await expect(enterprise.locator("main")).to_contain_text("已确认收到")

        await clerk.goto(f"/desk/cases/{CASE_NO}")
        await give(clerk, "clerk-call_back", satisfied="yes", note="企业满意")
        await done(clerk, "回访")
        await expect(clerk.locator("#head-close")).to_have_count(0)
        await head.goto(f"/desk/cases/{CASE_NO}")
        await give(head, "head-close", report="全额清偿，企业满意")
        await done(head, "销号")
        await expect(head.locator(".marks")).to_contain_text("销号")
    case = await served.desk.show(CASE_NO)
    assert (case["stage"], case["cleared_fen"], case["outstanding_fen"]) == ("closed", 4216 * 10**6, 0)
    givers = {event.kind: str(event.by) for event in await served.desk.journal(CASE_NO)}
    assert givers["acknowledged"] == givers["planned"] == "debtor"
    scribes = {event.kind: str(event.entered_by) for event in await served.desk.journal(CASE_NO)}
    assert scribes["acknowledged"] == scribes["planned"] == "clerk:李敏@620105"
    assert (givers["called_back"], givers["closed"]) == ("clerk:李敏@620105", "head:孙@620105")
    assert givers["receipt_confirmed"] == "creditor"


async def register(page: Page) -> str:
    """Register a case on the page for it; returns the access code, as the page shows it."""
    for label, value in REGISTERED.items():
        await page.get_by_label(label).fill(value)
    await page.locator("#new-creditor-name").fill("八冶建设集团")
    await page.locator("#new-creditor-code").fill("91350100M000100Y44")
    await page.locator("#new-debtor-name").fill("安宁区环卫局")
    for name, value in (
        *(("kind", "works"), ("channel", "hotline"), ("creditor-size", "small")),
        *(("creditor-ownership", "private"), ("debtor-kind", "organ")),
    ):
        await page.select_option(f"#new-{name}", value)
    await page.click("main form button")
    await expect(page.locator("#new-creditor-code-fault")).to_contain_text("校验位不符")
    await page.locator("#new-creditor-code").fill("91350100M000100Y43")
    await page.click("main form button")
    await expect(page.locator("#case-no")).to_have_text(CASE_NO)
    return await page.locator("#access-code").inner_text()


async def recognise(page: Page) -> None:
    """First with a slip: the page says so, and keeps what was typed."""
    await give(page, "debtor-recognise", settled="8436.77万元", paid="4220.77万元", undisputed="4215万元")
    await expect(page.locator("#field-debtor-recognise-undisputed-fault")).to_contain_text("各部分合计为")
    await expect(page.locator("#field-debtor-recognise-settled")).to_have_value("8436.77万元")
    await give(page, "debtor-recognise", undisputed="4216万元")
    await done(page, "认定欠款")


async def plan(page: Page) -> None:
    """With more rows than the form has at first."""
    await page.goto(f"/desk/cases/{CASE_NO}")
    await page.locator("#debtor-plan summary").click()
    form = page.locator("#debtor-plan")
    await form.locator('[name="instalments.0.due_on"]').fill("2023-09-28")
    await form.locator('[name="instalments.0.amount"]').fill("2000万元")
    await form.get_by_role("button", name="再加几行 分期").click()
    await expect(form.locator('[name="instalments.5.amount"]')).to_be_visible()
    await expect(form.locator('[name="instalments.0.amount"]')).to_have_value("2000万元")
    fields = {"instalments__1__due_on": "2023-10-23", "instalments__1__amount": "2216万元"}
    await give(page, "debtor-plan", sources__0__kind="budget", sources__0__amount="4216万元", **fields)
    await done(page, "清偿计划")


async def enquire(page: Page, code: str) -> None:
    """Ask as the enterprise does, with the slip in hand."""
    await page.goto("/")
    await page.fill("#case_no", CASE_NO)
    await page.fill("#code", code)
    await page.click("main form button")
    await expect(page.get_by_role("heading", level=1)).to_have_text("道路工程款")


async def test_a_head_handles_a_batch(chromium: Chromium, served: Served) -> None:
    desk = served.desk
    first = (await opened(desk, *until_planned("300万元"))).case_no
    second = (await opened(desk, *until_planned("80万元"), livelihood=True)).case_no
    async with (
        at_the_desk(chromium, served, ["head", "finance"], "孙") as head,
        at_the_desk(chromium, served, ["clerk"], "李敏") as clerk,
    ):
        await head.get_by_role("link", name="债券批次").click()
        written = {"name": "2023年第一批一般债券", "quota": "350万元", "allocates_on": "2023-05-26"}
        await give(head, "head-open_batch", **written)
        await expect(head.get_by_role("heading", level=1)).to_have_text("2023年第一批一般债券")
        batch_no = (await head.locator("header.case .number").inner_text()).split()[-1]
        await desk.clocks.note(batch_no, desk.now)
        rows = head.locator("#preview ~ .scroll tbody tr")
        await expect(rows).to_have_count(2)
        await expect(rows.nth(0)).to_contain_text(second)
        await expect(rows.nth(1)).to_contain_text("额度只余 270.00万元，部分纳入，余额转入下一批")

        await pass_cut_off(desk, batch_no)
        await expect(head.locator("#head-approve")).to_be_visible()
        await clerk.goto(f"/desk/batches/{batch_no}")
        await expect(clerk.locator("details.act")).to_have_count(0)
        await give(head, "head-approve")
        await done(head, "批准")
        await act(desk, batch_no)
        await head.goto(f"/desk/batches/{batch_no}")
        await give(head, "finance-arrive", amount="350万元", reference="安财预〔2023〕8号")
        await done(head, "资金到位")
        await act(desk, batch_no)
        await head.goto(f"/desk/batches/{batch_no}")
        await give(head, "finance-close_batch")
        await done(head, "批次办结")
    assert [(await desk.show(one))["available_fen"] // 10**6 for one in (first, second)] == [270, 80]


@pytest.fixture
async def busy(served: Served) -> Served:
    """An office with cases at several stages, a batch, notices, and a step that waits for the superior's head."""
    desk = served.desk
    await opened(desk, *until_planned(), contact="赵经理 13900000000", note="先电话联系")
    await opened(desk, *until_recognised()[:3])
    await opened(desk)
    await desk.open_batch("250万元", days=90)
    await desk.move_to(date(2023, 6, 20))

    async def is_pressed() -> bool:
        return "step_proposed" in await desk.kinds("QQ-620105-2023-0002")

    await eventually(is_pressed)
    return served


ADDRESSES: Final = [
    *(
        "/desk",
        "/desk?stage=bonding&q=道路",
        "/desk?due=month&least=许多",
        "/desk/work?whose=parties",
        "/desk/calendar?month=2023-05",
        "/desk/guide",
        "/desk/cases/QQ-620105-2023-0001",
        "/desk/cases/QQ-620105-2023-0002",
    ),
    *("/desk/register", "/desk/batches", "/desk/batches/BB-620105-2023-01", "/desk/notices", "/desk/reports"),
]


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_pages_of_the_desk_are_for_everybody(
    chromium: Chromium, busy: Served, language: str
) -> None:
    async with at_the_desk(chromium, busy, ["clerk", "head", "finance"], "李敏") as page:
        for address in ADDRESSES:
            await page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
            assert await faults(page) == [], address
            await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
            assert await faults(page) == [], f"{address}, everything open"


async def test_a_form_that_was_refused_is_for_everybody(chromium: Chromium, busy: Served) -> None:
    async with at_the_desk(chromium, busy, ["clerk"], "李敏") as page:
        await page.goto("/desk/cases/QQ-620105-2023-0001")
        rows = {"sources__0__kind": "budget", "sources__0__amount": "三百万", "reason": "资金变化"}
        await give(page, "debtor-plan", **rows)
        await expect(page.locator("#fault")).to_contain_text("填写有误")
        assert await faults(page) == []
        await page.goto("/desk/register")
        await page.evaluate(
            "document.querySelectorAll('[required]').forEach((one) => { one.required = false })"
        )
        await page.click("main form button")
        await expect(page.locator("#fault")).to_contain_text("此项必填")
        assert await faults(page) == []


async def test_the_pages_fit_a_phone(chromium: Chromium, busy: Served) -> None:
    async with at_the_desk(chromium, busy, ["clerk", "head"], "李敏", viewport=PHONE) as page:
        for address in ADDRESSES:
            await page.goto(address)
            assert await width_beyond(page) <= 0, address


async def test_on_a_phone_the_header_is_one_line_with_a_menu(chromium: Chromium, busy: Served) -> None:
    settings: dict[str, Any] = {"java_script_enabled": False, "viewport": PHONE}
    async with at_the_desk(chromium, busy, ["clerk", "head"], "李敏", **settings) as page:
        box = await page.locator("header.top").bounding_box()
        assert box
        assert box["height"] <= 64
        await expect(page.get_by_role("link", name="债券批次")).to_be_hidden()
        await page.locator("label.menu").click()
        await page.get_by_role("link", name="债券批次").click()
        await page.wait_for_url("**/desk/batches")


async def test_cases_are_chosen_on_the_list_and_told_the_same(chromium: Chromium, busy: Served) -> None:
    settings: dict[str, Any] = {"java_script_enabled": False, "viewport": PHONE}
    async with at_the_desk(chromium, busy, ["head"], "高", **settings) as page:
        await page.goto("/desk")
        numbers = await page.locator("th a[href^='/desk/cases/']").all_inner_texts()
        for case_no in numbers:
            await page.get_by_label(case_no).check()
        await page.get_by_label("对选中的案件").select_option(label="分办：本人")
        await page.get_by_role("button", name="逐件办理").click()
        await expect(page.get_by_role("status")).to_contain_text("2 件已办理，1 件没有办理")
        assert await faults(page) == []
        (taken_over,) = await page.locator("tr:has(.fault) th a").all_inner_texts()
        await page.goto("/desk")
        await page.get_by_role("link", name="我经办的").click()
        mine = await page.locator("th a[href^='/desk/cases/']").all_inner_texts()
        assert mine == [case_no for case_no in numbers if case_no != taken_over]


async def test_what_was_written_is_there_again_after_the_session_ended(
    chromium: Chromium, busy: Served
) -> None:
    async with at_the_desk(chromium, busy, ["clerk"], "李敏", login="limin") as page:
        await page.goto("/desk/cases/QQ-620105-2023-0001")
        await shown(page, "clerk-remark")
        await page.locator("#clerk-remark [name=text]").fill("周三再催,带合同复印件")
        await page.context.clear_cookies()
        await page.locator("#clerk-remark form > p:last-child button").click()
        await expect(page.locator("main")).to_contain_text("表单已失效")
        await come_in(page, "limin")
        await page.goto("/desk/cases/QQ-620105-2023-0001")
        await expect(page.get_by_role("link", name="备注（已写，未提交）")).to_be_visible()
        field = (await shown(page, "clerk-remark")).locator("[name=text]")
        await expect(field).to_be_visible()
        await expect(field).to_have_value("周三再催,带合同复印件")
        await page.locator("#clerk-remark form > p:last-child button").click()
        await done(page, "备注")
        await page.goto("/desk/cases/QQ-620105-2023-0001")
        await expect((await shown(page, "clerk-remark")).locator("[name=text]")).to_have_value("")


async def test_without_a_script_everything_works(chromium: Chromium, busy: Served) -> None:
    settings: dict[str, Any] = {"java_script_enabled": False}
    async with at_the_desk(chromium, busy, ["head"], "高", CITY, **settings) as page:
        await page.goto("/desk?mode=key_supervised")
        await page.get_by_role("link", name="QQ-620105-2023-0002").click()
        await give(page, "head-approve_step", step="interview")
        await done(page, "同意")
        await expect(page.locator("main")).to_contain_text("约谈通知书")
