"""A sheet in which something is wrong comes back marked: each place in colour, the reason beside it, ready to be put right."""

import asyncio
import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.sheet.columns import letters
from domain.sheet.faults import Fault
from schema.tables import faulty_sheet
from schema.window import faulty_sheets
from tests.portal.sheets import ROW, XLSX, changed, file_of, part_of, repacked, rows, saved
from tests.portal.test_ledger_import import count_of, kept, office, today, upload
from tests.portal.visits import Browser, opened, sign_in
from tests.stack import eventually

__all__ = ["office"]

REASONS = letters(len(ROW))
_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


async def marked(browser: Browser, content: bytes, language: str = "zh") -> Worksheet:
    """Upload a wrong sheet and take its marked copy along."""
    return load_workbook(io.BytesIO(await marked_bytes(browser, content, language))).worksheets[0]


async def marked_bytes(browser: Browser, content: bytes, language: str = "zh") -> bytes:
    answer = await upload(browser, content)
    assert answer.status_code == 422
    address = answer.text.partition('class="button" href="')[2].partition('"')[0]
    found = await browser.get(f"{address}?lang={language}")
    assert (found.status_code, found.headers["content-type"]) == (200, XLSX)
    return found.content


def red(sheet: Worksheet) -> set[str]:
    return {
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fill_type == "solid" and str(cell.fill.fgColor.rgb) == "FFFFC7CE"
    }


@pytest.mark.long
async def test_equal_faults_are_one_line_and_the_copy_marks_each_of_their_cells(office: Browser) -> None:
    content = file_of(*rows(45, 债务人=None), ROW | {"登记日": "去年"})
    answer = await upload(office, content)
    assert "E2、E3、E4、E5、E6、E7、E8、E9 等，另有 37 处" in answer.text
    assert answer.text.count("债务人未填写") == 1
    assert "有 46 处错误" in answer.text
    sheet = await marked(office, content)
    assert red(sheet) == {*(f"E{row}" for row in range(2, 47)), "C47"}
    assert sheet[f"{REASONS}1"].value == "错误说明"
    assert sheet[f"{REASONS}2"].value == "E2 债务人未填写"
    assert sheet["K2"].value == "第1号工程"
    english = await marked(office, content, "en")
    assert english[f"{REASONS}2"].value == "E2 debtor is missing"


@pytest.mark.long
async def test_a_copy_that_is_put_right_is_imported_as_it_is_and_one_that_is_not_has_the_same_faults(
    office: Browser, engine: AsyncEngine
) -> None:
    wrong = rows(2, 登记日=today(office)) + rows(1, 登记日=today(office), 债务人=None, 项目名称="第3号工程")
    copy = await marked_bytes(office, file_of(*wrong))
    again = await upload(office, copy)
    assert '<th scope="row">E4</th>' in again.text
    assert "有 1 处错误" in again.text
    made = load_workbook(io.BytesIO(copy))
    made.worksheets[0]["E4"] = "安宁区环卫局"
    address = await kept(office, saved(made))
    assert "第3号工程" in (await office.get(address)).text
    assert await count_of(engine, faulty_sheet) == 0, "nothing is left of what was wrong"


@pytest.mark.long
async def test_no_formula_gets_into_the_copy_and_what_it_came_to_does(office: Browser) -> None:
    def spoil(made: Workbook) -> None:
        sheet: Any = made.worksheets[0]
        sheet["M2"].value, sheet["N2"].value, sheet["O2"].value = "=4200+16", "=1/0", "=1+1"
        sheet["O3"].value, sheet["O3"].data_type = "=cmd|' /C calc'!A0", "s"

    content = changed(spoil, ROW, ROW | {"项目名称": "另一项目"})
    computed = part_of(content, "xl/worksheets/sheet1.xml").replace(
        b"<f>4200+16</f><v></v>", b"<f>4200+16</f><v>4216</v>"
    )
    assert b"<v>4216</v>" in computed
    copy = await marked_bytes(office, repacked(content, {"xl/worksheets/sheet1.xml": computed}))
    assert b"<f>" not in part_of(copy, "xl/worksheets/sheet1.xml")
    sheet = load_workbook(io.BytesIO(copy)).worksheets[0]
    assert (sheet["M2"].value, sheet["N2"].value, sheet["O2"].value) == (4216, "#N/A", "#N/A")
    assert (sheet["O3"].value, sheet["O3"].data_type) == ("'=cmd|' /C calc'!A0", "s")
    assert red(sheet) == {"M2", "N2", "O2"}


@pytest.mark.long
async def test_what_hides_a_fault_is_in_the_copy_too(office: Browser) -> None:
    def spoil(made: Workbook) -> None:
        sheet = made.worksheets[0]
        sheet.insert_rows(1)
        sheet["A1"] = "二〇二三年台账"
        sheet.merge_cells("E3:E4")
        sheet.row_dimensions[5].hidden = True
        sheet["B6"].font = Font(strike=True)
        sheet["Q2"] = "接入单位"

    copy = await marked(office, changed(spoil, *rows(4)))
    assert [str(one) for one in copy.merged_cells.ranges] == ["E3:E4"]
    assert copy.row_dimensions[5].hidden
    assert copy["B6"].font.strike
    assert red(copy) == {"E3", "B6", "Q2"}
    assert "接入阶段" in str(copy["Q2"].comment.text if copy["Q2"].comment else "")
    assert (copy["A1"].value, copy["R2"].value) == ("二〇二三年台账", "错误说明")


