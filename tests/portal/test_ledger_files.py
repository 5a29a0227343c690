"""A file is looked over before anything reads it: what is no harmless sheet is refused, and told by cell where there is one."""

import hashlib
import io
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from domain.ledger_cells import Importer
from domain.ledger_columns import AT_RECEIPT
from domain.ledger_rows import Fault
from runtime.ledger_reading import MOST_BYTES, check_ledger
from runtime.ledger_writing import blank_ledger
from runtime.packs import load_pack
from tests.portal.sheets import ROW, book, changed, file_of, part_of, read_back, repacked, rows, saved

SHEET = "xl/worksheets/sheet1.xml"
IMPORTER = Importer("620105", load_pack("gansu").offices, date(2023, 4, 28))


def faults(content: bytes) -> list[Fault]:
    return check_ledger(io.BytesIO(content), IMPORTER).sheet.faults


def told(content: bytes) -> str:
    (fault,) = faults(content)
    return str(fault)


def test_a_sheet_of_a_spreadsheet_program_is_read() -> None:
    checked = check_ledger(io.BytesIO(file_of(*rows(3))), IMPORTER)
    assert checked.sheet.faults == []
    assert [row.receipt.project for row in checked.sheet.rows] == ["第1号工程", "第2号工程", "第3号工程"]
    assert checked.sheet.rows[0].contact == "王经理 13900000000"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no .xlsx file"),
        ("债务人,债权人\n".encode("gb18030"), "no .xlsx file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old .xls"),
        (b"%PDF-1.7", "a PDF"),
        (b"PK\x03\x04" + bytes(100), "no .xlsx file"),
        (repacked(file_of(ROW), {"xl/workbook.xml": None, "word/document.xml": b"<x/>"}), "no .xlsx file"),
        (repacked(file_of(ROW), {"xl/vbaProject.bin": b"macro"}), "brings macros"),
        (repacked(file_of(ROW), {"xl/macrosheets/sheet1.xml": b"<x/>"}), "brings macros"),
        (bytes(MOST_BYTES + 1), "larger than 20 MB"),
        (repacked(file_of(ROW), {f"xl/media/{no}.png": b"" for no in range(1001)}), "far too much"),
        (repacked(file_of(ROW), {"xl/bomb.xml": bytes(30 * 2**20)}), "far too much"),
        (file_of(ROW)[:-200], "no .xlsx file"),
        (repacked(file_of(ROW), {SHEET: b"<worksheet"}), "the file is broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_harmless_sheet_is_refused(content: bytes, reason: str) -> None:
    assert told(content).startswith("文件: ")
    assert reason in told(content)


def test_a_macro_laden_book_that_was_renamed_is_refused() -> None:
    content = file_of(ROW)
    types = part_of(content, "[Content_Types].xml").replace(b"sheet.main", b"sheet.macroEnabled.main")
    assert "macros" in told(repacked(content, {"[Content_Types].xml": types}))


def test_a_bomb_is_refused_by_what_it_says_of_itself_and_lies_do_not_help() -> None:
    """What unpacks to more than the archive says is cut off there, and its checksum is then wrong."""
    honest = repacked(file_of(ROW), {"xl/bomb.xml": bytes(5 * 2**20)})
    assert "far too much" in told(honest)
    size = (5 * 2**20).to_bytes(4, "little")
    assert honest.count(size) == 2
    assert "no .xlsx file" in told(honest.replace(size, (1000).to_bytes(4, "little")))


def test_a_document_type_is_refused_before_anything_parses_it() -> None:
    content = file_of(ROW)
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>' + part_of(content, SHEET)
    assert "document type" in told(repacked(content, {SHEET: laughs}))
    elsewhere = repacked(content, {"xl/worksheets/sheet1.dat": laughs, SHEET: None})
    assert "document type" in told(elsewhere), "whatever the part is called"
    wide = b"\xff\xfe" + part_of(content, SHEET).decode().encode("utf-16-le")
    assert "document type" in told(repacked(content, {SHEET: wide}))


def test_merged_cells_are_told_by_their_range_but_those_of_a_title_are_none_of_our_business() -> None:
    def merge(made: Workbook) -> None:
        made.worksheets[0].merge_cells("E2:E3")

    assert faults(changed(merge, *rows(2)))[0].cell == "E2:E3"

    def title(made: Workbook) -> None:
        sheet = made.worksheets[0]
        sheet.insert_rows(1)
        sheet["A1"] = "二〇二三年拖欠账款台账"
        sheet.merge_cells("A1:O1")

    assert faults(changed(title, ROW)) == []


@pytest.mark.parametrize("formula", ["=1+1", "=SUM(M2:M9)", '=HYPERLINK("http://x","y")'])
def test_formulas_are_refused_with_their_cells(formula: str) -> None:
    (fault,) = faults(file_of(ROW | {"备注": formula}))
    assert fault.cell == "O2"
    assert "formula" in fault.detail


def test_a_text_that_looks_like_a_formula_is_a_text() -> None:
    def as_text(made: Workbook) -> None:
        cell: Any = made.worksheets[0]["O2"]
        cell.value, cell.data_type = "=1+1", "s"

    content = changed(as_text)
    assert faults(content) == []
    assert check_ledger(io.BytesIO(content), IMPORTER).sheet.rows[0].receipt.note == "=1+1"


def test_what_excel_left_behind_as_an_error_or_wrote_by_number_is_told() -> None:
    def spoil(made: Workbook) -> None:
        sheet: Any = made.worksheets[0]
        sheet["O2"].value, sheet["O2"].data_type = "#REF!", "e"
        sheet["K2"].value = "青石沟_x0000_工程"

    assert [(fault.cell, fault.detail) for fault in faults(changed(spoil))] == [
        ("K2", "holds a control character"),
        ("O2", "holds an error value"),
    ]


def test_cells_out_of_all_bounds_are_refused_without_being_walked_to() -> None:
    content = file_of(ROW)
    sheet = part_of(content, SHEET)
    far = sheet.replace(b"</sheetData>", b'<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>')
    assert [fault.cell for fault in faults(repacked(content, {SHEET: far}))] == ["XFD9"]
    deep = sheet.replace(
        b"</sheetData>", b'<row r="99999999"><c r="A99999999"><v>1</v></c></row></sheetData>'
    )
    assert "too many rows" in told(repacked(content, {SHEET: deep}))


def test_of_several_sheets_the_one_that_is_named_so_is_read() -> None:
    def another(made: Workbook) -> None:
        made.create_sheet("说明", 0)["A1"] = "不读"

    assert faults(changed(another)) == []

    def unnamed(made: Workbook) -> None:
        another(made)
        made.worksheets[1].title = "Sheet1"

    assert "several sheets" in told(changed(unnamed))


def test_the_blank_ledger_has_the_columns_that_are_read_and_can_be_filled_in_at_once() -> None:
    out = io.BytesIO()
    blank_ledger(out)
    headers, found = read_back(out.getvalue())
    assert headers == [column.header for column in AT_RECEIPT]
    assert found == []
    assert [fault.message for fault in faults(out.getvalue())] == ["没有数据行"]


def test_a_file_is_known_by_its_content() -> None:
    content = saved(book(ROW))
    first, second = (check_ledger(io.BytesIO(content), IMPORTER).digest for _ in range(2))
    assert first == second == hashlib.sha256(content).hexdigest()
