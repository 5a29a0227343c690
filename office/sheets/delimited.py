"""Reading the 台账 from a text file: in UTF-8, in GB18030 as Chinese spreadsheet programs save CSV, or in UTF-16 as they save Unicode
text.
"""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from typing import Final

from domain.sheet.cells import BLANK, Cell
from domain.sheet.rows import Hidden
from office.sheets.confined import Extract, Unreadable

MOST_ROWS, _WIDEST = 20_000, 702
"""The limits of a workbook."""

_MOST_CELLS: Final = 2_000_000

_ENCODINGS: Final = ("utf-8", "gb18030")
_MARK: Final = "\ufeff"
"""The byte order mark, which may stand at the beginning in any encoding."""

_DELIMITERS: Final = ",\t;"
_LOOKED: Final = 2000
"""Among how many characters the delimiter is looked for."""


def text_of(content: bytes) -> str | None:
    """The text of a file if it is a plain-text table, without binary characters and with a delimiter; otherwise None."""
    is_wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_wide else _ENCODINGS:
        try:
            text = content.decode(encoding).lstrip(_MARK)
        except UnicodeDecodeError:
            continue
        return text if "\0" not in text and any(one in text[:_LOOKED] for one in _DELIMITERS) else None
    return None


def read_text(text: str) -> Extract:
    """The rows of a plain-text table.

    Raises:
        Unreadable: It has too many rows or columns, or unbalanced quotes.
    """
    delimiter = max(_DELIMITERS, key=text[:_LOOKED].count)
    if text.count(delimiter) > _MOST_CELLS:
        raise Unreadable("too_much")
    try:
        return Extract(list(_lines(text, delimiter)), Hidden(), [], [])
    except csv.Error as error:
        raise Unreadable("quotes") from error


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    # Split at line ends only, as spreadsheets do; copied text may contain other kinds of breaks.
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise Unreadable("long", f"A{number}")
        if len(row) > _WIDEST:
            raise Unreadable("far", f"AAA{number}")
        if any(row):
            yield number, [Cell(told) if told else BLANK for told in row]
