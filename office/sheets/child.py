"""The child process that opens a workbook. It takes the file on standard input and writes its content as JSON lines.

`office.sheets.confined` runs this file by its path. It imports nothing of the project, so that it starts in a third of a second, and
gets no environment. Whatever a malicious workbook does to its reader happens here, within the limits of `_confine`.

Each line is a JSON array: `["row", number, is_hidden, cells]` with `[index, kind, value]` for each cell that is not blank, followed by
its number format and how much of it is struck out if those are unusual; then `["end", merged, hidden_columns, unread_sheets]`, or as
the last line `["refused", code, cell]`. Output without one of these two is incomplete.
"""

import io
import json
import os
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from math import isfinite
from types import SimpleNamespace
from typing import IO, Any, Final, NoReturn

from defusedxml.common import DefusedXmlException
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet._reader import COL_TAG, INLINE_STRING, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml import DEFUSEDXML, LXML
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

_MEMORY: Final = 256 * 2**20
_TO_OPEN, _TO_READ = 3, 30
"""The CPU seconds until the first row, during which styles and strings are read, and in all."""

_WIDEST: Final = 702
"""Columns from `AAA` on are ignored."""

_LOWEST: Final = 50_000
"""Rows below this are ignored. Rows above may be empty."""

_MOST_ROWS: Final = 20_000
_MOST_MERGED: Final = 1000
_OTHERS: Final = {b"\xd0\xcf\x11\xe0": "old", b"%PDF": "pdf"}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_TRUE: Final = frozenset({"1", "true"})

_MONTH, _ANNIVERSARY = 'yyyy"年"m"月"', 'm"月"d"日"'
_CHINESE: Final = {
    **dict.fromkeys((27, 36, 50, 52, 57), _MONTH),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), _ANNIVERSARY),
}
"""Built-in formats that in Chinese spreadsheet programs (ISO/IEC 29500-1, 18.8.30) differ from those that openpyxl assumes."""


class _Refused(Exception):  # noqa: N818 - it is told to a person
    def __init__(self, code: str, cell: str = "") -> None:
        super().__init__(code)
        self.code, self.cell = code, cell


def _confine() -> None:
    """Limit the resources of this process, irrevocably."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_TO_OPEN, _TO_READ))


_MERGE: Final = f"{{{SHEET_MAIN_NS}}}mergeCell"
_ITEM: Final = f"{{{SHEET_MAIN_NS}}}si"
_TEXT: Final = f"{{{SHEET_MAIN_NS}}}t"
_RUN: Final = f"{{{SHEET_MAIN_NS}}}r"
_STRIKE: Final = f"{{{SHEET_MAIN_NS}}}rPr/{{{SHEET_MAIN_NS}}}strike"


class _Text(str):
    """A text of which parts may be struck out."""

    struck: str

    def __new__(cls, text: str, struck: str) -> "_Text":
        made = super().__new__(cls, text)
        made.struck = struck
        return made


def _text(item: Any) -> str:
    """The text of a string item or of its runs, without phonetic guides."""
    if len(item) == 1 and item[0].tag == _TEXT:
        return _plain(item[0].text or "")
    parts = [(child, child) for child in item.findall(_TEXT)]
    parts += [(run, text) for run in item.findall(_RUN) for text in run.findall(_TEXT)]
    struck = [_is_on(run.find(_STRIKE)) for run, text in parts if (text.text or "").strip()]
    text = _plain("".join(text.text or "" for _, text in parts))
    return _Text(text, "no" if not any(struck) else "all" if all(struck) else "part")


def _is_on(switch: Any) -> bool:
    return switch is not None and switch.get("val", "1") in _TRUE


def _plain(text: str) -> str:
    return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(match: re.Match[str]) -> str:
    """The character for an escape such as `_x000D_`; a lone surrogate stays escaped."""
    number = int(match[1], 16)
    return chr(number) if not 0xD800 <= number <= 0xDFFF else match[0]


class _Parser(WorkSheetParser):
    """openpyxl's row parser, extended: texts keep what is struck out, and of a formula only the stored result is read."""

    def parse_cell(self, element: Any) -> Any:
        text = element.find(INLINE_STRING) if element.get("t") == "inlineStr" else None
        if text is None:
            told = super().parse_cell(element)
            return told | {"value": _came_to(element)} if told["data_type"] == "f" else told
        element.remove(text)
        return super().parse_cell(element) | {"value": _text(text), "data_type": "s"}

    def parse_formula(self, element: Any) -> str:
        return "="


def _came_to(element: Any) -> Any:
    """The stored result of a formula, a text or a number; None if there is none."""
    kind, told = element.get("t", "n"), element.findtext(VALUE_TAG)
    if not told or kind not in ("n", "str"):
        return None
    return float(told) if kind == "n" else _plain(told)


class _Book(ExcelReader):
    """The parts of a workbook that its rows need: strings, sheets, styles."""

    package: Any
    wb: Any

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file, read_only=True, keep_links=False)
        self.read_manifest()
        kinds = [*self.package.Override, *self.package.Default]
        if any("macroEnabled" in (kind.ContentType or "") for kind in kinds):
            raise _Refused("macros")
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self._looks: dict[int, tuple[str, bool]] = {}

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _, element in iterparse(source):
                if element.tag == _ITEM:
                    self.shared_strings.append(_text(element))
                    element.clear()

    def rows_of(self, path: str) -> _Parser:
        """A parser of a sheet."""
        return _Parser(
            self.archive.open(path),
            self.shared_strings,
            epoch=self.wb.epoch,
            date_formats=self.wb._date_formats,
            timedelta_formats=self.wb._timedelta_formats,
        )

    def look_of(self, style: int) -> tuple[str, bool]:
        """The number format of a style, and whether it strikes text out."""
        if style not in self._looks:
            sheet: Any = SimpleNamespace(parent=self.wb)
            cell = ReadOnlyCell(sheet, 1, 1, None, style_id=style)
            number_format = _CHINESE.get(cell.style_array.numFmtId, cell.number_format)
            self._looks[style] = number_format, bool(cell.font.strike)
        return self._looks[style]


