"""`make screenshots`: pictures of real pages for the README, from a window at work on a stack of its own.

The case is 青石沟 as `examples/qingshigou.toml` tells it, as far as the first payment; beside it some others, so that the desk has
something to show. Everybody and everything else is made up.
"""

import asyncio
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

from office.cases import Opened
from runtime.connect import connect_database
from runtime.embedded import throwaway
from runtime.logs import configure_logs
from runtime.working import worker_for
from schema.migrate import migrate
from tests.portal.chromium import MISSING, launched, opened_page, where
from tests.portal.visits import PASSWORD, Served, add_person, opened, serving
from tests.stack import CLERK, FINANCE, HEAD, Desk, Servers, batch_order, order, until_recognised

DOCS: Final = Path("docs")
SCREEN: Final = {"width": 1080, "height": 760}
TALL: Final = {"width": 1080, "height": 1450}
TODAY: Final = date(2023, 9, 28)

OTHERS: Final[list[tuple[str, str, list[Any]]]] = [
    ("某镇卫生院设备货款", "86.5万元", []),
    ("北滨河路养护工程款", "120万元", [order("accept", CLERK)]),
    ("安宁西路雨污分流工程款", "640万元", until_recognised("640万元")[:3]),
    ("某学校食堂改造工程款", "58万元", until_recognised("58万元")[:4]),
    ("社区服务中心装修款", "33.2万元", until_recognised("33.2万元")),
]


async def main() -> None:
    """Take the pictures."""
    if where() is None:
        raise SystemExit(MISSING)
    configure_logs("error")
    with tempfile.TemporaryDirectory(prefix="qingqian-pictures-") as folder:
        async with (
            throwaway(Path(folder)) as started,
            Servers.at(*started) as servers,
            connect_database(await servers.create_template(), pool=20) as engine,
        ):
            await migrate(engine)
            client = await servers.client(engine)
            async with worker_for(client):
                desk = Desk(client, engine)
                case = await happened(desk)
                async with serving(desk) as served:
                    await pictures(served, case)


async def happened(desk: Desk) -> Opened:
    """What has happened until today; returns the case that the pictures show."""
    case = await opened(
        desk,
        *until_recognised("4216万元")[:3],
        title="青石沟垃圾场生态修复治理项目工程款",
        project="青石沟垃圾场生态修复治理项目",
        claimed="4000万元",
        livelihood=True,
        creditor={"name": "八冶集团", "size": "large", "ownership": "state"},
    )
    await act(desk, case, date(2023, 5, 24), recognition("4216万元"), order("endorse", "creditor:赵"))
    await act(desk, case, date(2023, 6, 26), plan())
    await desk.move_to(date(2023, 8, 21))
    for title, claimed, given in OTHERS:
        await opened(desk, *given, title=title, project=title, claimed=claimed, received_on=desk.now.date())
    batch = await desk.open_batch("2500万元", days=10)
    await desk.move_to(date(2023, 9, 22))
    await desk.batches.act(batch, batch_order("approve", HEAD))
    arrived = batch_order("arrive", FINANCE, amount="2500万元", reference="安财预〔2023〕第一批")
    await desk.batches.act(batch, arrived)
    paid = order("report_payment", "debtor:王强", voucher="PZ-2023-0928", amount="2500万元", paid_on=TODAY)
    await act(desk, case, TODAY, paid)
    return case


def recognition(undisputed: str) -> Any:
    """What the debtor recognises."""
    return order(
        "recognise",
        "debtor:王强",
        settled="8436.77万元",
        paid="4220.77万元",
        undisputed=undisputed,
        as_of=date(2023, 5, 23),
    )


def plan() -> Any:
    """Two instalments, from bonds."""
    return order(
        "plan",
        "debtor:王强",
        sources=[{"kind": "bond", "amount": "4216万元"}],
        instalments=[
            {"due_on": TODAY, "amount": "2500万元"},
            {"due_on": date(2023, 10, 23), "amount": "1716万元"},
        ],
    )


async def act(desk: Desk, case: Opened, day: date, *given: Any) -> None:
    """Have commands carried out on a day."""
    await desk.move_to(day)
    for one in given:
        await desk.cases.act(case.case_no, one)


async def pictures(served: Served, case: Opened) -> None:
    """The enterprise's page, the list of the desk, the case on the desk."""
    async with launched() as browser:
        async with opened_page(browser, served.url, viewport=TALL) as page:
            await page.goto("/")
            await page.get_by_label("案号").fill(case.case_no)
            await page.get_by_label("查询码").fill(case.access_code)
            await page.get_by_role("button", name="查询").click()
            await page.wait_for_url("**/case")
            await take(page, "window-enterprise")
        login = await add_person(served.window, roles=("clerk", "head"), person="李敏", password=PASSWORD)
        async with opened_page(browser, served.url, viewport=SCREEN) as page:
            await page.goto("/sign-in")
            await page.get_by_label("登录名").fill(login)
            await page.get_by_label("密码").fill(PASSWORD)
            await page.get_by_role("button", name="登录").click()
            await page.wait_for_url("**/desk")
            await take(page, "window-desk")
            await page.goto(f"/desk/cases/{case.case_no}")
            await take(page, "window-case")


async def take(page: Page, name: str) -> None:
    """One screenful, without the focus on whatever was clicked."""
    await page.evaluate("document.activeElement.blur()")
    await page.screenshot(path=DOCS / f"{name}.png", animations="disabled")
    print(DOCS / f"{name}.png")  # noqa: T201 - it is said to whoever asked for the pictures


if __name__ == "__main__":
    asyncio.run(main())
