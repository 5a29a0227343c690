"""Numbers that do not mislead: what nobody knows yet is 待核实, never 0.00, a rate of nothing is none, and days are Beijing's."""

import io
import re
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
from openpyxl import load_workbook
from playwright.async_api import Browser as Chromium
from rich.console import Console
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from cli.screen import terminal
from domain.reports.periods import ReportKind
from tests.portal.accessibility import faults
from tests.portal.chromium import opened_page, width_beyond
from tests.portal.sheets import XLSX, file_of, rows
from tests.portal.visits import PASSWORD, Browser, Served, add_person, add_token, enquire, opened, sign_in
from tests.reports.office import compiled
from tests.stack import CITY, DISTRICT, until_closed, until_planned, until_recognised

EVENING: Final = datetime(2026, 3, 9, 20, 30, tzinfo=UTC)
"""Half past four in the morning of 10 March in Beijing."""

_OUTSTANDING: Final = re.compile(
    r'未清偿(?:</(?:dt|span|th)>\s*<(?:dd|span|td)[^>]*>|"[^>]*>)\s*(?:<span[^>]*>)?([^<]+)'
)


def outstanding(page: str) -> set[str]:
    """What a page says is outstanding."""
    found = {told.strip() for told in _OUTSTANDING.findall(page)} - {""}
    assert found, "it says so somewhere"
    return found


def printed(shown: Any) -> str:
    """What a terminal shows."""
    screen = io.StringIO()
    Console(width=200, file=screen).print(shown)
    return screen.getvalue()


async def everywhere(portal: Browser, case_no: str, code: str | None, whose: str) -> list[set[str]]:
    """What the desk's pages and the enterprise's say is outstanding."""
    pages = [
        (await portal.get(address)).text
        for address in ("/desk", f"/desk/cases/{case_no}", f"/desk/work?whose={whose}")
    ]
    enterprise = portal.another()
    await enquire(enterprise, case_no, code or "")
    return [outstanding(page) for page in [*pages, (await enterprise.get("/case")).text]]


@pytest.mark.long
async def test_what_nobody_has_stated_yet_is_to_be_verified_on_every_page(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised()[:1], claimed=None)
    await sign_in(portal)
    assert await everywhere(portal, case.case_no, case.access_code, "own") == [{"待核实"}] * 4
    token = await add_token(portal.window)
    shown = (await portal.get(f"/api/v1/cases/{case.case_no}", headers=token)).json()
    assert (shown["claimed_fen"], shown["verified"]) == (None, False)
    for told in (printed(terminal.case_list([shown])), printed(terminal.account(shown))):
        assert "待核实" in told
    for given in until_recognised()[1:]:
        await portal.desk.cases.act(case.case_no, given)
    assert await everywhere(portal, case.case_no, case.access_code, "parties") == [
        *[{"300.00万元"}] * 3,
        {"300.00万元", "3,000,000.00元"},
    ]
    shown = (await portal.get(f"/api/v1/cases/{case.case_no}", headers=token)).json()
    assert (shown["outstanding_fen"], shown["verified"]) == (3 * 10**8, True)
    for told in (printed(terminal.case_list([shown])), printed(terminal.account(shown))):
        assert "300.00万元" in told


@pytest.mark.long
async def test_an_overview_of_cases_that_nobody_has_verified_says_so(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised()[:1])
    await sign_in(portal)
    page = (await portal.get("/desk/overview")).text
    for name in ("认定欠款", "未清偿"):
        assert re.search(
            rf'<div>{name}</div>\s*<div class="figure"><span class="amount">待核实</span>', page
        ), name
    assert "金额待核实 1" in page
    assert ">待核实</text>" in page[page.index('id="by-age"') :], "the chart says so too"
    for given in until_recognised()[1:]:
        await portal.desk.cases.act(case.case_no, given)
    page = (await portal.get("/desk/overview")).text
    assert "300.00万元" in page
    assert ">待核实</text>" not in page[page.index('id="by-age"') :]


