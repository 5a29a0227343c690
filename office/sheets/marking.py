"""The marked copy of a sheet: what was uploaded once more, each cell at fault in colour, with the reason beside it.

It is written afresh from what was read of the file: nothing else gets into it, no formula, no macro, no link. What hides a fault is
kept (merged cells, hidden rows, lines through text), so that a copy that nobody has put right has the same faults.
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

from domain.sheet.cells import Cell, neutral
from domain.sheet.columns import REASONS, TITLE, letters
from domain.sheet.faults import Fault
from office.sheets.confined import Extract, read_sheet
from office.sheets.importing import Looked, Sender
from office.sheets.writing import text_cell
from schema.window import faulty_sheets

_AT_FAULT: Final = PatternFill("solid", fgColor="FFFFC7CE")
_STRUCK: Final = Font(strike=True)
_WIDTH: Final = 14
_WIDTH_OF_REASONS: Final = 60
_PLACE: Final = re.compile("[A-Z]{1,3}[0-9]{1,7}(:[A-Z]{1,3}[0-9]{1,7})?")
_NO_VALUE: Final = "#N/A"

Reasons = Mapping[int, Mapping[int, Sequence[str]]]
"""What is wrong, by the number of the row and the index of the column."""


async def keep_faulty(
    engine: AsyncEngine, looked: Looked, sender: Sender, file: IO[bytes], file_name: str
) -> bool:
    """Keep a sheet in which something is wrong, if there is something to mark: of a file that could not be read there is not."""
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
    """Write the marked copy of what a person uploaded last; False when that is another file by now, or gone."""
    async with engine.connect() as connection:
        found = await faulty_sheets.find(connection, login, digest)
    if found is None:
        return False
    await marked(found.content, found.office, found.header_row, found.faults, out, in_english)
    return True


async def marked(
    content: bytes, office: str, header_row: int, faults: Sequence[Fault], out: IO[bytes], in_english: bool
) -> None:
    """Write the marked copy of a file, whose reading takes the office's turn."""
    with tempfile.TemporaryFile() as copy:
        await asyncio.to_thread(copy.write, content)
        copy.seek(0)
        extract = await read_sheet(copy, office, TITLE)
    await asyncio.to_thread(_write, extract, header_row, _reasons(faults, in_english), out)


def _reasons(faults: Sequence[Fault], in_english: bool) -> Reasons:
    """Of a range the first cell has the reason."""
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fault in faults:
        if _PLACE.fullmatch(fault.cell):
            column, row, _, _ = range_boundaries(fault.cell)
            told = fault.detail if in_english else fault.message
            found[row or 1][(column or 1) - 1].append(told)
    return found


def _write(extract: Extract, header_row: int, reasons: Reasons, out: IO[bytes]) -> None:
    """Write the copy; blocks, some seconds where the sheet is of the longest."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(TITLE)
    lines = dict(extract.lines)
    place = _place_of_reasons(lines, header_row)
    _lay_out(sheet, extract, header_row, place)
    for number in range(1, max([*lines, *reasons]) + 1):
        wrong = reasons.get(number, {})
        cells = [_cell(sheet, cell) for cell in lines.get(number, ())][:place]
        cells += [None] * (place - len(cells))
        for index in wrong:
            cells[index] = cells[index] or WriteOnlyCell(sheet)
            cells[index].fill = _AT_FAULT
        if number == header_row:
            _note(cells, wrong)
            cells.append(text_cell(sheet, REASONS.header))
        elif wrong:
            told = (f"{letters(index)}{number} {reason}" for index, said in wrong.items() for reason in said)
            cells.append(text_cell(sheet, neutral("\n".join(told))))
        sheet.append(cells)
    book.save(out)


def _place_of_reasons(lines: Mapping[int, Sequence[Cell]], header_row: int) -> int:
    """The column behind all others; where a copy is marked once more, the one that it has, if nothing stands behind it."""
    width = max(len(cells) for cells in lines.values())
    header = lines[header_row]
    return width - 1 if len(header) == width and header[-1].value == REASONS.header else width


def _lay_out(sheet: Any, extract: Extract, header_row: int, place: int) -> None:
    """What hides cells, or makes one of several, is as it was."""
    sheet.freeze_panes = f"A{header_row + 1}"
    for index in range(place):
        sheet.column_dimensions[letters(index)].width = _WIDTH
    sheet.column_dimensions[letters(place)].width = _WIDTH_OF_REASONS
    for index in extract.hidden.columns:
        sheet.column_dimensions[letters(index)].hidden = True
    for number in extract.hidden.rows:
        sheet.row_dimensions[number].hidden = True
    for merged in extract.merged:
        sheet.merged_cells.add(merged)


def _cell(sheet: Any, cell: Cell) -> Any:
    """What stood there: a formula as what it came to, what is no value as the error that it was."""
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


def _note(cells: Sequence[Any], wrong: Mapping[int, Sequence[str]]) -> None:
    """Say in notes what is wrong with headers: their row has no room for it, for it has the header of the reasons."""
    for index, said in wrong.items():
        cells[index].comment = Comment("\n".join(said), "")
