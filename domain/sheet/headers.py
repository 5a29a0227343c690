"""The header row: where each column is, which columns are not ours and what becomes of them, and its faults."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from domain.sheet.cells import Cell, Unfit, must_be_legible, quoted
from domain.sheet.columns import AT_RECEIPT, BY_HEADER, TAKEN_IN, Column, letters, simplified
from domain.sheet.faults import Fault
from domain.sheet.personal import is_of_people

_AT_LEAST: Final = 3
"""The fewest known headers by which a row is recognised as the header row; a title may stand above it."""

_WITHIN: Final = 10

_UNIT = re.compile(r"\(.*")
_NEARLY: Final = 0.8
"""The similarity from which one header is taken for a misspelling of another."""

_BROUGHT_IN: Final = "接入"

Lines = Iterator[tuple[int, Sequence[Cell]]]


class Places(NamedTuple):
    """The places of the columns.

    Attributes:
        extra: The headers of unknown columns, whose content is kept as remarks.
        passed_over: The columns that are not read, because they contain personal data.
    """

    columns: Mapping[Column, int]
    extra: Mapping[int, str]
    passed_over: frozenset[int]
    faults: list[Fault]
    warnings: list[Fault]


def find_header(lines: Lines) -> tuple[int, Sequence[Cell]]:
    """The number of the header row, and its cells; 0 if there is none."""
    for number, cells in lines:
        if sum(_header_of(cell) in BY_HEADER for cell in cells) >= _AT_LEAST:
            return number, cells
        if number >= _WITHIN:
            break
    return 0, ()


def _header_of(cell: Cell) -> str:
    return simplified(cell.value) if cell.kind == "value" and isinstance(cell.value, str) else ""


def places_in(row: int, header: Sequence[Cell]) -> Places:
    """The place of each column; faults for duplicate, missing and probably misspelt ones; and the columns that are not ours."""
    columns: dict[Column, int] = {}
    extra: dict[int, str] = {}
    faults: list[Fault] = []
    for index, cell in enumerate(header):
        if cell.is_blank:
            continue
        column = BY_HEADER.get(_header_of(cell))
        if column is None:
            extra[index] = quoted("".join(str(cell.value).split()))
        elif column in columns:
            first = f"{letters(columns[column])}{row}"
            faults.append(
                Fault(
                    f"{letters(index)}{row}",
                    f"表头“{column.header}”重复,已见于 {first}",
                    f"the header of {first} again",
                )
            )
        else:
            columns[column] = index
    faults += _illegible(row, header, extra)
    faults += _misspelt(row, extra, columns)
    faults += _missing(row, columns)
    personal = frozenset(index for index, told in extra.items() if is_of_people(told))
    kept = {index: told for index, told in extra.items() if index not in personal}
    return Places(columns, kept, personal, faults, list(_said(row, extra, personal)))


def _illegible(row: int, header: Sequence[Cell], extra: Mapping[int, str]) -> Iterator[Fault]:
    for index in extra:
        try:
            must_be_legible(str(header[index].value))
        except Unfit as unfit:
            yield Fault(f"{letters(index)}{row}", unfit.message, unfit.detail)


def _misspelt(row: int, extra: Mapping[int, str], columns: Mapping[Column, int]) -> Iterator[Fault]:
    """Faults for unknown headers that probably mean one of our columns that is missing. Their content must not end up in the
    remarks.
    """
    absent = {
        header: column for header, column in BY_HEADER.items() if column not in columns and column.field
    }
    for index, told in extra.items():
        meant = _meant(simplified(told), absent)
        if meant is not None:
            yield Fault(
                f"{letters(index)}{row}",
                f"未知的表头“{told}”,应为“{meant.header}”的,请改为此名",
                f"unknown header {told!r}: where {meant.header} ({meant.english}) is meant, call it so",
            )
        elif told.startswith(_BROUGHT_IN):
            known = "、".join(column.header for column in TAKEN_IN)
            yield Fault(
                f"{letters(index)}{row}",
                f"未知的表头“{told}”,接入各列为:{known}",
                f"unknown header {told!r}: what was reached elsewhere has the columns {known}",
            )


def _meant(told: str, absent: Mapping[str, Column]) -> Column | None:
    """The missing column for which a header is probably a misspelling, or the same with another unit."""
    for header, column in absent.items():
        if _UNIT.sub("", header) == _UNIT.sub("", told):
            return column
    near = difflib.get_close_matches(told, absent, 1, _NEARLY)
    return absent[near[0]] if near else None


def _missing(row: int, columns: Mapping[Column, int]) -> Iterator[Fault]:
    for column in AT_RECEIPT:
        if column.required and column not in columns:
            yield Fault(
                f"A{row}",
                f"缺少表头“{column.header}”",
                f"the header {column.header} ({column.english}) is missing",
            )


def _said(row: int, extra: Mapping[int, str], personal: frozenset[int]) -> Iterator[Fault]:
    """A notice for each column that is not ours."""
    for index, told in extra.items():
        if index in personal:
            yield Fault(
                f"{letters(index)}{row}",
                f"“{told}”列可能含有个人信息,未读入;联系方式请填入“联系人和电话”",
                f"the column {told!r} may tell of people and was not read; how to reach them goes into 联系人和电话",
            )
        else:
            yield Fault(
                f"{letters(index)}{row}",
                f"“{told}”列不是台账的列,内容记入备注",
                f"{told!r} is no column of the ledger: what it says is kept as a remark",
            )
