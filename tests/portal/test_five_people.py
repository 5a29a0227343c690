"""Five people carry one case from the complaint to the end, in real browsers, each through their own door, with a paper at each step;
all at a desk, and all with a telephone. `PICTURES=DIR` keeps every page they see.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import FilePayload, Page, ViewportSize, expect

from domain.facts import Attached, Detached
from tests.portal.accessibility import faults
from tests.portal.chromium import opened_page, width_beyond
from tests.portal.test_debtor_journey import come_in, slip_on
from tests.portal.test_staff_journeys import CASE_NO, at_the_desk, done, enquire, give, register
from tests.portal.visits import Served

PAPERS: Final = (
    ("contract", "工程合同.pdf", "李敏"),
    ("statement", "对账单.pdf", "债务人"),
    ("photo", "现场照片.pdf", "债权人"),
    ("resolution", "预算批复.pdf", "钱"),
    ("bank_receipt", "银行回单.pdf", "债务人"),
)
"""What is put on file, and by whom the page says it was."""

LETTERS: Final = ("受理通知书", "转办函", "销号审批单")


class Looking:
    """What somebody sees is for everybody, and no wider than the screen."""

    def __init__(self, width: int) -> None:
        self._folder = os.environ.get("PICTURES")
        self._width, self._number = width, count(1)

    async def at(self, page: Page, what: str) -> None:
        """Look at a page as it stands."""
        assert (await faults(page), await width_beyond(page)) == ([], 0), what
        if self._folder:
            name = f"{self._width}-{next(self._number):02}-{what}.png"
            await page.screenshot(path=Path(self._folder) / name, full_page=True, animations="disabled")


class People:
    """Each with a browser of their own."""

    def __init__(self, clerk: Page, head: Page, finance: Page, creditor: Page, debtor: Page) -> None:
        self.clerk, self.head, self.finance = clerk, head, finance
        self.creditor, self.debtor = creditor, debtor


@asynccontextmanager
async def people(chromium: Chromium, served: Served, **settings: Any) -> AsyncIterator[People]:
    """Three of the office, signed in, and two who have no more than what they are given."""
    async with (
        at_the_desk(chromium, served, ["clerk"], "李敏", **settings) as clerk,
        at_the_desk(chromium, served, ["clerk", "head"], "孙", **settings) as head,
        at_the_desk(chromium, served, ["finance"], "钱", **settings) as finance,
        opened_page(chromium, served.url, **settings) as creditor,
        opened_page(chromium, served.url, **settings) as debtor,
    ):
        yield People(clerk, head, finance, creditor, debtor)


async def put_on_file(page: Page, what: str, name: str) -> None:
    """A paper, by the form at the foot of the page."""
    await page.get_by_label("材料类型").select_option(what)
    content = b"%PDF-1.7\n" + name.encode()
    file: FilePayload = {"name": name, "mimeType": "application/pdf", "buffer": content}
    await page.locator("#paper-file").set_input_files(file)
    await page.get_by_role("button", name="提交材料").click()
    await expect(page.get_by_role("link", name=name)).to_be_visible()


async def taken_back(page: Page, no: int) -> None:
    """A paper that was not meant for this case."""
    await page.locator(f"#take-back-{no} summary").click()
    await page.locator(f"#take-back-{no}-reason").fill("放错了案件")
    await page.get_by_role("button", name="撤下这份材料").click()
    await expect(page.get_by_role("status").filter(has_text="材料已撤下")).to_be_visible()
    await expect(page.locator("#evidence ~ *").filter(has_text="已撤下").first).to_be_visible()


async def to_the_case(page: Page) -> None:
    """The case as it is now, on the desk."""
    await page.goto(f"/desk/cases/{CASE_NO}")


@pytest.mark.parametrize(
    ("screen", "settings"),
    [
        ({"width": 1366, "height": 768}, {}),
        ({"width": 390, "height": 844}, {"has_touch": True, "is_mobile": True}),
    ],
    ids=["desk", "phone"],
)
async def test_five_people_carry_a_case_from_the_complaint_to_the_end(
    served: Served, chromium: Chromium, screen: ViewportSize, settings: dict[str, Any]
) -> None:
    looking = Looking(screen["width"])
    async with people(chromium, served, viewport=screen, **settings) as who:
        code = await received(who, looking)
        await stated(who, looking, code)
        await paid(who, looking)
        await ended(who, looking)
        await to_the_case(who.head)
        for letter in LETTERS:
            await expect(who.head.get_by_role("table", name="本案文书")).to_contain_text(letter)
    case = await served.desk.show(CASE_NO)
    assert (case["stage"], case["cleared_fen"], case["outstanding_fen"]) == ("closed", 4216 * 10**6, 0)
    journal = await served.desk.journal(CASE_NO)
    facts = [(event.fact, event.by) for event in journal]
    assert [fact.attachment for fact, _ in facts if isinstance(fact, Detached)] == [4]
    on_file = [(fact.what, by) for fact, by in facts if isinstance(fact, Attached) and fact.no != 4]
    assert [(what, by.person or by.role.value) for what, by in on_file] == [
        (what, {"债务人": "debtor", "债权人": "creditor"}.get(by, by)) for what, _, by in PAPERS
    ]
    assert all(event.entered_by is None for event in journal), "everybody spoke for themselves"


async def received(who: People, looking: Looking) -> str:
    """The clerk takes the complaint down, with the contract, accepts it and hands it to the debtor; returns the creditor's code."""
    await who.clerk.goto("/desk/register")
    await looking.at(who.clerk, "register")
    code = await register(who.clerk)
    await looking.at(who.clerk, "registered")
    await to_the_case(who.clerk)
    await put_on_file(who.clerk, *PAPERS[0][:2])
    await give(who.clerk, "clerk-accept")
    await done(who.clerk, "受理")
    await give(who.clerk, "clerk-forward", to="debtor")
    await done(who.clerk, "转办")
    await looking.at(who.clerk, "forwarded")
    return code


