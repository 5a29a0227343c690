"""A whole 台账, checked before anything starts: every fault with its cell, every row as a receipt, doubled rows as warnings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from domain.calendar import business_date
from domain.case import begin, receive
from domain.duties import light_of_case
from domain.ledger_cells import BLANK, Cell, Importer, Unfit, read_cell
from domain.ledger_columns import AT_RECEIPT, BY_HEADER, MOST_ROWS, Column, letters, simplified
from domain.receipt import Receipt
from domain.rules import Rules
from domain.value import Light

_HEADERS_AT_LEAST: Final = 3
"""So many known headers make a row the header row; above it may stand the sheet's title."""

_HEADER_WITHIN: Final = 10
_TOTALS: Final = frozenset({"合计", "总计", "小计"})


class Fault(NamedTuple):
    """What is wrong, and in which cell (`F12`; `文件`, when it is the file): in Chinese, and in English."""

    cell: str
    message: str
    detail: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.message} {self.detail}"


class LedgerRow(NamedTuple):
    """A row of the sheet: its number there, the receipt it makes, and the contact that is kept apart."""

    number: int
    receipt: Receipt
    contact: str | None

    @property
    def claim(self) -> tuple[str, str, str, int]:
        """Who owes whom what for which project: two rows that agree in it are doubles."""
        receipt = self.receipt
        return receipt.debtor.name, receipt.creditor.name, receipt.project, receipt.claimed


class Sheet(NamedTuple):
    """What a sheet says: the rows, if nothing is wrong; everything that is wrong; and what somebody has to look at.

    Attributes:
        header_row: The number of the row with the headers; 0, when there is none.
    """

    rows: list[LedgerRow]
    faults: list[Fault]
    warnings: list[Fault]
    header_row: int

    @property
    def claimed_fen(self) -> int:
        """What all rows claim."""
        return sum(row.receipt.claimed for row in self.rows)


Lines = Iterable[tuple[int, Sequence[Cell]]]
"""The rows of a sheet by their numbers, from the first one on."""


