"""The first day of an office, in a real browser: its 台账 of two hundred cases, many of them late for years, is put right, taken in at
the stages they had reached, laid on a desk and taken along again; nothing is red, no letter goes out.
"""

import io
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect

from domain.calendar import SHANGHAI
from domain.value import Light
from tests.portal.accessibility import faults
from tests.portal.chromium import width_beyond
from tests.portal.sheets import ROW, book, saved
from tests.portal.test_ledger_journey import choose
from tests.portal.test_staff_journeys import at_the_desk
from tests.portal.visits import Served

ROWS: Final = 200
SCREEN: Final = {"width": 1366, "height": 768}
OWED: Final = {"接入结算额(万元)": 900, "接入已付额(万元)": 500, "接入无分歧(万元)": 400}
BEGUN: Final[tuple[dict[str, Any], ...]] = (
    {"接入阶段": "转办"},
    {"接入阶段": "核实"},
    {"接入阶段": "资金筹措", **OWED},
    {"接入阶段": "纳入债券", **OWED, "接入已清偿(万元)": 150, "接入资金来源": "一般债券"},
    {"接入阶段": "分期支付", **OWED, "接入已清偿(万元)": 0, "接入资金来源": "预算安排"},
    {"接入阶段": "回访审核", **OWED, "接入已清偿(万元)": 400},
)
"""How far cases had come, one kind after the other."""

STAGES: Final = ("转办", "核实", "资金筹措", "纳入债券", "分期支付", "回访审核")


def ledger(today: date) -> Workbook:
    """What the office had kept until today: with two slips made throughout, and a column of its own."""
    kept = []
    for number, begun in zip(range(1, ROWS + 1), islice(cycle(BEGUN), ROWS), strict=True):
        row = ROW | begun | {"项目名称": f"第{number}号工程", "欠款金额(万元)": 400, "包片领导": "张副区长"}
        row |= {"登记日": today - timedelta(days=30 + 7 * number), "接入截止日": today - timedelta(days=1)}
        row |= {"接入来源": "安宁区清欠台账", "债权人": f"兰州第{number % 37 + 1}建筑公司"}
        if "接入资金来源" in row:
            row["接入付款日"] = today + timedelta(days=60 if number % 2 else -200)
        row["债权人规模"] = "小形" if number % 5 == 0 else "小型"
        kept.append(row)
    return book(*kept, headers=tuple(dict.fromkeys(name for row in kept for name in row)))


async def upload(page: Page, content: bytes) -> None:
    """Have a file looked at."""
    await page.goto("/desk/import")
    await choose(page, content)


async def downloaded(page: Page, folder: Path, **what: str) -> Workbook:
    """What a button or a link gives."""
    (role, name), *_ = what.items()
    async with page.expect_download() as coming:
        await page.get_by_role("link" if role == "link" else "button", name=name).first.click()
    await (await coming.value).save_as(folder / "taken.xlsx")
    return load_workbook(io.BytesIO((folder / "taken.xlsx").read_bytes()))


def put_right(marked: Workbook) -> bytes:
    """What a clerk does with the marked copy: every red cell says what it should."""
    sheet = marked.worksheets[0]
    column = next(cell.column for cell in sheet[1] if cell.value == "债权人规模")
    for cells in sheet.iter_rows(min_row=2, min_col=column, max_col=column):
        if cells[0].value == "小形":
            cells[0].value = "小型"
    return saved(marked)


async def test_an_office_takes_in_its_backlog_on_the_first_day(
    served: Served, chromium: Chromium, tmp_path: Path
) -> None:
    served.desk.now = datetime.now(SHANGHAI)
    today = served.desk.now.date()
    async with at_the_desk(chromium, served, ["clerk"], "李敏", viewport=SCREEN) as page:
        await upload(page, saved(ledger(today)))
        await expect(page.get_by_role("alert")).to_contain_text("没有导入任何内容")
        assert await page.locator("tbody tr").count() < 5, "equal faults are one line"
        assert await faults(page) == []
        marked = await downloaded(page, tmp_path, link="标注")
        await upload(page, put_right(marked))
        await expect(page.locator("main")).to_contain_text("包片领导")
        assert (await faults(page), await width_beyond(page)) == ([], 0)
        await page.get_by_label("仍要登记").check()
        await page.get_by_role("button", name=f"登记这 {ROWS} 件案件").click()
        await expect(page.locator("main")).to_contain_text(f"已登记 {ROWS} 件", timeout=120_000)
        codes = await downloaded(page, tmp_path, button="下载查询码")
        assert codes.worksheets[0].max_row == ROWS + 1
        await nothing_is_red(page)
        await laid_on_a_desk(page)
        await page.goto("/desk")
        ledger_again = await downloaded(page, tmp_path, link="下载台账")
        assert ledger_again.worksheets[0].max_row == ROWS + 1
        await upload(page, saved(ledger_again))
        await expect(page.locator("main")).to_contain_text("已登记")


async def nothing_is_red(page: Page) -> None:
    """No light burns, nothing has gone out, and each stage has its cases."""
    for light in (Light.YELLOW, Light.RED):
        await page.goto(f"/desk?light={light}")
        await expect(page.locator("main")).to_contain_text("没有符合条件的案件")
    await page.goto("/desk/notices")
    assert await page.locator("tbody tr").count() == 0
    await page.goto("/desk/overview")
    by_stage = page.get_by_role("img", name="按阶段")
    for number, stage in enumerate(STAGES):
        await expect(by_stage).to_contain_text(f"{stage}{len(range(number, ROWS, len(STAGES)))} 件")
    assert await faults(page) == []


async def laid_on_a_desk(page: Page) -> None:
    """A page of the list at once; then a case of it, which says what it brought along."""
    await page.goto("/desk?sort=received")
    boxes = page.locator("input[name=case_no]")
    for box in await boxes.all():
        await box.check()
    chosen = await boxes.count()
    await page.get_by_label("对选中的案件").select_option(label="分办：本人")
    await page.get_by_role("button", name="逐件办理").click()
    await expect(page.get_by_role("status")).to_contain_text(f"{chosen} 件已办理")
    await page.goto("/desk?assigned_to=李敏&stage=payment")
    await page.locator("tbody th a").first.click()
    await expect(page.locator("main")).to_contain_text("包片领导")
    assert await faults(page) == []