async def stated(who: People, looking: Looking, code: str) -> None:
    """The debtor states what it owes and the creditor agrees, each with a paper; the debtor plans."""
    # Not by the clerk: whoever registered the case has read the creditor's code.
    await come_in(who.debtor, *await slip_on(who.head, CASE_NO))
    await looking.at(who.head, "slip")
    await give(who.debtor, "debtor-acknowledge")
    await expect(who.debtor.get_by_role("status").last).to_contain_text("签收")
    await give(
        who.debtor, "debtor-recognise", settled="8436.77万元", paid="4220.77万元", undisputed="4216万元"
    )
    await expect(who.debtor.get_by_role("status").last).to_contain_text("认定欠款")
    await put_on_file(who.debtor, *PAPERS[1][:2])
    await looking.at(who.debtor, "stated")
    await enquire(who.creditor, code)
    await looking.at(who.creditor, "asked")
    await who.creditor.get_by_role("button", name="确认").first.click()
    await expect(who.creditor.locator("main")).to_contain_text("已确认欠款")
    await put_on_file(who.creditor, *PAPERS[2][:2])
    await put_on_file(who.creditor, "other", "别的项目.pdf")
    await taken_back(who.creditor, no=4)
    await who.debtor.goto("/debtor")
    rows = {"instalments__0__due_on": "2023-09-28", "instalments__0__amount": "4216万元"}
    await give(who.debtor, "debtor-plan", sources__0__kind="budget", sources__0__amount="4216万元", **rows)
    await expect(who.debtor.get_by_role("status").last).to_contain_text("清偿计划")
    await looking.at(who.debtor, "planned")


async def paid(who: People, looking: Looking) -> None:
    """Finance says where the money is; the debtor pays, with the bank's slip; the creditor has it."""
    await to_the_case(who.finance)
    await give(who.finance, "finance-fund", source="budget", amount="4216万元", reference="安财预〔2023〕1号")
    await done(who.finance, "资金到位")
    await put_on_file(who.finance, *PAPERS[3][:2])
    await looking.at(who.finance, "funded")
    await who.debtor.goto("/debtor")
    await give(who.debtor, "debtor-report_payment", voucher="PZ-1", amount="4216万元")
    await expect(who.debtor.get_by_role("status").last).to_contain_text("报送付款")
    await who.debtor.locator("#paper-for").select_option("PZ-1")
    await put_on_file(who.debtor, *PAPERS[4][:2])
    await looking.at(who.debtor, "paid")
    await who.creditor.goto("/case")
    await looking.at(who.creditor, "to-be-confirmed")
    await who.creditor.get_by_role("button", name="确认收到").click()
    await expect(who.creditor.locator("main")).to_contain_text("已确认收到")
    await who.creditor.get_by_role("radio", name="满意", exact=True).check()
    await who.creditor.get_by_role("button", name="提交评价").click()
    await expect(who.creditor.locator("main")).to_contain_text("评价已记录")
    await looking.at(who.creditor, "rated")


async def ended(who: People, looking: Looking) -> None:
    """The clerk calls back, and the head strikes the case off."""
    await to_the_case(who.clerk)
    await give(who.clerk, "clerk-call_back", satisfied="yes", note="企业满意")
    await done(who.clerk, "回访")
    await to_the_case(who.head)
    await looking.at(who.head, "to-be-closed")
    await give(who.head, "head-close", report="全额清偿，企业满意")
    await done(who.head, "销号")
    await expect(who.head.locator(".marks")).to_contain_text("销号")
    await looking.at(who.head, "closed")
    await who.creditor.goto("/case")
    await expect(who.creditor.locator("main")).to_contain_text("已结束：销号")
    await looking.at(who.creditor, "over")
