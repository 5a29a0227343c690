"""The content of columns that the 台账 does not have: kept as remarks of the row, as the sheet displays it.

A cell that does not display all that it stores is kept as stored, and reported. Personal data is not kept.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from domain.sheet.cells import (
    Cell,
    Doubt,
    Unfit,
    as_decimal,
    as_written,
    doubt_about,
    must_be_exact,
    must_be_legible,
    must_be_readable,
    quoted,
)
from domain.sheet.columns import letters
from domain.sheet.faults import Fault
from domain.sheet.formats import display_of, is_percent
from domain.sheet.personal import has_number_of_people
from domain.value import LONGEST_TEXT


class Remarks(NamedTuple):
    """The note of a row with its remarks; what cannot be kept; and what somebody has to check."""

    note: str | None
    faults: list[Fault]
    doubts: list[Fault]


def with_remarks(note: str | None, number: int, cells: Sequence[Cell], extra: Mapping[int, str]) -> Remarks:
    """The note of a row with the content of its other columns, one line each (`column:content`).

    Args:
        extra: The headers of those columns by index.
    """
    faults: list[Fault] = []
    doubts: list[Fault] = []
    lines: list[str] = [note] if note else []
    written = {index: cells[index] for index in extra if index < len(cells) and not cells[index].is_blank}
    for index, cell in written.items():
        where = f"{letters(index)}{number}"
        try:
            told = said(cell)
        except Unfit as unfit:
            faults.append(Fault(where, unfit.message, unfit.detail))
            continue
        if has_number_of_people(told):
            doubts.append(Fault(where, *_of_people(extra[index])))
            continue
        lines.append(f"{extra[index]}:{told}")
        doubts += [Fault(where, *doubt)] if (doubt := _doubt_about(cell)) else []
    whole = "\n".join(lines)
    if written and len(whole) > LONGEST_TEXT:
        faults.append(Fault(f"{letters(next(iter(written)))}{number}", *_TOO_LONG))
    return Remarks(whole or None, faults, doubts)


def said(cell: Cell) -> str:
    """The content of a cell as text, whatever its type.

    Raises:
        Unfit: It holds no value, cannot be written down, or may have lost digits.
    """
    must_be_readable(cell)
    value = cell.value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    text = as_written(str(value)).strip()
    must_be_legible(text)
    return text


def _number(value: float, number_format: str) -> str:
    """A number with the sign, unit and leading zeros that its format displays."""
    must_be_exact(value)
    number = as_decimal(value)
    if is_percent(number_format):
        return f"{(number * 100).normalize():f}%"
    display = display_of(number_format)
    if display is None:
        return f"{number:f}"
    whole, point, decimals = f"{abs(number):f}".partition(".")
    sign = "-" if number < 0 else ""
    return f"{sign}{whole.zfill(display.least_digits)}{point}{decimals}{display.unit}"


def _doubt_about(cell: Cell) -> Doubt | None:
    value = cell.value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and display_of(cell.number_format) is None and not is_percent(cell.number_format):
        told, stored = quoted(cell.number_format), said(cell)
        return Doubt(
            f"按格式 {told} 显示的与所存的 {stored} 不同,按所存的记入备注",
            f"by its format {told} shows something else than it holds: {stored} is kept as a remark",
        )
    return doubt_about(cell)


def _of_people(header: str) -> tuple[str, str]:
    return (
        f"“{header}”列此格像是电话、证件号或银行账号,未记入备注;联系方式请填入“联系人和电话”",
        f"the cell looks like the number of a telephone, an identity card or a bank account and was not kept "
        f"(column {header!r}); how to reach people goes into 联系人和电话",
    )


_TOO_LONG = (
    f"备注与台账以外各列合计超过 {LONGEST_TEXT} 字",
    f"the note and the columns that are not ours come to more than {LONGEST_TEXT} characters",
)