@pytest.mark.long
@pytest.mark.parametrize(
    "spoilt",
    [{"P1": "备注二_x0001_", "P2": "审计未完"}, {"F1": "债务人单位类_x0002_型"}, {"P1": "备注_x0000_二"}],
)
async def test_a_header_that_cannot_be_written_is_marked_with_its_reason(
    office: Browser, spoilt: dict[str, str]
) -> None:
    def spoil(made: Workbook) -> None:
        for place, told in spoilt.items():
            made.worksheets[0][place] = told

    content = changed(spoil)
    copy = await marked(office, content)
    first = next(iter(spoilt))
    assert first in red(copy)
    note = copy[first].comment
    assert note is not None
    assert "有不可见的控制字符" in note.text
    assert "\ufffd" in str(copy[first].value)


@pytest.mark.long
@pytest.mark.parametrize("told", ["安宁区_x0007_环卫局", "安宁区_x0000_环卫局", "安宁区\ufffd环卫局"])
@pytest.mark.parametrize("column", ["E", "O", "P"])
async def test_what_no_sheet_holds_is_a_fault_in_the_copy_as_well(
    office: Browser, told: str, column: str
) -> None:
    def spoil(made: Workbook) -> None:
        made.worksheets[0]["P1"] = "说明"
        made.worksheets[0][f"{column}2"] = told

    copy = await marked_bytes(office, changed(spoil))
    assert red(load_workbook(io.BytesIO(copy)).worksheets[0]) == {f"{column}2"}
    again = await marked_bytes(office, copy)
    assert red(load_workbook(io.BytesIO(again)).worksheets[0]) == {f"{column}2"}


@pytest.mark.long
async def test_a_copy_marked_again_has_its_reasons_where_they_were_whatever_stands_beside_them(
    office: Browser,
) -> None:
    made = load_workbook(io.BytesIO(await marked_bytes(office, file_of(*rows(2, 债务人=None)))))
    sheet = made.worksheets[0]
    sheet["E2"] = "安宁区环卫局"
    sheet["Q1"], sheet["Q3"], sheet["S3"] = "说明", "审计未完", "多余"
    again = await marked(office, saved(made))
    assert red(again) == {"E3", "S3"}
    assert (again["P1"].value, again["P2"].value, again["Q3"].value) == ("错误说明", None, "审计未完")
    assert again["P3"].value == "S3 此列没有表头\nE3 债务人未填写"
    assert "错误说明" not in [cell.value for cell in again[1][16:]]


@pytest.mark.long
async def test_a_sheet_with_the_column_of_reasons_twice_is_marked_too(office: Browser) -> None:
    def spoil(made: Workbook) -> None:
        sheet = made.worksheets[0]
        sheet["P1"], sheet["Q1"], sheet["R1"] = "错误说明", "说明", "错误说明"
        sheet["E2"] = None

    copy = await marked(office, changed(spoil))
    assert red(copy) == {"E2", "R1"}
    assert copy["P2"].value == "E2 债务人未填写"


async def test_two_uploads_of_one_person_at_the_same_moment_keep_one(engine: AsyncEngine) -> None:
    head = {"login": "limin", "office": "620105", "digest": "a", "file_name": "a", "header_row": 1}
    other = head | {"digest": "b"}
    async with engine.connect() as first, engine.connect() as second:
        await faulty_sheets.keep(first, head, b"a", [])
        waiting = asyncio.create_task(faulty_sheets.keep(second, other, b"b", [Fault("E2", "一", "one")]))

        async def waits() -> bool:
            async with engine.connect() as third:
                return bool((await third.execute(_WAITING)).scalar_one())

        await eventually(waits)
        await first.commit()
        await waiting
        await second.commit()
    async with engine.connect() as connection:
        found = await faulty_sheets.find(connection, "limin", "b")
    assert found is not None
    assert (found.content, found.faults) == (b"b", [Fault("E2", "一", "one")])


@pytest.mark.long
async def test_only_whoever_uploaded_it_takes_it_along_and_only_for_a_day(
    office: Browser, engine: AsyncEngine
) -> None:
    answer = await upload(office, file_of(*rows(1, 债务人=None)))
    address = answer.text.partition('class="button" href="')[2].partition('"')[0]
    colleague = office.another()
    await sign_in(colleague, person="马")
    assert (await colleague.get(address)).status_code == 404
    assert (await office.another().get(address)).headers["location"].startswith("/sign-in")
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE faulty_sheet SET created_at = now() - interval '2 days'"))
    assert (await office.get(address)).status_code == 404
    await upload(colleague, file_of(*rows(1, 债务人=None)))
    async with engine.connect() as connection:
        kept_now = (await connection.execute(select(func.count()).select_from(faulty_sheet))).scalar_one()
    assert kept_now == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", saved(Workbook())], ids=["nothing", "pdf", "empty"])
async def test_of_a_file_that_cannot_be_read_there_is_no_copy(office: Browser, content: bytes) -> None:
    answer = await upload(office, content)
    assert answer.status_code == 422
    assert "marked.xlsx" not in answer.text


@pytest.mark.long
async def test_a_row_of_a_case_on_record_is_passed_over_and_an_export_brings_no_case_in_again(
    office: Browser, engine: AsyncEngine
) -> None:
    await opened(office.desk, received_on=today(office))
    export = (await office.get("/desk/export")).content
    answer = await upload(office, export)
    assert answer.status_code == 422
    assert "没有可以新登记的" in answer.text
    made = load_workbook(io.BytesIO(export))
    sheet = made.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    fresh = ROW | {"登记日": today(office), "项目名称": "另一项目"}
    sheet.append([fresh.get(str(header)) for header in headers])
    address = await kept(office, saved(made))
    page = (await office.get(address)).text
    assert "也不更新该案的任何内容" in page
    assert "登记这 1 件案件" in page
