"""Reading a whole 台账 before anything starts: every row as a receipt, every fault with its cell, possible duplicates as questions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from domain.case.decider import receive
from domain.facts import LateOnEntry
from domain.names.claims import Claim
from domain.receipt import Contacts, Receipt
from domain.refusal import Refusal
from domain.registration import registrable
from domain.rules import Rules
from domain.sheet.cells import BLANK, Cell, Importer, Unfit, doubt_about, read_cell
from domain.sheet.columns import AT_RECEIPT, CASE_NO, MOST_ROWS, TAKEN_IN, Column, Form, letters
from domain.sheet.extras import said, with_remarks
from domain.sheet.faults import Fault
from domain.sheet.headers import Places, find_header, places_in
from domain.sheet.proportion import out_of_proportion
from domain.sheet.taking_in import taken_in, unfit_of
from domain.taken_in import TakenIn

_TOTALS: Final = frozenset({"合计", "总计", "小计"})

MOST_FAULTS: Final = 10_000
"""The most faults that are collected: one for each row of the longest sheet. A malicious sheet could have millions."""


class LedgerRow(NamedTuple):
    """A row of the sheet: its number, its receipt, and the contacts, which are kept apart."""

    number: int
    receipt: Receipt
    contacts: Contacts

    @property
    def claim(self) -> Claim:
        """The claim by which it is compared with others."""
        return Claim.of(self.receipt)


class Sheet(NamedTuple):
    """The content of a sheet: the rows, if nothing is wrong; all faults; and what somebody has to check.

    Attributes:
        header_row: The number of the header row; 0 if there is none.
        numbered: The numbers of cases that rows state, by the number of the row: the cell, and its text.
    """

    rows: list[LedgerRow]
    faults: list[Fault]
    warnings: list[Fault]
    header_row: int
    numbered: Mapping[int, tuple[str, str]] = MappingProxyType({})

    @property
    def claimed_fen(self) -> int:
        """The sum that all rows claim, without the `unverified` ones."""
        return sum(row.receipt.claimed or 0 for row in self.rows)

    @property
    def unverified(self) -> int:
        """How many rows have an amount that is to be verified."""
        return sum(row.receipt.claimed is None for row in self.rows)


Lines = Iterable[tuple[int, Sequence[Cell]]]
"""The rows of a sheet with their numbers, from the first one on."""


class Hidden(NamedTuple):
    """What a sheet hides: the numbers of rows, and the indices of columns."""

    rows: Collection[int] = ()
    columns: Collection[int] = ()


def read_ledger(lines: Lines, importer: Importer, hidden: Hidden = Hidden()) -> Sheet:
    """Read and check a whole sheet. Rows that are hidden or struck out are skipped, unless the importer wants all rows."""
    found = iter(lines)
    header_row, header = find_header(found)
    if header_row == 0:
        fault = Fault("A1", "没有表头", "there is no row of headers such as 债务人, 债权人, 项目名称")
        return Sheet([], [fault], [], 0)
    places = places_in(header_row, header)
    faults = list(places.faults)
    rows: list[LedgerRow] = []
    doubtful: list[Fault] = []
    numbered: dict[int, tuple[str, str]] = {}
    left_out: list[tuple[int, str]] = []
    count = 0
    for number, cells in found:
        if all(cell.is_blank for cell in cells):
            continue
        why = _why_left_out(number, cells, places.columns, hidden)
        if why and not importer.all_rows:
            left_out.append((number, why))
            continue
        count += 1
        if too_much := _too_much(number, count, len(faults)):
            faults.append(too_much)
            break
        row, wrong, doubts = _row(number, cells, places, importer)
        case_no, unread = _numbered(number, cells, places.columns)
        rows += [row] if row else []
        faults += [*wrong, *unread]
        doubtful += doubts
        numbered |= case_no
    if count == 0:
        faults.append(_no_rows(header_row, left_out))
    unseen = _unseen_columns(places.columns, hidden)
    asked = out_of_proportion([(row.number, row.receipt) for row in rows], places.columns)
    warnings = [*_left_out(left_out), *places.warnings, *unseen, *doubtful, *asked, *_doubles(rows)]
    return Sheet(rows, faults, warnings, header_row, numbered)


def _too_much(number: int, rows: int, faults: int) -> Fault | None:
    """Why reading stops at a row: too many rows or faults. None if it does not."""
    if rows > MOST_ROWS:
        return Fault(f"A{number}", f"超过 {MOST_ROWS} 行,请分成几个文件", f"more than {MOST_ROWS} rows")
    if faults > MOST_FAULTS:
        told = "错误过多,自此行起未再检查", "too many faults: not checked from this row on"
        return Fault(f"A{number}", *told)
    return None


def _numbered(
    number: int, cells: Sequence[Cell], columns: Mapping[Column, int]
) -> tuple[dict[int, tuple[str, str]], list[Fault]]:
    """The number of its case that a row states, or why it cannot be read."""
    index = columns.get(CASE_NO, len(cells))
    if index >= len(cells) or cells[index].is_blank:
        return {}, []
    where = f"{letters(index)}{number}"
    try:
        return {number: (where, said(cells[index]))}, []
    except Unfit as unfit:
        return {}, [Fault(where, unfit.message, unfit.detail)]


def _no_rows(header_row: int, left_out: Sequence[tuple[int, str]]) -> Fault:
    if left_out:
        return Fault(
            f"A{left_out[0][0]}",
            "数据行都是隐藏或划掉的",
            "all rows below the headers are hidden or struck out",
        )
    return Fault(f"A{header_row + 1}", "没有数据行", "there is no row below the headers")


_HIDDEN, _STRUCK = "隐藏", "划掉"
_WHY_LEFT_OUT: Final = {_HIDDEN: "hidden", _STRUCK: "struck out"}


def _why_left_out(
    number: int, cells: Sequence[Cell], columns: Mapping[Column, int], hidden: Hidden
) -> str | None:
    """Why a row is skipped: it is hidden, or struck out as a whole. None if it is read."""
    if number in hidden.rows:
        return _HIDDEN
    read = [cells[index] for column, index in columns.items() if column.field and index < len(cells)]
    written = [cell for cell in read if not cell.is_blank]
    return _STRUCK if written and all(cell.struck == "all" for cell in written) else None


def _left_out(rows: Sequence[tuple[int, str]]) -> Iterator[Fault]:
    """Notices about skipped rows; neighbouring rows with the same reason are listed together."""
    numbered = enumerate(rows)
    for (why, _), group in groupby(numbered, lambda one: (one[1][1], one[1][0] - one[0])):
        numbers = [number for _, (number, _) in group]
        first, last = numbers[0], numbers[-1]
        where, several = (
            (f"A{first}", f"{first}") if first == last else (f"A{first}:A{last}", f"{first}–{last}")
        )
        yield Fault(
            where,
            f"第 {several} 行是{why}的,未读入",
            f"left out, for it is {_WHY_LEFT_OUT[why]}: row {several}",
        )


def _unseen_columns(columns: Mapping[Column, int], hidden: Hidden) -> Iterator[Fault]:
    for column, index in columns.items():
        if column.field and index in hidden.columns:
            yield Fault(
                letters(index),
                f"“{column.header}”列是隐藏的,照样读取",
                f"the column {column.header} is hidden, and read all the same",
            )


def _row(
    number: int, cells: Sequence[Cell], places: Places, importer: Importer
) -> tuple[LedgerRow | None, list[Fault], list[Fault]]:
    """The content of a row, if nothing is wrong; its faults; and the questions about it."""
    if next(cell.value for cell in cells if not cell.is_blank) in _TOTALS:
        return None, [Fault(f"A{number}", "合计行请删除", "delete the row of totals")], []
    written, faults, doubts = _read(number, cells, places.columns, importer)
    faults = [*_unnamed(number, cells, places), *faults]
    remarks = with_remarks(written.get("note"), number, cells, places.extra)
    written |= {"note": remarks.note} if remarks.note else {}
    faults += remarks.faults
    doubts += remarks.doubts
    receipt, wrong_together = _together(number, written, places.columns, importer, is_read=not faults)
    faults += wrong_together
    if faults or receipt is None:
        return None, faults, doubts
    contacts = Contacts(written.get("contact.creditor"), written.get("contact.debtor"))
    return LedgerRow(number, receipt, contacts), [], doubts


def _unnamed(number: int, cells: Sequence[Cell], places: Places) -> Iterator[Fault]:
    named = {*places.columns.values(), *places.extra, *places.passed_over}
    for index, cell in enumerate(cells):
        if index not in named and not cell.is_blank:
            yield Fault(f"{letters(index)}{number}", "此列没有表头", "this column has no header")


def _read(
    number: int, cells: Sequence[Cell], columns: Mapping[Column, int], importer: Importer
) -> tuple[dict[str, Any], list[Fault], list[Fault]]:
    """The values of the cells by the fields of a receipt; the faults; and the questions."""
    written: dict[str, Any] = {}
    faults: list[Fault] = []
    doubts: list[Fault] = []
    is_struck = _why_left_out(number, cells, columns, Hidden()) == _STRUCK
    for column, index in columns.items():
        if column.field is None:
            continue
        where, cell = f"{letters(index)}{number}", cells[index] if index < len(cells) else BLANK
        try:
            _refuse_struck(cell, is_struck)
            value = read_cell(column, cell, importer)
        except Unfit as unfit:
            faults.append(Fault(where, unfit.message, unfit.detail))
            continue
        written |= {column.field: value} if value is not None else {}
        if doubt := doubt_about(cell):
            doubts.append(Fault(where, *doubt))
    return written, faults, doubts


def _together(
    number: int,
    written: Mapping[str, Any],
    columns: Mapping[Column, int],
    importer: Importer,
    *,
    is_read: bool,
) -> tuple[Receipt | None, list[Fault]]:
    """The receipt of a row, if all its cells could be read, and the faults of cells that contradict each other."""
    faults = [
        Fault(
            f"{letters(columns[late])}{number}",
            f"{late.header}晚于登记日",
            f"{late.english} is after the day on which the case was received",
        )
        for late in _late(written)
    ]
    try:
        brought_in = taken_in(written)
        if is_read and written.keys() >= _REQUIRED and not faults:
            return _receipt(written, brought_in, importer), []
    except Unfit as unfit:
        faults.append(Fault(f"{_at_fault(unfit, columns)}{number}", unfit.message, unfit.detail))
    return None, faults


def _at_fault(unfit: Unfit, columns: Mapping[Column, int]) -> str:
    """The letters of the column at fault: that of the field, or the first one of 接入, or the first of the row."""
    named = [index for column, index in columns.items() if unfit.field and column.field == unfit.field]
    brought_in = [index for column, index in columns.items() if column in TAKEN_IN]
    return letters(min(named or brought_in, default=0))


def _refuse_struck(cell: Cell, is_struck: bool) -> None:
    """Reject a struck-out value in a row that is not struck out, because nobody can tell which value is meant."""
    if cell.struck == "no" or cell.is_blank or (is_struck and cell.struck == "all"):
        return
    raise Unfit(
        "有划掉的内容,请删除,或去掉删除线",
        "holds something that is struck out: delete it, or remove the line through it",
    )


_OF_CONTRACT: Final = [
    column
    for column in AT_RECEIPT
    if column.form is Form.DAY and (column.field or "").startswith("contract.")
]
_REQUIRED: Final = frozenset(column.field for column in AT_RECEIPT if column.required)


_IN_SHEET: Final = {
    "taken_in.plan.instalments.0.due_on": "taken_in.plan.due_on",
    "taken_in.plan.sources": "taken_in.plan.kind",
}
"""The columns of what a receipt says elsewhere than they do: a sheet has one source of what is left to pay, and one day."""


def _late(written: Mapping[str, Any]) -> Iterator[Column]:
    """The columns with a day of the contract that is after the receipt."""
    received = written.get("received_on")
    for column in _OF_CONTRACT:
        day = written.get(column.field or "")
        if day is not None and received is not None and day > received:
            yield column


def _receipt(written: Mapping[str, Any], brought_in: TakenIn | None, importer: Importer) -> Receipt:
    """The receipt of a row.

    Raises:
        Unfit: The columns of 接入 contradict the others.
    """
    table: dict[str, Any] = {"office": importer.office, "title": written["project"], "taken_in": brought_in}
    for field, value in written.items():
        if field.startswith(("taken_in.", "contact.")):
            continue
        party, is_part, name = field.partition(".")
        if is_part:
            table.setdefault(party, {})[name] = value
        else:
            table[field] = value
    try:
        receipt = Receipt.model_validate(table)
        registrable(receipt, importer.today)
    except ValidationError as error:
        raise unfit_of(error) from error
    except Refusal as refused:
        raise Unfit(refused.message, refused.detail, _IN_SHEET.get(refused.field or "")) from None
    return receipt


def _doubles(rows: Sequence[LedgerRow]) -> Iterator[Fault]:
    """Questions about rows that look like an earlier one, unless they are marked as distinct."""
    for row, first in _repeated(rows):
        if row.receipt.distinct:
            continue
        yield Fault(
            f"A{row.number}",
            f"疑似与第 {first.number} 行重复(债务人、债权人、项目相同,金额相近)",
            f"looks like row {first.number}: same debtor, creditor and project, about the same amount",
        )


def _repeated(rows: Iterable[LedgerRow]) -> Iterator[tuple[LedgerRow, LedgerRow]]:
    """Rows that look like an earlier one, each with the first such row."""
    seen: dict[str, list[tuple[Claim, LedgerRow]]] = defaultdict(list)
    for row in rows:
        claim = row.claim
        before = (one for key in claim.keys for one in seen[key])
        first = next((one for known, one in before if claim.is_double(known)), None)
        if first is not None:
            yield row, first
            continue
        for key in claim.keys:
            seen[key].append((claim, row))


def set_apart(rows: Sequence[LedgerRow]) -> list[LedgerRow]:
    """The rows, with those that look alike marked as distinct, because whoever confirms the import says so. They may then be opened in
    any order.
    """
    alike = {row.number for pair in _repeated(rows) for row in pair}
    return [
        row._replace(receipt=row.receipt.model_copy(update={"distinct": True}))
        if row.number in alike
        else row
        for row in rows
    ]


def is_late_on_entry(receipt: Receipt, rules: Rules, now: datetime) -> bool:
    """Whether a duty had lapsed before the day on which the case is entered. That is recorded once, and its term begins again."""
    return any(isinstance(event.fact, LateOnEntry) for event in receive("", receipt, rules, now))
