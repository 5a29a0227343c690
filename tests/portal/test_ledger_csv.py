"""A 台账 as a .csv file is read as a workbook is: in UTF-8, with or without a mark of its order, in GB18030 and
in UTF-16.
"""

import csv
import io
from datetime import date
from typing import Any

import pytest

from domain.sheet.cells import Importer
from domain.sheet.rows import LedgerRow, Sheet
from office.packs import load_pack
from office.sheets.reading import check_ledger
from tests.portal.sheets import ROW, file_of, rows
from tests.portal.test_ledger_import import office, upload
from tests.portal.test_ledger_marked import marked
from tests.portal.visits import Browser

__all__ = ["office"]


def text_of(*written: dict[str, Any], delimiter: str = ",") -> str:
    """The rows as a spreadsheet saves them."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=delimiter)
    table.writerow(ROW)
    table.writerows([["" if value is None else value for value in row.values()] for row in written])
    return out.getvalue()


async def checked(content: bytes) -> Sheet:
    importer = Importer("620105", load_pack("gansu").offices, date(2026, 1, 1))
    return (await check_ledger(io.BytesIO(content), importer)).sheet


async def read(content: bytes) -> list[LedgerRow]:
    sheet = await checked(content)
    assert sheet.faults == []
    return sheet.rows


@pytest.mark.parametrize(
    ("content", "cell", "told"),
    [
        ("债务人,债权人\n".encode("gb18030"), "A1", "no row of headers"),
        (b"a,b\n" * 20_001, "A20001", "too many rows"),
        (b"a" + b"," * 702, "AAA1", "too far to the right"),
    ],
    ids=["no headers", "long", "wide"],
)
async def test_plain_text_that_is_no_ledger_is_refused(content: bytes, cell: str, told: str) -> None:
    (fault,) = (await checked(content)).faults
    assert fault.cell == cell
    assert told in fault.detail


@pytest.mark.long
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
async def test_plain_text_says_what_the_workbook_says(encoding: str, delimiter: str) -> None:
    written = [row | {"备注": '垫资,"两次"\n第二行'} for row in rows(3)]
    expected = await read(file_of(*written))
    assert len(expected) == 3
    assert await read(text_of(*written, delimiter=delimiter).encode(encoding)) == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16-le", "utf-16-be"])
async def test_a_mark_of_the_order_of_bytes_is_no_part_of_the_first_header(encoding: str) -> None:
    text = text_of(*rows(2), delimiter="\t")
    assert await read(f"\ufeff{text}".encode(encoding)) == await read(text.encode())


@pytest.mark.parametrize("sign", "\x85\u2028\u2029")
async def test_a_row_ends_where_a_spreadsheet_ends_it(sign: str) -> None:
    written = [row | {"备注": f"甲{sign}乙"} for row in rows(2)]
    assert await read(text_of(*written).encode()) == await read(file_of(*written))


@pytest.mark.parametrize("sign", "\x01\v\f\x1c")
async def test_a_sign_that_nobody_sees_is_marked_in_its_cell(office: Browser, sign: str) -> None:
    content = text_of(dict(ROW) | {"备注": f"甲{sign}乙"}).encode()
    answer = await upload(office, content)
    assert answer.status_code == 422
    assert "O2" in answer.text
    sheet = await marked(office, content)
    assert sheet["O2"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["O2"].value == "甲\ufffd乙"


@pytest.mark.parametrize("content", [b"a,b\0", b"\xff\xfea,", "a,b\0".encode("utf-16"), b"\xff\xfe"])
async def test_what_is_no_text_is_neither_kind_of_file(content: bytes) -> None:
    (fault,) = (await checked(content)).faults
    assert fault.detail.startswith("neither .xlsx nor .csv")


async def test_faults_have_the_cells_of_a_spreadsheet_and_the_copy_is_a_workbook(office: Browser) -> None:
    wrong = [row | {"备注": "一\n二"} for row in rows(2)] + [dict(ROW) | {"登记日": "去年"}]
    content = text_of(*wrong).encode("gb18030")
    answer = await upload(office, content)
    assert answer.status_code == 422
    assert "C4" in answer.text
    sheet = await marked(office, content)
    assert sheet["C4"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["C4"].value == "去年"