def read_ledger(lines: Lines, importer: Importer) -> Sheet:
    """Read and check a whole sheet."""
    found = iter(lines)
    header_row, header = _find_header(found)
    if header_row == 0:
        fault = Fault("A1", "没有表头", "there is no row of headers such as 债务人, 债权人, 项目名称")
        return Sheet([], [fault], [], 0)
    columns, faults = _columns(header_row, header)
    rows: list[LedgerRow] = []
    count = 0
    for number, cells in found:
        if all(cell.is_blank for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            faults.append(
                Fault(f"A{number}", f"超过 {MOST_ROWS} 行,请分成几个文件", f"more than {MOST_ROWS} rows")
            )
            break
        read = _row(number, cells, columns, importer)
        if isinstance(read, LedgerRow):
            rows.append(read)
        else:
            faults += read
    if count == 0:
        faults.append(Fault(f"A{header_row + 1}", "没有数据行", "there is no row below the headers"))
    return Sheet(rows, faults, list(_doubles(rows)), header_row)


def _find_header(lines: Iterator[tuple[int, Sequence[Cell]]]) -> tuple[int, Sequence[Cell]]:
    for number, cells in lines:
        if sum(_header_of(cell) in BY_HEADER for cell in cells) >= _HEADERS_AT_LEAST:
            return number, cells
        if number >= _HEADER_WITHIN:
            break
    return 0, ()


def _header_of(cell: Cell) -> str:
    return simplified(cell.value) if isinstance(cell.value, str) else ""


def _columns(row: int, header: Sequence[Cell]) -> tuple[dict[Column, int], list[Fault]]:
    """Where each column stands; unknown, doubled and missing headers."""
    places: dict[Column, int] = {}
    faults: list[Fault] = []
    for index, cell in enumerate(header):
        if cell.is_blank:
            continue
        where, column = f"{letters(index)}{row}", BY_HEADER.get(_header_of(cell))
        if column is None:
            faults.append(Fault(where, f"未知的表头“{cell.value}”", f"unknown header {cell.value!r}"))
        elif column in places:
            first = f"{letters(places[column])}{row}"
            faults.append(
                Fault(where, f"表头“{column.header}”重复,已见于 {first}", f"the header of {first} again")
            )
        else:
            places[column] = index
    faults += [
        Fault(
            f"A{row}",
            f"缺少表头“{column.header}”",
            f"the header {column.header} ({column.english}) is missing",
        )
        for column in AT_RECEIPT
        if column.required and column not in places
    ]
    return places, faults


def _row(
    number: int, cells: Sequence[Cell], columns: Mapping[Column, int], importer: Importer
) -> LedgerRow | list[Fault]:
    if next(cell.value for cell in cells if not cell.is_blank) in _TOTALS:
        return [Fault(f"A{number}", "合计行请删除", "delete the row of totals")]
    named = set(columns.values())
    faults = [
        Fault(f"{letters(index)}{number}", "此列没有表头", "this column has no header")
        for index, cell in enumerate(cells)
        if index not in named and not cell.is_blank
    ]
    written: dict[str, Any] = {}
    for column, index in columns.items():
        if column.field is None:
            continue
        try:
            value = read_cell(column, cells[index] if index < len(cells) else BLANK, importer)
        except Unfit as unfit:
            faults.append(Fault(f"{letters(index)}{number}", unfit.message, unfit.detail))
        else:
            written |= {column.field: value} if value is not None else {}
    if _is_signed_late(written):
        where = f"{letters(columns[_SIGNED_ON])}{number}"
        faults.append(
            Fault(where, "合同签订日晚于登记日", "the contract was signed after the case was received")
        )
    if faults or not written.keys() >= _REQUIRED:
        return faults
    return LedgerRow(number, _receipt(written, importer), written.get("contact"))


_SIGNED_ON: Final = next(column for column in AT_RECEIPT if column.field == "contract_signed_on")
_REQUIRED: Final = frozenset(column.field for column in AT_RECEIPT if column.required)


def _is_signed_late(written: Mapping[str, Any]) -> bool:
    signed, received = written.get("contract_signed_on"), written.get("received_on")
    return signed is not None and received is not None and signed > received


def _receipt(written: Mapping[str, Any], importer: Importer) -> Receipt:
    table: dict[str, Any] = {"office": importer.office, "title": written["project"]}
    for field, value in written.items():
        party, is_part, name = field.partition(".")
        if is_part:
            table.setdefault(party, {})[name] = value
        elif field != "contact":
            table[field] = value
    return Receipt.model_validate(table)


def _doubles(rows: Sequence[LedgerRow]) -> Iterator[Fault]:
    seen: dict[tuple[str, str, str, int], int] = {}
    for row in rows:
        first = seen.setdefault(row.claim, row.number)
        if first != row.number:
            yield Fault(
                f"A{row.number}",
                f"与第 {first} 行重复(债务人、债权人、项目、金额相同)",
                f"doubles row {first}: same debtor, creditor, project and amount",
            )


def doubles_of_cases(
    rows: Iterable[LedgerRow], cases: Mapping[tuple[str, str, str, int], str]
) -> list[Fault]:
    """Rows that say what an open case says already. `cases` are numbers by claim."""
    return [
        Fault(
            f"A{row.number}",
            f"与在办案件 {cases[row.claim]} 重复(债务人、债权人、项目、金额相同)",
            f"doubles the open case {cases[row.claim]}: same debtor, creditor, project and amount",
        )
        for row in rows
        if row.claim in cases
    ]


def light_at_first(receipt: Receipt, rules: Rules, now: datetime) -> Light:
    """The light of a case on its first day here: one that was received long ago is late at once."""
    case = begin("", receive("", receipt, rules, now))
    return light_of_case(case, business_date(now))
