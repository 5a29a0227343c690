"""Sheets as people upload them: right ones, and each kind of wrong one."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from openpyxl import Workbook, load_workbook

from domain.sheet.columns import TITLE

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ROW: Final[dict[str, Any]] = {
    "登记办公室": "安宁区清欠办",
    "来源": "热线电话",
    "登记日": date(2023, 4, 26),
    "案由": "工程款",
    "债务人": "安宁区环卫局",
    "债务人单位类型": "机关",
    "债权人": "八冶集团",
    "债权人规模": "小型",
    "债权人所有制": "民营",
    "联系人和电话": "王经理 13900000000",
    "项目名称": "青石沟垃圾场生态修复",
    "款项类型": "工程",
    "欠款金额(万元)": 4216,
    "涉农民工工资": "是",
    "备注": "垫资承建",
}


def rows(count: int, **changes: Any) -> list[dict[str, Any]]:
    """So many rows, each another project."""
    return [{**ROW, "项目名称": f"第{number}号工程", **changes} for number in range(1, count + 1)]


def book(*written: Mapping[str, Any], headers: Sequence[str] = tuple(ROW)) -> Workbook:
    """A workbook with one sheet."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = TITLE
    sheet.append(list(headers))
    for row in written:
        sheet.append([row.get(header) for header in headers])
    return made


def saved(made: Workbook) -> bytes:
    """A workbook as a file."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def file_of(*written: Mapping[str, Any]) -> bytes:
    """A file of rows."""
    return saved(book(*written))


def changed(change: Callable[[Workbook], None], *written: Mapping[str, Any]) -> bytes:
    """A file of rows, after something was done to its workbook."""
    made = book(*(written or (ROW,)))
    change(made)
    return saved(made)


def repacked(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """A file with other parts: added, replaced, or left out where None."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in source.namelist():
            if name not in parts:
                made.writestr(name, source.read(name))
        for name, part in parts.items():
            if part is not None:
                made.writestr(name, part)
    return out.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    """A part of a file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def read_back(content: bytes) -> tuple[list[str], list[dict[str, Any]]]:
    """What another program reads of a file: its headers, and its rows as cells by header."""
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    headers = [str(cell.value) for cell in sheet[1]]
    return headers, [dict(zip(headers, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
