"""The 台账 as a .csv file, on its way in: all of it is text, in UTF-8 or as Chinese spreadsheets save it, in GB18030, or as Unicode
text, in UTF-16.
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
"""As of a workbook."""

_MOST_CELLS: Final = 2_000_000

_ENCODINGS: Final = ("utf-8", "gb18030")
_MARK: Final = "\ufeff"
"""Of the order of bytes, at the beginning of a text in any of them."""

_DELIMITERS: Final = ",\t;"
_LOOKED: Final = 2000
"""Characters among which the header has a delimiter."""


def text_of(content: bytes) -> str | None:
    """What a file says, if it is a table of plain text: nothing is in it that text has not, and a delimiter is."""
    is_wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_wide else _ENCODINGS:
        try:
            text = content.decode(encoding).lstrip(_MARK)
        except UnicodeDecodeError:
            continue
        return text if "\0" not in text and any(one in text[:_LOOKED] for one in _DELIMITERS) else None
    return None


def read_text(text: str) -> Extract:
    """The rows of a table of plain text.

    Raises:
        Unreadable: It has too many rows or columns, or its quotes do not match.
    """
    delimiter = max(_DELIMITERS, key=text[:_LOOKED].count)
    if text.count(delimiter) > _MOST_CELLS:
        raise Unreadable("too_much")
    try:
        return Extract(list(_lines(text, delimiter)), Hidden(), [], [])
    except csv.Error as error:
        raise Unreadable("quotes") from error


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    # By ends of lines alone, as spreadsheets do: a text that was copied from elsewhere may have other breaks in it.
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise Unreadable("long", f"A{number}")
        if len(row) > _WIDEST:
            raise Unreadable("far", f"AAA{number}")
        if any(row):
            yield number, [Cell(told) if told else BLANK for told in row]
