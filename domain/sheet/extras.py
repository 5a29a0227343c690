"""What stands in columns that the 台账 does not have: kept word for word as remarks of the row."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from domain.sheet.cells import BLANK, Cell, Unfit, as_written, must_be_readable
from domain.sheet.columns import letters
from domain.sheet.faults import Fault
from domain.value import LONGEST_TEXT, is_writable


def note_with(
    note: str | None, number: int, cells: Sequence[Cell], extra: Mapping[int, str]
) -> tuple[str | None, list[Fault]]:
    """The note of a row with what its other columns say, a line each (`column:content`), and what cannot be kept.

    Args:
        extra: The headers of these columns by their indices.
    """
    faults: list[Fault] = []
    lines = list(_lines(number, cells, extra, faults))
    if not lines:
        return note, faults
    whole = "\n".join([*([note] if note else []), *lines])
    if len(whole) <= LONGEST_TEXT:
        return whole, faults
    first = letters(next(index for index in extra if index < len(cells) and not cells[index].is_blank))
    too_long = Fault(
        f"{first}{number}",
        f"备注与台账以外各列合计超过 {LONGEST_TEXT} 字",
        f"the note and the columns that are not ours come to more than {LONGEST_TEXT} characters",
    )
    return note, [*faults, too_long]


def _lines(
    number: int, cells: Sequence[Cell], extra: Mapping[int, str], faults: list[Fault]
) -> Iterator[str]:
    for index, header in extra.items():
        cell = cells[index] if index < len(cells) else BLANK
        if cell.is_blank:
            continue
        try:
            yield f"{header}:{_said(cell)}"
        except Unfit as unfit:
            faults.append(Fault(f"{letters(index)}{number}", unfit.message, unfit.detail))


def _said(cell: Cell) -> str:
    """What a cell says, whatever it is.

    Raises:
        Unfit: It is no value, or cannot be written down.
    """
    must_be_readable(cell)
    value = cell.value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return f"{value:.15g}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    text = as_written(str(value)).strip()
    if not is_writable(text):
        raise Unfit("有不可见的控制字符", "holds a control character")
    return text