@pytest.mark.long
async def test_a_report_has_ages_debtors_and_what_had_to_be_paid(portal: Browser) -> None:
    contract = {"signed_on": date(2021, 5, 1), "accepted_on": date(2022, 1, 1), "agreed_term_days": 30}
    await opened(portal.desk, *until_planned("300万元"), contract=contract)
    await opened(portal.desk, *until_closed("100万元"))
    await opened(portal.desk, *until_recognised()[:1], debtor={"name": "安宁区教育局", "kind": "organ"})
    await compiled(portal.desk.client, ReportKind.MONTH)
    await sign_in(portal, CITY)
    number = "RB-620100-2023-M04"
    page = (await portal.get(f"/desk/reports/{number}")).text
    for told in (
        "一至三年:在办 1 件,未清偿 300.00万元",
        "不详:在办 1 件,未清偿 待核实 1 件",
        "七、债务单位(共 2 个)",
        "安宁区教育局:1 件,认定 待核实 1 件,已清偿 0.00元,未清偿 待核实 1 件,清偿率 –",
        "  应还尽还率:100.00%(100.00万元 ÷ 100.00万元)",
        "  清偿率:25.00%(100.00万元 ÷ 400.00万元)",
    ):
        assert told in page, told
    answer = await portal.get(f"/desk/reports/{number}/sheet")
    assert answer.headers["content-type"] == XLSX
    book = load_workbook(io.BytesIO(answer.content))
    rates = {row[0]: row[1:] for row in book["比率"].iter_rows(values_only=True)}
    assert rates["应还尽还率"] == (100, 100, "万元", 1)
    assert rates["清偿率"] == (100, 400, "万元", 0.25)
    assert [row for row in rates.values() if row[1] == 0] == [(0, 0, "项", None)] * sum(
        row[1] == 0 for row in rates.values()
    )
    ages = {row[0]: row[1:] for row in book["账龄"].iter_rows(values_only=True)}
    assert (ages["一至三年"], ages["不详"]) == ((1, 0, 300), (1, 1, "待核实"))
    units = {row[0]: row[2:] for row in book["债务单位"].iter_rows(values_only=True)}
    assert units["安宁区教育局"] == (1, 1, "待核实", 0, "待核实", None)
    assert {len(row) for row in units.values()} == {6}
    assert (await portal.another().get(f"/desk/reports/{number}/sheet")).status_code == 303


async def test_the_sheet_of_a_day_s_list_has_its_duties(portal: Browser) -> None:
    case = await opened(portal.desk)
    await compiled(portal.desk.client, ReportKind.DAY, date(2023, 5, 15))
    await sign_in(portal, DISTRICT)
    answer = await portal.get("/desk/reports/RB-620105-2023-05-15/sheet")
    rows = list(load_workbook(io.BytesIO(answer.content))["到期与逾期"].iter_rows(values_only=True))
    assert rows[0][:2] == ("灯", "案号")
    due_on = rows[1][5]
    assert isinstance(due_on, datetime)
    assert (rows[1][1], due_on.date(), rows[1][6]) == (case.case_no, date(2023, 5, 12), 3)


async def test_the_day_of_an_instant_is_beijings_on_every_page(portal: Browser, engine: AsyncEngine) -> None:
    await sign_in(portal, DISTRICT, ["clerk", "head"])
    content = file_of(*rows(1, 登记日=portal.desk.now.date()))
    await portal.post(
        "/desk/import", data={"csrf": portal.csrf}, files={"file": ("台账.xlsx", content, XLSX)}
    )
    await add_token(portal.window)
    async with engine.begin() as connection:
        for change in (
            "UPDATE import SET created_at = :at",
            "UPDATE api_token SET created_at = :at, revoked_at = :at",
        ):
            await connection.execute(text(change), {"at": EVENING})
    for address in ("/desk/import", "/people"):
        page = (await portal.get(address)).text
        assert "2026-03-10" in page, address
        assert "2026-03-09" not in page, address


@pytest.mark.parametrize("cases", [0, 1])
async def test_charts_keep_their_size_with_one_month_one_bar_one_office_or_none(
    chromium: Chromium, served: Served, cases: int
) -> None:
    for _ in range(cases):
        await opened(served.desk, *until_planned())
    login = await add_person(served.window, DISTRICT, ["head"], person="高", password=PASSWORD)
    for width in (390, 1366):
        async with opened_page(chromium, served.url, viewport={"width": width, "height": 900}) as page:
            await page.goto("/sign-in")
            await page.fill("#login", login)
            await page.fill("#password", PASSWORD)
            await page.click("main button")
            await page.goto("/desk/overview")
            assert await page.locator("svg.chart").count() == 5 + 2 * cases
            for chart in await page.locator("svg.chart").all():
                box = await chart.bounding_box()
                assert box is not None
                assert 570 <= box["width"] <= 690
                assert box["height"] <= 30 * 15
            for bar in await page.locator("svg.chart rect").all():
                drawn = await bar.bounding_box()
                assert drawn is None or drawn["height"] <= 20 or drawn["width"] <= 48
            assert await page.locator("p.calm", has_text="还没有可以统计的案件").count() == 2 * (1 - cases)
            assert await width_beyond(page) == 0
            assert await faults(page) == []
