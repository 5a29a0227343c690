"""Rows of a sheet whose cases are already on record. An import leaves those cases unchanged, and reports them."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from domain.doubles import Candidate, told
from domain.sheet.columns import AT_RECEIPT, CASE_NO
from domain.sheet.faults import Fault
from domain.sheet.rows import LedgerRow, Sheet
from domain.value import LONGEST_TEXT

_OF_CELL: Final = re.compile("[A-Z]+([0-9]+)")


def without_known(sheet: Sheet, known: Collection[str]) -> Sheet:
    """A sheet without the rows whose case is on record; each is reported, and its faults are ignored. A row with another number is a
    new case; this is reported too, and its number is kept as a remark.

    Args:
        known: The numbers in the sheet that are on record.
    """
    cells = {row: cell for row, (cell, case_no) in sheet.numbered.items() if case_no in known}
    rows = [_with_number(row, sheet) for row in sheet.rows if row.number not in cells]
    faults = [fault for fault in sheet.faults if _row_of(fault) not in cells]
    said = [Fault(cell, *(_KNOWN if row in cells else _UNKNOWN)) for row, (cell, _) in sheet.numbered.items()]
    if cells and not rows and not faults:
        nothing = Fault(next(iter(cells.values())), *_NOTHING_NEW)
        return sheet._replace(rows=[], faults=[nothing], warnings=[])
    faults += [Fault(sheet.numbered[row.number][0], *_TOO_LONG) for row in rows if _is_too_long(row)]
    warnings = [warning for warning in sheet.warnings if _row_of(warning) not in cells]
    return sheet._replace(rows=rows, faults=faults, warnings=[*said, *warnings])


def _with_number(row: LedgerRow, sheet: Sheet) -> LedgerRow:
    """A row with a remark about the number under which somebody else knows the case, if it has one."""
    if row.number not in sheet.numbered:
        return row
    remark = f"{CASE_NO.header}:{sheet.numbered[row.number][1]}"
    note = f"{row.receipt.note}\n{remark}" if row.receipt.note else remark
    return row._replace(receipt=row.receipt.model_copy(update={"note": note}))


def _is_too_long(row: LedgerRow) -> bool:
    return len(row.receipt.note or "") > LONGEST_TEXT


def _row_of(fault: Fault) -> int:
    """The number of the row of a fault; 0 if it concerns several rows, or none."""
    found = _OF_CELL.fullmatch(fault.cell)
    return int(found[1]) if found else 0


_KNOWN: Final = (
    "此案号的案件已登记,本行不再登记,也不更新该案的任何内容",
    "the case of this number is on record: the row is not opened again, and changes nothing of it",
)
_UNKNOWN: Final = (
    "没有此案号的案件,按新案件登记,所填案号记入备注",
    "there is no case of this number: the row is registered as a new one, with the number as a remark",
)
_TOO_LONG: Final = (
    f"备注与案号合计超过 {LONGEST_TEXT} 字",
    f"the note and the number of the case come to more than {LONGEST_TEXT} characters",
)
_NOTHING_NEW: Final = (
    "各行都是已登记的案件,没有可以新登记的;导入不更新已登记的案件",
    "every row is a case on record: there is nothing to open, and an import changes no case",
)

_APART: Final = next(column for column in AT_RECEIPT if column.field == "distinct")


def doubles_of_cases(candidates: Mapping[int, Sequence[Candidate]]) -> list[Fault]:
    """Questions about rows that look like cases on record.

    Args:
        candidates: The similar cases by the number of the row.
    """
    return [
        Fault(
            f"A{number}",
            f"疑似与已登记案件重复:{chinese};确为另一案件的,在“{_APART.header}”列填“是”;是同一案件的请删除此行,导入不更新已登记的案件",
            f"looks like a case on record: {in_english}; where it is another, say 是 in the column {_APART.header}; "
            "where it is the same, delete the row: an import changes no case",
        )
        for number, found in candidates.items()
        for chinese, in_english in [told(found)]
    ]
