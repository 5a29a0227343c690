"""Reading and checking a 台账 file, .xlsx or text. Its format is recognised by its content, not by its name."""

import asyncio
import hashlib
import tempfile
from collections.abc import Iterator
from typing import IO, Final, NamedTuple

from domain.sheet.cells import Importer
from domain.sheet.columns import TITLE
from domain.sheet.faults import WHOLE_FILE, Fault
from domain.sheet.rows import Sheet, read_ledger
from office.sheets.confined import Extract, Unreadable, read_sheet
from office.sheets.delimited import read_text, text_of

MOST_BYTES: Final = 20 * 2**20
_CHUNK: Final = 2**20
_WORKBOOK: Final = b"PK\x03\x04"

_UNREADABLE: Final = {
    "old": (
        "是旧版 .xls 或加了密码的文件,请另存为不加密的 .xlsx",
        "an old .xls or an encrypted file: save it as .xlsx without a password",
    ),
    "pdf": ("是 PDF 文件,请上传 .xlsx", "a PDF: upload an .xlsx"),
    "other": (
        "不是 .xlsx 或 .csv 文件,请用电子表格软件另存为 .xlsx",
        "neither .xlsx nor .csv: save it as .xlsx",
    ),
    "quotes": (
        "引号不成对或者有过长的内容,请用电子表格软件打开核对后另存为 .xlsx",
        "its quotes do not match, or something in it is too long: look at it in a spreadsheet and save it as .xlsx",
    ),
    "macros": ("含有宏,请另存为不含宏的 .xlsx", "it brings macros: save it as .xlsx without them"),
    "entities": (
        "含有自定义实体,不是正常的表格文件,请把数值复制到新建的表格",
        "it defines entities, as no sheet does: copy the values into a fresh sheet",
    ),
    "too_much": (
        "读取所需的内存或时间超出限度(多因格式过多),请把数值复制到新建的表格后再上传",
        "reading it takes more memory or time than is allowed, often for its many formats: "
        "copy the values into a fresh sheet and upload that",
    ),
    "several": (
        f"有多个工作表,请把要导入的命名为“{TITLE}”",
        f"several sheets: name the one to read {TITLE}",
    ),
    "all_hidden": ("工作表都是隐藏的,请取消隐藏", "every sheet is hidden: unhide the one to read"),
    "far": ("此列过远,请删除", "too far to the right: delete it"),
    "low": ("此行过远,请删除", "too far down: delete it"),
    "long": ("行数过多,请分成几个文件", "too many rows: split the file"),
    "broken": (
        "文件已损坏,无法读取,请用电子表格软件重新另存为 .xlsx",
        "the file is broken and cannot be read: save it as .xlsx again",
    ),
}


class Checked(NamedTuple):
    """A file that was checked: its SHA-256, and its content."""

    digest: str
    sheet: Sheet


async def check_ledger(file: IO[bytes], importer: Importer) -> Checked:
    """Read a file and check it. Problems are reported as faults of the sheet, and nothing is raised for them.

    5,000 rows take a second or two of CPU time, mostly in a child process. An office has one file read at a time.
    """
    with tempfile.TemporaryFile() as copy:
        digest, size = await asyncio.to_thread(_copy, file, copy)
        if size > MOST_BYTES:
            megabytes = MOST_BYTES // 2**20
            return Checked(digest, _refused(f"超过 {megabytes} MB", f"larger than {megabytes} MB"))
        try:
            extract = await extract_of(copy, importer.office)
        except Unreadable as unreadable:
            return Checked(digest, _refused(*_UNREADABLE[unreadable.code], unreadable.cell or WHOLE_FILE))
    return Checked(digest, await asyncio.to_thread(_check, extract, importer))


async def extract_of(file: IO[bytes], office: str) -> Extract:
    """The content of a file on disk. A workbook is read in a child process, in the office's turn; a text file is read here.

    Raises:
        Unreadable: It is neither, or exceeds the limits.
    """
    text = await asyncio.to_thread(_text_of, file)
    if text is not None:
        return await asyncio.to_thread(read_text, text)
    return await read_sheet(file, office, TITLE)


def _text_of(file: IO[bytes]) -> str | None:
    is_workbook = file.read(len(_WORKBOOK)) == _WORKBOOK
    file.seek(0)
    text = None if is_workbook else text_of(file.read())
    file.seek(0)
    return text


def _refused(message: str, detail: str, cell: str = WHOLE_FILE) -> Sheet:
    return Sheet([], [Fault(cell, message, detail)], [], 0)


def _copy(file: IO[bytes], copy: IO[bytes]) -> tuple[str, int]:
    """Copy a file, from its beginning, to one that a child process can read; returns its SHA-256 and its size."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        copy.write(chunk)
    size = copy.tell()
    copy.seek(0)
    return digest.hexdigest(), size


def _check(extract: Extract, importer: Importer) -> Sheet:
    sheet = read_ledger(extract.lines, importer, extract.hidden)
    warnings = [
        Fault(WHOLE_FILE, f"隐藏的工作表“{name}”未读入", f"the hidden sheet {name!r} was not read")
        for name in extract.unread_sheets
    ]
    return sheet._replace(
        faults=[*_merged(extract, sheet.header_row), *sheet.faults], warnings=[*warnings, *sheet.warnings]
    )


def _merged(extract: Extract, header_row: int) -> Iterator[Fault]:
    """Faults for merged cells in the table. Those in a title above it are ignored."""
    for where in extract.merged:
        last = int("".join(letter for letter in where.rpartition(":")[2] if letter.isdigit()) or 0)
        if last >= max(header_row, 1):
            yield Fault(where, "合并单元格,请取消合并", "merged cells: split them")
