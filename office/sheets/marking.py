"""The marked copy of a sheet: the uploaded content with each faulty cell in colour, and the reason beside it.

The copy is written from the parsed content, so it contains no formula, macro or link. Causes of faults are preserved (merged cells,
hidden rows, struck-out text), and a character that no sheet can hold becomes U+FFFD, which is a fault again. So an uncorrected copy
has the same faults, except formulas and times of day: they are written as the values that they displayed, in colour, and whoever
leaves them accepts them.
"""

import asyncio
import re
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import range_boundaries
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.sheet.cells import Cell, neutral, printable
from domain.sheet.columns import REASONS, TITLE, letters, simplified
from domain.sheet.faults import Fault
from office.sheets.confined import Extract
from office.sheets.importing import Looked, Sender
from office.sheets.reading import extract_of
from office.sheets.writing import text_cell
from schema.window import faulty_sheets

_AT_FAULT: Final = PatternFill("solid", fgColor="FFFFC7CE")
_STRUCK: Final = Font(strike=True)
_WIDTH: Final = 14
_WIDTH_OF_REASONS: Final = 60
_PLACE: Final = re.compile("[A-Z]{1,3}[0-9]{1,7}(:[A-Z]{1,3}[0-9]{1,7})?")
_NO_VALUE: Final = "#N/A"

Reasons = Mapping[int, Mapping[int, Sequence[str]]]
"""The reasons by the number of the row and the index of the column."""


async def keep_faulty(
    engine: AsyncEngine, looked: Looked, sender: Sender, file: IO[bytes], file_name: str
) -> bool:
    """Keep a faulty sheet for its marked copy. False if there is nothing to mark, because the file could not be read."""
    is_readable = looked.sheet.header_row > 0
    head = {
        "login": sender.login,
        "office": sender.office,
        "digest": looked.digest,
        "file_name": file_name[-200:],
        "header_row": looked.sheet.header_row,
    }
    async with engine.begin() as connection:
        if is_readable:
            file.seek(0)
            content = await asyncio.to_thread(file.read)
            await faulty_sheets.keep(connection, head, content, looked.sheet.faults)
        else:
            await faulty_sheets.forget(connection, sender.login)
    return is_readable


async def marked_copy(
    engine: AsyncEngine, login: str, digest: str, out: IO[bytes], *, in_english: bool
) -> bool:
    """Write the marked copy of the sheet that a person uploaded last. False if that is another one by now, or is gone."""
    async with engine.connect() as connection:
        found = await faulty_sheets.find(connection, login, digest)
    if found is None:
        return False
    await marked(found.content, found.office, found.header_row, found.faults, out, in_english)
    return True


async def marked(
    content: bytes, office: str, header_row: int, faults: Sequence[Fault], out: IO[bytes], in_english: bool
) -> None:
    """Write the marked copy of a file. Reading it takes the office's turn."""
    with tempfile.TemporaryFile() as copy:
        await asyncio.to_thread(copy.write, content)
        copy.seek(0)
        extract = await extract_of(copy, office)
    await asyncio.to_thread(_write, extract, header_row, _reasons(faults, in_english), out)


def _reasons(faults: Sequence[Fault], in_english: bool) -> Reasons:
    """The reasons by cell; the reason of a range stands at its first cell."""
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fault in faults:
        if _PLACE.fullmatch(fault.cell):
            column, row, _, _ = range_boundaries(fault.cell)
            told = fault.detail if in_english else fault.message
            found[row or 1][(column or 1) - 1].append(told)
    return found


def _write(extract: Extract, header_row: int, reasons: Reasons, out: IO[bytes]) -> None:
    """Write the copy. Blocks, for some seconds with the longest sheets."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(TITLE)
    lines = dict(extract.lines)
    place = _place_of_reasons(lines, header_row)
    _lay_out(sheet, extract, header_row, place)
    for number in range(1, max([*lines, *reasons]) + 1):
        wrong = reasons.get(number, {})
        told = lines.get(number, ())
        if not told and not wrong:
            sheet.append(())
            continue
        cells = [_cell(sheet, cell) for cell in told]
        cells += [None] * (max(place, *wrong, 0) + 1 - len(cells))
        if number >= header_row or wrong:
            cells[place] = _reason(sheet, number, wrong, is_header=number == header_row)
        for index, said in wrong.items():
            cells[index] = cells[index] or WriteOnlyCell(sheet)
            cells[index].fill = _AT_FAULT
            if number == header_row:
                cells[index].comment = Comment(printable("\n".join(said)), "")
        sheet.append(cells)
    book.save(out)


def _reason(sheet: Any, number: int, wrong: Mapping[int, Sequence[str]], *, is_header: bool) -> Any:
    """The cell in the column of reasons: its header in the header row, otherwise the faults of the row."""
    if is_header:
        return text_cell(sheet, REASONS.header)
    told = [f"{letters(index)}{number} {reason}" for index, said in wrong.items() for reason in said]
    return text_cell(sheet, neutral("\n".join(told))) if told else None


def _place_of_reasons(lines: Mapping[int, Sequence[Cell]], header_row: int) -> int:
    """The index of the column of reasons: the one that the sheet has from an earlier marking, or a new one after all others."""
    for index, cell in enumerate(lines[header_row]):
        if isinstance(cell.value, str) and simplified(cell.value) == REASONS.header:
            return index
    return max(len(cells) for cells in lines.values())


def _lay_out(sheet: Any, extract: Extract, header_row: int, place: int) -> None:
    """Restore hidden rows and columns, and merged cells."""
    sheet.freeze_panes = f"A{header_row + 1}"
    for index in range(max(len(cells) for _, cells in extract.lines)):
        sheet.column_dimensions[letters(index)].width = _WIDTH
    sheet.column_dimensions[letters(place)].width = _WIDTH_OF_REASONS
    for index in extract.hidden.columns:
        sheet.column_dimensions[letters(index)].hidden = True
    for number in extract.hidden.rows:
        sheet.row_dimensions[number].hidden = True
    for merged in extract.merged:
        sheet.merged_cells.add(merged)


def _cell(sheet: Any, cell: Cell) -> Any:
    """A cell of the copy: a formula as its value, an error as the error text."""
    if cell.is_blank:
        return None
    value = cell.value
    if value is None or (isinstance(value, float) and not isfinite(value)):
        made = WriteOnlyCell(sheet, _NO_VALUE)
    elif isinstance(value, str):
        made = text_cell(sheet, neutral(value))
    else:
        made = WriteOnlyCell(sheet, value)
    made.number_format = cell.number_format
    if cell.struck != "no":
        made.font = _STRUCK
    return made
