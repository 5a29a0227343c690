"""Writing the 台账 as an .xlsx file, row by row at any length, and never with a formula."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, Any, Final, Self

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.datavalidation import DataValidation

from domain.reports.report import Report
from domain.reports.tables import Cell, tables_of
from domain.sheet.cells import neutral
from domain.sheet.columns import AT_RECEIPT, COLUMNS, MOST_ROWS, TAKEN_IN, TITLE, Column, Form, letters
from domain.sheet.lines import Told

_LIKE_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FORMATS: Final = {Form.AMOUNT: "#,##0.00####", Form.DAY: "yyyy-mm-dd", Form.DAYS: "0"}
_WORDS: Final = "填写说明"


class LedgerWriter:
    """An export being written, as a context manager. Rows are written to disk as they come."""

    def __init__(self, columns: Collection[Column] = COLUMNS) -> None:
        self._columns = columns
        self._book = Workbook(write_only=True)
        self._sheet: Any = _sheet(self._book, TITLE, [column.header for column in columns])
        self._is_saved = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Delete the temporary file of an export that was not saved."""
        if not self._is_saved:
            self._sheet.close()
            self._sheet._writer.cleanup()

    def add(self, rows: Iterable[Sequence[Told]]) -> None:
        """Write rows, in the order of the columns. Blocks."""
        for row in rows:
            self._sheet.append(
                [
                    _cell(self._sheet, column, told)
                    for column, told in zip(COLUMNS, row, strict=True)
                    if column in self._columns
                ]
            )

    def save(self, out: IO[bytes]) -> None:
        """Pack the written rows into a file. Blocks."""
        self._book.save(out)
        self._is_saved = True


def table_sheet(out: IO[bytes], title: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A plain table of texts as a workbook."""
    book = Workbook(write_only=True)
    sheet = _sheet(book, title, headers)
    for row in rows:
        sheet.append([text_cell(sheet, neutral(told)) for told in row])
    book.save(out)


def report_book(out: IO[bytes], report: Report) -> None:
    """A report as a workbook, with a sheet for each of its tables."""
    book = Workbook(write_only=True)
    for table in tables_of(report):
        sheet = _sheet(book, table.title, table.heads)
        for row in table.rows:
            sheet.append([_calculable(sheet, told) for told in row])
    book.save(out)


def _calculable(sheet: Any, told: Cell) -> Any:
    """A cell for further calculation: amounts, dates, counts and rates as numbers; None stays empty."""
    if told is None or isinstance(told, int):
        return told
    if isinstance(told, str):
        return text_cell(sheet, neutral(told))
    value: Any = float(told) if isinstance(told, Decimal) else told
    cell = WriteOnlyCell(sheet, value)
    form = (
        "0.00%" if isinstance(told, float) else _FORMATS[Form.DAY if isinstance(told, date) else Form.AMOUNT]
    )
    cell.number_format = form
    return cell


def blank_ledger(out: IO[bytes]) -> None:
    """An empty 台账 with its headers, drop-down lists, and a sheet of explanations."""
    book = Workbook(write_only=True)
    columns = (*AT_RECEIPT, *TAKEN_IN)
    sheet = _sheet(book, TITLE, [column.header for column in columns])
    told = _sheet(book, _WORDS, ["表头", "是否必填", "填写内容", "English"])
    for index, column in enumerate(columns):
        required = "必填" if column.required else "可不填"
        told.append(
            [text_cell(told, part) for part in (column.header, required, _about(column), column.english)]
        )
        words = ["是", "否"] if column.form is Form.YES_NO else list(column.words)
        if words:
            choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
            choice.add(f"{letters(index)}2:{letters(index)}{MOST_ROWS + 1}")
            sheet.data_validations.append(choice)
    book.save(out)


_ABOUT: Final = {
    Form.TEXT: "文字",
    Form.YES_NO: "是、否",
    Form.AMOUNT: "数字按万元计,精确到分;也可写明单位:4216万元、8.044亿元、42160000.00元",
    Form.DAY: "日期,如 2023-04-26",
    Form.DAYS: "自然日的天数,如 60",
    Form.CODE: "十八位统一社会信用代码,单元格设为文本格式",
    Form.OFFICE: "办公室名称或六位行政区划代码;不填为导入人的办公室",
}


def _about(column: Column) -> str:
    return "、".join(column.words) or _ABOUT[column.form]


def _sheet(book: Workbook, title: str, headers: Sequence[str]) -> Any:
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for index, header in enumerate(headers):
        sheet.column_dimensions[letters(index)].width = max(12, 2 * len(header) + 2)
    sheet.append([text_cell(sheet, header) for header in headers])
    return sheet


def _cell(sheet: Any, column: Column, told: Told) -> Any:
    if told is None:
        return None
    if isinstance(told, str):
        return text_cell(sheet, told)
    value: Any = float(told) if isinstance(told, Decimal) else told
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = _FORMATS[column.form]
    return cell


def text_cell(sheet: Any, text: str) -> Any:
    """A cell of text, whatever it looks like: openpyxl would write `=1+1` as a formula and `#REF!` as an error."""
    cell = WriteOnlyCell(sheet, _LIKE_ESCAPED.sub("_x005F_", text))
    cell.data_type = "s"
    return cell