def _opened(file: IO[bytes]) -> _Book:
    start = file.read(8)
    for magic, code in _OTHERS.items():
        if start.startswith(magic):
            raise _Refused(code)
    try:
        with zipfile.ZipFile(file) as archive:
            names = {name.lower() for name in archive.namelist()}
            if any("vbaproject" in name or "macrosheets/" in name for name in names):
                raise _Refused("macros")
            if not {"[content_types].xml", "xl/workbook.xml"} <= names:
                raise _Refused("other")
            if _STRICT.search(archive.read("xl/workbook.xml")):
                file = _transitional(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, KeyError) as error:
        raise _Refused("other") from error
    return _Book(file)


def _transitional(archive: zipfile.ZipFile) -> IO[bytes]:
    """A workbook in the standard's strict form, converted to the transitional names that openpyxl reads."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                part = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", archive.read(name))
                made.writestr(name, part)
    out.seek(0)
    return out


def _chosen(book: _Book, title: str) -> tuple[str, list[str]]:
    """The path of the sheet to read, and the names of hidden sheets that were skipped."""
    sheets = [(sheet, rel) for sheet, rel in book.parser.find_sheets() if "chartsheet" not in rel.Type]
    shown = [(sheet, rel) for sheet, rel in sheets if sheet.state == "visible"]
    hidden = [sheet.name for sheet, _ in sheets if sheet.state != "visible"]
    for sheet, rel in shown:
        if sheet.name == title:
            return rel.target, [name for name in hidden if name == title]
    if not shown:
        raise _Refused("all_hidden" if sheets else "broken")
    if len(shown) > 1:
        raise _Refused("several")
    return shown[0][1].target, hidden


def _write(*line: Any) -> None:
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")


def _extract(file: IO[bytes], title: str) -> None:
    book = _opened(file)
    path, unread = _chosen(book, title)
    resource.setrlimit(resource.RLIMIT_CPU, (_TO_READ, _TO_READ))
    parser = book.rows_of(path)
    merged: list[str] = []
    hidden: set[int] = set()
    last = count = 0
    for _, element in iterparse(parser.source):
        if element.tag == ROW_TAG:
            number, cells = parser.parse_row(element)
            parser.row_dimensions.clear()
            if number <= last:
                raise _Refused("broken")
            last = number
            if told := list(_told(book, number, cells)):
                count += 1
                if number > _LOWEST:
                    raise _Refused("low", f"{get_column_letter(told[0][0] + 1)}{number}")
                _write("row", number, _is_hidden_row(element), told)
            if count > _MOST_ROWS:
                raise _Refused("long")
        elif element.tag == COL_TAG:
            hidden |= _hidden_columns(element)
        elif element.tag == _MERGE and len(merged) < _MOST_MERGED:
            _, first, _, _ = range_boundaries(element.get("ref"))
            merged += [element.get("ref")] if (first or 1) <= _LOWEST else []
        else:
            continue
        element.clear()
    _write("end", merged, sorted(hidden), unread)


def _is_hidden_row(row: Any) -> bool:
    return row.get("hidden") in _TRUE or float(row.get("ht", "1")) == 0


def _hidden_columns(columns: Any) -> set[int]:
    if columns.get("hidden") not in _TRUE and float(columns.get("width", "1")) != 0:
        return set()
    return set(range(int(columns.get("min")) - 1, min(int(columns.get("max")), _WIDEST)))


def _told(book: _Book, number: int, cells: list[dict[str, Any]]) -> Iterator[list[Any]]:
    """The cells of a row that are not blank."""
    seen = set()
    for cell in cells:
        index = cell["column"] - 1
        if cell["row"] != number or index in seen:
            raise _Refused("broken")
        seen.add(index)
        value = cell["value"]
        is_blank = value is None or (isinstance(value, str) and not value.strip())
        if is_blank and cell["data_type"] != "f":
            continue
        if index >= _WIDEST:
            raise _Refused("far", f"{get_column_letter(index + 1)}{number}")
        number_format, is_struck = book.look_of(cell["style_id"])
        struck = "all" if is_struck else getattr(value, "struck", "no")
        look = [number_format, struck] if (number_format, struck) != ("General", "no") else []
        yield [index, *_kind_and_value(cell["data_type"], value), *look]


def _kind_and_value(data_type: str, value: Any) -> tuple[str, Any]:
    if data_type == "f":
        return "formula", value if isinstance(value, str) or (value is not None and isfinite(value)) else None
    if data_type == "e":
        return "error", None
    if isinstance(value, date | datetime):
        return "date", value.isoformat()
    if isinstance(value, str | int | float):
        return "value", value
    return "time", str(value)


def main() -> NoReturn:
    """Write out the workbook on standard input."""
    assert DEFUSEDXML and not LXML, "openpyxl parses by defusedxml"  # noqa: PT018
    _confine()
    code, cell = "", ""
    try:
        _extract(io.BufferedReader(io.FileIO(0, closefd=False)), sys.argv[1])
    except _Refused as refused:
        code, cell = refused.code, refused.cell
    except DefusedXmlException:
        code = "entities"
    except MemoryError:
        code = "too_much"
    except Exception:  # a broken file makes openpyxl raise anything
        code = "broken"
    if code:
        _write("refused", code, cell)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
