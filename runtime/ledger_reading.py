"""The 台账 as an .xlsx file, on its way in: looked over before anything parses it, and read without carrying anything out.

What a file is, its content says and not its name. A file that unpacks to more than `MOST_UNPACKED`, that brings macros, or that
has a document type of its own is refused before it is parsed.
"""

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, Final, NamedTuple

from openpyxl import load_workbook

from domain.ledger_cells import BLANK, Cell, Importer
from domain.ledger_columns import TITLE
from domain.ledger_rows import Fault, Sheet, read_ledger

MOST_BYTES: Final = 20 * 2**20
MOST_UNPACKED: Final = 100 * 2**20
_MOST_PARTS: Final = 1000
_RATIO, _SMALL = 100, 2**20
"""A part above `_SMALL` that was packed more than a hundredfold is no sheet that people filled in."""

_LAST_ROW: Final = 2**20
_CHUNK, _OVERLAP = 2**20, 256
_TOO_WIDE: Final = 702
"""Columns from `AAA` on are beyond any 台账, and only cost time."""

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)|^(?:\xff\xfe|\xfe\xff)")
_WIDE = re.compile(rb'\sr="([A-Z]{3,}[0-9]+)"')
_MERGED = re.compile(rb'mergeCell\s[^>]{0,200}?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}([0-9]{1,7}))"')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_KINDS: Final[Mapping[str, Any]] = {"f": "formula", "e": "error"}

_OTHERS: Final = (
    (
        b"\xd0\xcf\x11\xe0",
        "是旧版 .xls 或加了密码的文件,请另存为不加密的 .xlsx",
        "an old .xls or an encrypted file: save it as .xlsx without a password",
    ),
    (b"%PDF", "是 PDF 文件,请上传 .xlsx", "a PDF: upload an .xlsx"),
)
_NOT_XLSX: Final = ("不是 .xlsx 文件,请用电子表格软件另存为 .xlsx", "no .xlsx file: save it as .xlsx")


class Checked(NamedTuple):
    """A file that was looked at: its SHA-256, and what it says."""

    digest: str
    sheet: Sheet


class _Refused(Exception):  # noqa: N818 - it becomes a fault
    def __init__(self, message: str, detail: str, cell: str = "文件") -> None:
        super().__init__(detail)
        self.fault = Fault(cell, message, detail)


def check_ledger(file: IO[bytes], importer: Importer) -> Checked:
    """Look a file over and read it. What is wrong is among the faults of the sheet; nothing is raised for it.

    It takes a second or two of a core for 5,000 rows: call it in a thread.
    """
    digest = _digest(file)
    try:
        merged = _look_over(file)
        sheet = _read(file, merged, importer)
    except _Refused as refused:
        sheet = Sheet([], [refused.fault], [], 0)
    return Checked(digest, sheet)


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _look_over(file: IO[bytes]) -> dict[str, list[tuple[str, int]]]:
    """Refuse what is no harmless sheet; returns the merged ranges of each part, with their last rows."""
    if file.seek(0, 2) > MOST_BYTES:
        raise _Refused(f"超过 {MOST_BYTES // 2**20} MB", f"larger than {MOST_BYTES // 2**20} MB")
    file.seek(0)
    start = file.read(8)
    for magic, message, detail in _OTHERS:
        if start.startswith(magic):
            raise _Refused(message, detail)
    try:
        with zipfile.ZipFile(file) as archive:
            _refuse_kind(archive)
            _refuse_bomb(archive)
            return {part.filename: _scan(archive, part) for part in archive.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _Refused(*_NOT_XLSX) from error


def _refuse_kind(archive: zipfile.ZipFile) -> None:
    names = {name.lower() for name in archive.namelist()}
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise _Refused("含有宏,请另存为不含宏的 .xlsx", "it brings macros: save it as .xlsx without them")
    if not {"[content_types].xml", "xl/workbook.xml"} <= names:
        raise _Refused(*_NOT_XLSX)


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    """By what the archive says of itself: no part unpacks to more than it says."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = any(
        part.file_size > _SMALL and part.file_size > _RATIO * max(part.compress_size, 1) for part in parts
    )
    if unpacked > MOST_UNPACKED or packed or len(parts) > _MOST_PARTS:
        raise _Refused("解压后过大,不是正常的表格文件", "it unpacks to far too much for a sheet")


def _scan(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> list[tuple[str, int]]:
    """The merged ranges of a part. Every part is looked at: which of them are sheets, the archive says itself, by any name."""
    merged: dict[str, int] = {}
    tail = b""
    with archive.open(part) as content:
        while chunk := content.read(_CHUNK):
            text = tail + chunk
            if _DOCTYPE.search(text) or b"macroEnabled" in text:
                raise _Refused(
                    "含有宏或文档类型声明,请另存为普通 .xlsx",
                    "it brings macros or a document type: save it as a plain .xlsx",
                )
            if wide := _WIDE.search(text):
                raise _Refused("此列过远,请删除", "too far to the right: delete it", wide[1].decode())
            merged |= {found[1].decode(): int(found[2]) for found in _MERGED.finditer(text)}
            tail = text[-_OVERLAP:]
    return list(merged.items())


def _read(file: IO[bytes], merged: Mapping[str, list[tuple[str, int]]], importer: Importer) -> Sheet:
    file.seek(0)
    try:
        workbook = load_workbook(file, read_only=True, keep_links=False)
        chosen: Any = next((sheet for sheet in workbook.worksheets if sheet.title == TITLE), None)
        if chosen is None and len(workbook.worksheets) != 1:
            raise _Refused(
                f"有多个工作表,请把要导入的命名为“{TITLE}”", f"several sheets: name the one to read {TITLE}"
            )
        chosen = chosen or workbook.worksheets[0]
        chosen.reset_dimensions()
        sheet = read_ledger(_lines(chosen), importer)
        ranges = merged.get(chosen._worksheet_path.lstrip("/"), [])
    except _Refused:
        raise
    except Exception as error:  # a broken file makes openpyxl raise anything
        raise _Refused("文件已损坏,无法读取", "the file is broken and cannot be read") from error
    finally:
        file.seek(0)
    together = [
        Fault(where, "合并单元格,请取消合并", "merged cells: split them")
        for where, last in ranges
        if last >= max(sheet.header_row, 1)
    ]
    return sheet._replace(faults=[*together, *sheet.faults])


def _lines(sheet: Any) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > _LAST_ROW:
            raise _Refused("行数过多", "too many rows")
        yield number, [_cell(cell) for cell in cells[:_TOO_WIDE]]


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return BLANK
    if isinstance(value, str) and "_x" in value:
        value = _ESCAPED.sub(_unescaped, value)
    return Cell(value, _KINDS.get(cell.data_type, "value"))


def _unescaped(match: re.Match[str]) -> str:
    """A character that the file writes by its number; half of a pair is none."""
    number = int(match[1], 16)
    return chr(number) if not 0xD800 <= number <= 0xDFFF else match[0]
