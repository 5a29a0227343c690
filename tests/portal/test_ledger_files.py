"""A file is looked over before anything reads it: what is no harmless sheet is refused, and told by cell where there is one."""

import hashlib
import io
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from domain.sheet.cells import Importer
from domain.sheet.columns import AT_RECEIPT, TAKEN_IN
from domain.sheet.faults import Fault
from domain.sheet.rows import Sheet
from office.packs import load_pack
from office.sheets.reading import MOST_BYTES, check_ledger
from office.sheets.writing import blank_ledger
from tests.portal.sheets import ROW, book, changed, file_of, part_of, read_back, repacked, rows, saved

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
IMPORTER = Importer("620105", load_pack("gansu").offices, date(2023, 4, 28))


async def read(content: bytes) -> Sheet:
    return (await check_ledger(io.BytesIO(content), IMPORTER)).sheet


async def faults(content: bytes) -> list[Fault]:
    return (await read(content)).faults


async def told(content: bytes) -> str:
    (fault,) = await faults(content)
    return str(fault)


async def test_a_sheet_of_a_spreadsheet_program_is_read() -> None:
    sheet = await read(file_of(*rows(3)))
    assert sheet.faults == []
    assert [row.receipt.project for row in sheet.rows] == ["第1号工程", "第2号工程", "第3号工程"]
    assert sheet.rows[0].contacts.creditor == "王经理 13900000000"


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "neither .xlsx nor .csv"),
        ("债务人\n债权人\n".encode("gb18030"), "neither .xlsx nor .csv"),
        (b"a,b" + b"," * 2_000_001, "more memory"),
        ('债务人,"债权人\n'.encode(), "quotes do not match"),
        (f"债务人,{'长' * 200_000}".encode(), "too long"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old .xls"),
        (b"%PDF-1.7", "a PDF"),
        (b"PK\x03\x04" + bytes(100), "neither .xlsx nor .csv"),
        (
            repacked(file_of(ROW), {"xl/workbook.xml": None, "word/document.xml": b"<x/>"}),
            "neither .xlsx nor .csv",
        ),
        (repacked(file_of(ROW), {"xl/vbaProject.bin": b"macro"}), "brings macros"),
        (repacked(file_of(ROW), {"xl/macrosheets/sheet1.xml": b"<x/>"}), "brings macros"),
        (bytes(MOST_BYTES + 1), "larger than 20 MB"),
        ("债务人,债权人\n".encode("utf-16-le"), "neither .xlsx nor .csv"),
        (
            repacked(file_of(ROW), {"xl/workbook.xml": None, "xl/workbook.bin": b"xlsb"}),
            "neither .xlsx nor .csv",
        ),
        (repacked(file_of(ROW), {"xl/workbook.xml": None, "a.xlsx": file_of(ROW)}), "neither .xlsx nor .csv"),
        (file_of(ROW)[:-200], "neither .xlsx nor .csv"),
        (repacked(file_of(ROW), {SHEET: b"<worksheet"}), "the file is broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_no_harmless_sheet_is_refused(content: bytes, reason: str) -> None:
    assert (await told(content)).startswith("文件: ")
    assert reason in await told(content)


async def test_a_macro_laden_book_that_was_renamed_is_refused() -> None:
    content = file_of(ROW)
    types = part_of(content, "[Content_Types].xml").replace(b"sheet.main", b"sheet.macroEnabled.main")
    assert "macros" in await told(repacked(content, {"[Content_Types].xml": types}))


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
FETCHES = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("part", "declared", "encoding"),
    [
        (SHEET, LAUGHS, "utf-8"),
        (SHEET, FETCHES, "utf-16"),
        (BOOK, FETCHES, "utf-8"),
        (BOOK, LAUGHS, "utf-16"),
        ("xl/styles.xml", LAUGHS, "utf-8"),
        ("[Content_Types].xml", FETCHES, "utf-8"),
    ],
)
async def test_entities_are_refused_in_whatever_part_and_encoding(
    part: str, declared: bytes, encoding: str
) -> None:
    content = file_of(ROW)
    text = (
        declared + part_of(content, part).removeprefix(b"<?xml version='1.0' encoding='UTF-8'?>")
    ).decode()
    assert "it defines entities" in await told(repacked(content, {part: text.encode(encoding)}))


@pytest.mark.long
async def test_a_sheet_is_found_whatever_its_part_is_called_and_however_it_is_encoded() -> None:
    content = file_of(ROW)
    there = b"worksheets/sheet1.xml"
    named = {
        part: part_of(content, part).replace(there, b"odd.dat")
        for part in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels")
    }
    moved = repacked(content, {**named, SHEET: None, "xl/odd.dat": LAUGHS + part_of(content, SHEET)})
    assert "it defines entities" in await told(moved)
    wide = part_of(content, SHEET).decode().encode("utf-16")
    assert len((await read(repacked(content, {SHEET: wide}))).rows) == 1


async def test_merged_cells_are_told_by_their_range_but_those_of_a_title_are_none_of_our_business() -> None:
    def merge(made: Workbook) -> None:
        made.worksheets[0].merge_cells("E2:E3")

    assert (await faults(changed(merge, *rows(2))))[0].cell == "E2:E3"

    def title(made: Workbook) -> None:
        sheet = made.worksheets[0]
        sheet.insert_rows(1)
        sheet["A1"] = "二〇二三年拖欠账款台账"
        sheet.merge_cells("A1:O1")

    assert await faults(changed(title, ROW)) == []


@pytest.mark.parametrize("formula", ["=1+1", "=SUM(M2:M9)", '=HYPERLINK("http://x","y")'])
async def test_formulas_are_refused_with_their_cells(formula: str) -> None:
    (fault,) = await faults(file_of(ROW | {"备注": formula}))
    assert fault.cell == "O2"
    assert "formula" in fault.detail


async def test_a_text_that_looks_like_a_formula_is_a_text() -> None:
    def as_text(made: Workbook) -> None:
        cell: Any = made.worksheets[0]["O2"]
        cell.value, cell.data_type = "=1+1", "s"

    content = changed(as_text)
    assert await faults(content) == []
    assert (await read(content)).rows[0].receipt.note == "=1+1"


async def test_what_excel_left_behind_as_an_error_or_wrote_by_number_is_told() -> None:
    def spoil(made: Workbook) -> None:
        sheet: Any = made.worksheets[0]
        sheet["O2"].value, sheet["O2"].data_type = "#REF!", "e"
        sheet["K2"].value = "青石沟_x0000_工程"

    assert [(fault.cell, fault.detail) for fault in await faults(changed(spoil))] == [
        ("K2", "holds a control character"),
        ("O2", "holds an error value"),
    ]


@pytest.mark.long
async def test_cells_out_of_all_bounds_are_refused_without_being_walked_to() -> None:
    content = file_of(ROW)
    sheet = part_of(content, SHEET)
    far = sheet.replace(b"</sheetData>", b'<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>')
    assert [fault.cell for fault in await faults(repacked(content, {SHEET: far}))] == ["XFD9"]
    for number in (500_000, 99_999_999):
        row = b'<row r="%d"><c r="C%d"><v>1</v></c></row><row r="%d"/>' % (number, number, number + 1)
        deep = repacked(content, {SHEET: sheet.replace(b"</sheetData>", row + b"</sheetData>")})
        (fault,) = await faults(deep)
        assert (fault.cell, fault.detail) == (f"C{number}", "too far down: delete it")
    below = b'</sheetData><mergeCells><mergeCell ref="A900000:B900001"/></mergeCells>'
    assert await faults(repacked(content, {SHEET: sheet.replace(b"</sheetData>", below)})) == []


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="2"><c r="A2"><v>1</v></c></row>',
        b'<row r="-3"><c r="A3"><v>1</v></c></row>',
        b'<row r="9"><c r="A8"><v>1</v></c></row>',
        b'<row r="9"><c r="A9"><v>1</v></c><c r="A9"><v>2</v></c></row>',
        b'<row r="9"><c r="A9" s="999"><v>1</v></c></row>',
        b'<row r="9"><c r="A9" t="s"><v>7</v></c></row>',
        b'<row r="9"><c r="A9"><v>' + b"9" * 5000 + b"</v></c></row>",
    ],
)
async def test_cells_that_contradict_each_other_make_a_broken_file(row: bytes) -> None:
    content = file_of(ROW)
    sheet = part_of(content, SHEET).replace(b"</sheetData>", row + b"</sheetData>")
    assert "the file is broken" in await told(repacked(content, {SHEET: sheet}))


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"9" * 400, b"1e-300"])
async def test_a_number_beyond_all_numbers_is_told_with_its_cell(number: bytes) -> None:
    content = file_of(ROW)
    sheet = part_of(content, SHEET).replace(b"<v>4216</v>", b"<v>" + number + b"</v>")
    assert [fault.cell for fault in await faults(repacked(content, {SHEET: sheet}))] == ["M2"]


