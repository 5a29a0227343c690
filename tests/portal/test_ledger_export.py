"""The 台账 goes out: what the desk lists, exactly, with nothing in it that a spreadsheet would run; and comes in again."""

import io
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.calendar import business_instant
from domain.receipt import Receipt
from domain.sheet.cells import Importer
from domain.sheet.columns import COLUMNS, STATE
from office.packs import load_pack
from office.sheets import exporting
from office.sheets.reading import check_ledger
from schema.seen.desk import listed
from schema.tables import case_file
from tests.portal.sheets import XLSX, read_back
from tests.portal.visits import Browser, opened, sign_in
from tests.stack import CLERK, FINANCE, RECEIVED_ON, order, paid, until_planned

DANGEROUS = ["=cmd|'/c calc'!A1", "+1+1", "-2", "@SUM(A1)", "＝1", "\t=1", "'=1", "#REF!", "_x0041_"]


async def exported(browser: Browser, query: str = "") -> bytes:
    answer = await browser.get(f"/desk/export{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == XLSX
    assert ".xlsx" in answer.headers["content-disposition"]
    return answer.content


async def test_an_export_has_the_columns_of_the_ledger_and_how_each_case_stands(portal: Browser) -> None:
    await opened(portal.desk, contact="王经理 13900000000")
    funded = order("fund", FINANCE, source="budget", amount="300万元", reference="安财预1号")
    await opened(portal.desk, *until_planned(source="budget"), funded, *paid("123.456789万元", "PZ-1"))
    await sign_in(portal)
    content = await exported(portal, "?sort=received")
    headers, found = read_back(content)
    assert headers == [column.header for column in COLUMNS]
    told = [[row[column.header].value for column in STATE] for row in found]
    assert told == [
        [
            "QQ-620105-2023-0002",
            "分期支付",
            "转办",
            "正常",
            "安宁区清欠办",
            *(None, "不详"),
            *(300, 0, 0, None, 0),
            123.456789,
            176.543211,
            told[0][-1],
        ],
        [
            "QQ-620105-2023-0001",
            "受理",
            "转办",
            "正常",
            "安宁区清欠办",
            *(None, "不详"),
            *("待核实", "待核实", "待核实", None, "待核实", 0, "待核实"),
            told[1][-1],
        ],
    ]
    assert told[1][-1].date() == date(2023, 5, 12)
    assert [row["欠款金额(万元)"].value for row in found] == [400, 400]
    assert [row["欠款金额(万元)"].data_type for row in found] == ["n", "n"]
    assert [row["登记日"].value.date() for row in found] == [RECEIVED_ON, RECEIVED_ON]
    assert b"13900000000" not in content
    assert [row["联系人和电话"].value for row in found] == [None, None]


async def test_the_filters_of_the_desk_are_those_of_the_export(portal: Browser) -> None:
    await opened(portal.desk)
    await opened(portal.desk, order("accept", "clerk:李敏@620105"), title="另一件")
    await sign_in(portal)
    for query, expected in (
        ("?stage=transfer", 1),
        ("?q=另一件", 1),
        ("?stage=review", 0),
        ("?light=none&office=620105", 2),
    ):
        _, found = read_back(await exported(portal, query))
        assert len(found) == expected, query


async def test_nobody_exports_what_is_not_theirs(portal: Browser) -> None:
    await opened(portal.desk)
    await sign_in(portal, office="620102")
    assert read_back(await exported(portal))[1] == []
    nobody = portal.another()
    assert (await nobody.get("/desk/export")).status_code == 303


@pytest.mark.parametrize("text", DANGEROUS)
async def test_no_spreadsheet_runs_what_goes_out(portal: Browser, text: str) -> None:
    await opened(portal.desk, title=f"x{text}", project=text.strip(), note=text)
    await sign_in(portal)
    (row,) = read_back(await exported(portal))[1]
    for header in ("项目名称", "备注"):
        cell: Any = row[header]
        assert cell.data_type == "s"
        assert cell.value[0] not in "=+-@\t\r\n＝"
        assert cell.quotePrefix is False


@pytest.mark.long
async def test_what_goes_out_comes_in(portal: Browser, engine: AsyncEngine) -> None:
    """Into an empty record, though here it is only checked: the receipts are the same to the fen and the letter."""
    for number, text in enumerate(DANGEROUS):
        await opened(portal.desk, project=text.strip(), note=text.strip(), claimed=f"{number}1.000001万元")
    await opened(
        portal.desk,
        *until_planned(),
        claimed="1亿元",
        migrant_wages=True,
        contract={
            "signed_on": date(2020, 2, 29),
            "delivered_on": date(2021, 3, 1),
            "accepted_on": date(2021, 4, 1),
            "settled_on": date(2021, 5, 1),
            "agreed_term_days": 45,
        },
    )
    await opened(portal.desk, claimed="10000000000万元")
    await sign_in(portal)
    content = await exported(portal)
    importer = Importer("620105", load_pack("gansu").offices, portal.desk.now.date())
    sheet = (await check_ledger(io.BytesIO(content), importer)).sheet
    assert sheet.faults == []
    async with engine.connect() as connection:
        states = (await connection.execute(select(case_file.c.state))).scalars().all()
    known = {Receipt.model_validate(state["receipt"]) for state in states}
    assert {row.receipt for row in sheet.rows} == known
    assert len(known) == len(DANGEROUS) + 2


async def test_an_export_says_since_when_a_debt_is_owed_and_how_old_that_is(portal: Browser) -> None:
    contract = {"signed_on": date(2021, 2, 28), "accepted_on": date(2022, 3, 1), "agreed_term_days": 30}
    await opened(portal.desk, contract=contract)
    await sign_in(portal)
    _, (row,) = read_back(await exported(portal))
    assert (row["拖欠起始日"].value.date(), row["账龄"].value) == (date(2022, 4, 1), "一至三年")


@pytest.mark.long
async def test_lights_and_days_are_those_of_the_business_date(portal: Browser) -> None:
    await opened(portal.desk)
    await sign_in(portal)
    portal.desk.now = business_instant(date(2023, 6, 30), 9)
    (row,) = read_back(await exported(portal))[1]
    assert row["灯"].value == "红"


async def test_an_export_of_too_many_cases_is_refused(
    portal: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_CASES", 1)
    await opened(portal.desk)
    await opened(portal.desk)
    await sign_in(portal)
    answer = await portal.get("/desk/export")
    assert answer.status_code == 422
    assert "请先筛选" in answer.text


@pytest.mark.long
async def test_long_exports_come_page_by_page(portal: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "_PAGE", 2)
    for number in range(5):
        await opened(portal.desk, title=f"第{number}件")
    await sign_in(portal)
    rows = read_back(await exported(portal))[1]
    assert [row["序号"].value for row in rows] == ["1", "2", "3", "4", "5"]
    assert len({row["案号"].value for row in rows}) == 5


@pytest.mark.long
async def test_a_case_that_moves_in_the_list_meanwhile_is_exported_once(
    portal: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_PAGE", 2)
    *others, first = [(await opened(portal.desk)).case_no for _ in range(5)]
    pages = 0

    async def listed_while_somebody_works(*asked: Any, **place: Any) -> Any:
        nonlocal pages
        page = await listed(*asked, **place)
        pages += 1
        if pages == 1:
            await portal.desk.cases.act(first, order("accept", CLERK))
        return page

    monkeypatch.setattr(exporting, "listed", listed_while_somebody_works)
    await sign_in(portal)
    rows = read_back(await exported(portal))[1]
    assert pages == 3
    assert [row["案号"].value for row in rows] == [first, *reversed(others)]
