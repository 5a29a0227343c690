"""A whole 台账, checked before anything starts: every fault with its cell, every row as a receipt, doubled rows as warnings."""

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
"""The most faults that are looked for: one a row of the longest sheet. A sheet made on purpose would have millions."""


class LedgerRow(NamedTuple):
    """A row of the sheet: its number there, the receipt it makes, and the contacts that are kept apart."""

    number: int
    receipt: Receipt
    contacts: Contacts

    @property
    def claim(self) -> Claim:
        """By what it is compared with others."""
        return Claim.of(self.receipt)


class Sheet(NamedTuple):
    """What a sheet says: the rows, if nothing is wrong; everything that is wrong; and what somebody has to look at.

    Attributes:
        header_row: The number of the row with the headers; 0, when there is none.
        numbered: What rows say is the number of their case, by the number of the row: the cell, and what is written there.
    """

    rows: list[LedgerRow]
    faults: list[Fault]
    warnings: list[Fault]
    header_row: int
    numbered: Mapping[int, tuple[str, str]] = MappingProxyType({})

    @property
    def claimed_fen(self) -> int:
        """The sum that all rows claim, but for the `unverified` ones."""
        return sum(row.receipt.claimed or 0 for row in self.rows)

    @property
    def unverified(self) -> int:
        """How many rows have an amount that is to be verified."""
        return sum(row.receipt.claimed is None for row in self.rows)


Lines = Iterable[tuple[int, Sequence[Cell]]]
"""The rows of a sheet by their numbers, from the first one on."""


class Hidden(NamedTuple):
    """What a sheet does not show: the numbers of its rows, and the indices of its columns."""

    rows: Collection[int] = ()
    columns: Collection[int] = ()


def read_ledger(lines: Lines, importer: Importer, hidden: Hidden = Hidden()) -> Sheet:
    """Read and check a whole sheet. Rows that are hidden or struck out are left out, unless the importer wants all rows."""
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
    """Why nothing is checked from a row on."""
    if rows > MOST_ROWS:
        return Fault(f"A{number}", f"超过 {MOST_ROWS} 行,请分成几个文件", f"more than {MOST_ROWS} rows")
    if faults > MOST_FAULTS:
        told = "错误过多,自此行起未再检查", "too many faults: not checked from this row on"
        return Fault(f"A{number}", *told)
    return None


def _numbered(
    number: int, cells: Sequence[Cell], columns: Mapping[Column, int]
) -> tuple[dict[int, tuple[str, str]], list[Fault]]:
    """What a row says is the number of its case, and why that cannot be read."""
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
    """Whether a row is one that nobody sees, or that somebody has crossed out from end to end."""
    if number in hidden.rows:
        return _HIDDEN
    read = [cells[index] for column, index in columns.items() if column.field and index < len(cells)]
    written = [cell for cell in read if not cell.is_blank]
    return _STRUCK if written and all(cell.struck == "all" for cell in written) else None


def _left_out(rows: Sequence[tuple[int, str]]) -> Iterator[Fault]:
    """The rows that were left out; neighbours with the same reason are listed together."""
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
    """What a row says, if nothing is wrong; what is wrong; what is doubtful."""
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
    """What the cells say by the fields of a receipt; what is wrong; what is doubtful."""
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
    """The receipt that the cells of a row make together, if none is missing or could not be read, and what does not fit."""
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
    """The column at fault: that of a field, or the first that says how far the case had come elsewhere, or the first of the row."""
    named = [index for column, index in columns.items() if unfit.field and column.field == unfit.field]
    brought_in = [index for column, index in columns.items() if column in TAKEN_IN]
    return letters(min(named or brought_in, default=0))


def _refuse_struck(cell: Cell, is_struck: bool) -> None:
    """Refuse a struck-out value in a row that is not struck out: nobody can tell which value is meant."""
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


def _late(written: Mapping[str, Any]) -> Iterator[Column]:
    """The days of the contract that lie after the receipt."""
    received = written.get("received_on")
    for column in _OF_CONTRACT:
        day = written.get(column.field or "")
        if day is not None and received is not None and day > received:
            yield column


def _receipt(written: Mapping[str, Any], brought_in: TakenIn | None, importer: Importer) -> Receipt:
    """The receipt.

    Raises:
        Unfit: How far it had come elsewhere goes not with the rest.
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
        return Receipt.model_validate(table)
    except ValidationError as error:
        raise unfit_of(error) from error


def _doubles(rows: Sequence[LedgerRow]) -> Iterator[Fault]:
    """What is to be looked at: rows that look like one before them, and are not said to be distinct."""
    for row, first in _repeated(rows):
        if row.receipt.distinct:
            continue
        yield Fault(
            f"A{row.number}",
            f"疑似与第 {first.number} 行重复(债务人、债权人、项目相同,金额相近)",
            f"looks like row {first.number}: same debtor, creditor and project, about the same amount",
        )


def _repeated(rows: Iterable[LedgerRow]) -> Iterator[tuple[LedgerRow, LedgerRow]]:
    """Rows that look like one before them, each with the first of those."""
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
    """The rows, those that look like one another said to be distinct: so says whoever confirms what there is to look at. They are
    opened in any order.
    """
    alike = {row.number for pair in _repeated(rows) for row in pair}
    return [
        row._replace(receipt=row.receipt.model_copy(update={"distinct": True}))
        if row.number in alike
        else row
        for row in rows
    ]


def is_late_on_entry(receipt: Receipt, rules: Rules, now: datetime) -> bool:
    """Whether something had lapsed before the day on which the case is entered: that is said once, and counted anew from then."""
    return any(isinstance(event.fact, LateOnEntry) for event in receive("", receipt, rules, now))