async def test_of_several_sheets_the_one_that_is_named_so_is_read() -> None:
    def another(made: Workbook) -> None:
        made.create_sheet("说明", 0)["A1"] = "不读"

    assert await faults(changed(another)) == []

    def unnamed(made: Workbook) -> None:
        another(made)
        made.worksheets[1].title = "Sheet1"

    assert "several sheets" in await told(changed(unnamed))


@pytest.mark.long
async def test_a_hidden_sheet_is_never_read_and_that_is_said() -> None:
    def hide(made: Workbook) -> None:
        made.create_sheet("说明")["A1"] = "不读"
        made.worksheets[0].sheet_state = "veryHidden"

    assert "没有表头" in await told(changed(hide))
    assert [str(one) for one in (await read(changed(hide))).warnings] == [
        "文件: 隐藏的工作表“台账”未读入 the hidden sheet '台账' was not read"
    ]

    content = file_of(ROW)
    book = part_of(content, BOOK).replace(b'state="visible"', b'state="hidden"')
    assert "every sheet is hidden" in await told(repacked(content, {BOOK: book}))


async def test_the_blank_ledger_has_the_columns_that_are_read_and_can_be_filled_in_at_once() -> None:
    out = io.BytesIO()
    blank_ledger(out)
    headers, found = read_back(out.getvalue())
    assert headers == [column.header for column in (*AT_RECEIPT, *TAKEN_IN)]
    assert found == []
    assert [fault.message for fault in await faults(out.getvalue())] == ["没有数据行"]


async def test_a_file_is_known_by_its_content() -> None:
    content = saved(book(ROW))
    for _ in range(2):
        checked = await check_ledger(io.BytesIO(content), IMPORTER)
        assert checked.digest == hashlib.sha256(content).hexdigest()
