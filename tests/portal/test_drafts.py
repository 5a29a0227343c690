"""What was written into a form and not sent, in a real browser: kept for that form alone, and gone once that form is answered."""

from collections.abc import Mapping
from typing import Final

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect

from tests.portal.test_staff_journeys import at_the_desk, come_in, done, give, shown
from tests.portal.visits import Served, add_person, opened

TEXTS: Final = {
    "title": "道路工程款",
    "project": "北滨河路",
    "claimed": "30万元",
    "creditor.name": "某公司",
    "debtor.name": "某镇",
}
CHOICES: Final = {
    "kind": "works",
    "channel": "hotline",
    "creditor.size": "small",
    "creditor.ownership": "private",
    "debtor.kind": "organ",
}
AGAIN: Final = "这是您上次写下的内容，尚未办理。"


async def drafts(page: Page) -> list[str]:
    """The forms of which something is kept."""
    kept: list[str] = await page.evaluate(
        "Object.keys(sessionStorage).filter((key) => key.startsWith('draft:'))"
    )
    return [key.rpartition(":")[2] for key in kept]


async def fill_in(page: Page, texts: Mapping[str, str] = TEXTS) -> None:
    """Everything of the form for a new case that is needed, but what is not among the texts."""
    for name, value in texts.items():
        await page.fill(f'main [name="{name}"]', value)
    for name, value in CHOICES.items():
        await page.select_option(f'main [name="{name}"]', value)


async def test_no_list_and_nobodys_rights_are_a_draft(chromium: Chromium, served: Served) -> None:
    first, *_ = [(await opened(served.desk)).case_no for _ in range(3)]
    await add_person(served.window, person="王五", login="wangwu")
    async with at_the_desk(chromium, served, ["clerk", "head"], "李敏") as page:
        await page.check(f'input[name=case_no][value="{first}"]')
        await page.goto("/desk?sort=received")
        await expect(page.locator("input[name=case_no]:checked")).to_have_count(0)
        await page.goto("/people")
        await page.locator("#role-wangwu-finance").evaluate("(one) => { one.closest('details').open = true }")
        await page.check("#role-wangwu-finance")
        await page.goto("/people")
        await expect(page.locator("[name=roles][value=finance]:checked")).to_have_count(0)
        assert await drafts(page) == []
        await page.goto("/desk?due=week")
        await page.locator("#views > summary").click()
        await page.fill("#view-name", "本周")
        await page.locator("form[action='/desk/views'] button").click()
        await expect(page.locator("#view-name")).to_have_value("")
        assert AGAIN not in await page.inner_text("main")


async def test_a_case_that_was_registered_is_no_draft(chromium: Chromium, served: Served) -> None:
    async with at_the_desk(chromium, served, ["clerk"], "李敏") as page:
        await page.goto("/desk/register")
        await fill_in(page)
        await page.goto("/desk")
        await page.goto("/desk/register")
        await expect(page.locator("main form [role=status]")).to_have_text(AGAIN)
        await expect(page.locator("[name='creditor.size']")).to_have_value("small")
        await page.click("main form > p:last-child button")
        await expect(page.locator("#access-code")).to_be_visible()
        await page.goto("/desk/register")
        await expect(page.locator("[name=title]")).to_have_value("")
        assert await drafts(page) == []


async def test_a_batch_that_was_opened_is_no_draft_and_is_said_to_be_open(
    chromium: Chromium, served: Served
) -> None:
    async with at_the_desk(chromium, served, ["finance"], "钱") as page:
        await page.goto("/desk/batches")
        await give(page, "finance-open_batch", name="第一批", quota="100万元", allocates_on="2023-12-31")
        await done(page, "新建批次")
        await page.goto("/desk/batches")
        await expect(page.locator("[name=name]")).to_have_value("")
        assert await drafts(page) == []


@pytest.mark.parametrize("other", ["accept", "suspend"], ids=["carried out", "refused"])
async def test_what_comes_of_one_form_leaves_the_drafts_of_the_others(
    chromium: Chromium, served: Served, other: str
) -> None:
    case_no = (await opened(served.desk)).case_no
    async with at_the_desk(chromium, served, ["clerk"], "李敏") as page:
        await page.goto(f"/desk/cases/{case_no}")
        await shown(page, "clerk-remark")
        await page.fill("#clerk-remark [name=text]", "写了很久的备注")
        form = (await shown(page, f"clerk-{other}")).locator("form")
        await form.evaluate("(form) => { form.noValidate = true }")
        await give(page, f"clerk-{other}")
        await expect(page.locator("main .good, main #fault")).to_be_visible()
        await expect((await shown(page, "clerk-remark")).locator("[name=text]")).to_have_value(
            "写了很久的备注"
        )
        await give(page, "clerk-remark")
        await done(page, "备注")
        await page.goto(f"/desk/cases/{case_no}")
        await expect((await shown(page, "clerk-remark")).locator("[name=text]")).to_have_value("")
        assert await drafts(page) == []


async def test_all_of_a_form_that_was_refused_outlasts_the_session(
    chromium: Chromium, served: Served
) -> None:
    async with at_the_desk(chromium, served, ["clerk"], "李敏", login="limin") as page:
        await page.goto("/desk/register")
        await fill_in(page, {**TEXTS, "claimed": "三十万"})
        await page.click("main form > p:last-child button")
        await expect(page.locator("#fault")).to_be_visible()
        await page.fill("[name=claimed]", "30万元")
        await page.context.clear_cookies()
        await page.click("main form > p:last-child button")
        await expect(page.locator("main")).to_contain_text("表单已失效")
        await come_in(page, "limin")
        await page.goto("/desk/register")
        for name, value in {**TEXTS, **CHOICES}.items():
            await expect(page.locator(f'main [name="{name}"]')).to_have_value(value)


async def test_a_plan_for_which_more_rows_were_wanted_is_no_draft_once_it_is_sent(
    chromium: Chromium, served: Served
) -> None:
    async with at_the_desk(chromium, served, ["clerk"], "李敏") as page:
        case_no = (await opened(served.desk)).case_no
        await page.goto(f"/desk/cases/{case_no}")
        await page.locator("#clerk-request_correction > summary").click()
        await page.fill('#clerk-request_correction [name="items.0"]', "施工合同")
        await page.locator("#clerk-request_correction").get_by_role("button", name="再加几行").click()
        await expect(page.locator('#clerk-request_correction [name="items.0"]')).to_have_value("施工合同")
        await page.goto("/desk")
        await page.goto(f"/desk/cases/{case_no}")
        await expect(page.locator('#clerk-request_correction [name="items.0"]')).to_have_value("施工合同")
        await give(page, "clerk-request_correction")
        await done(page, "要求补正")
        assert await drafts(page) == []
