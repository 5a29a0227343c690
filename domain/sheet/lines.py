"""The rows of an export: neutral text, exact amounts, dates."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from domain.age import age_on
from domain.case.casefile import Case
from domain.case.duties import light_of_case
from domain.case.verified import is_verified
from domain.contract import owed_since
from domain.sheet.cells import neutral, wan_cell
from domain.sheet.columns import AT_RECEIPT, COLUMNS, NUMBER, STATE, Column, Form
from domain.telling.amounts import TO_BE_VERIFIED

Told = str | date | Decimal | None
"""The content of an exported cell."""

_BY_CODE = {column: {code: word for word, code in column.words.items()} for column in COLUMNS}


def ledger_line(case: Case, number: int, today: date, offices: Mapping[str, str]) -> list[Told]:
    """A case as a row of the export, in the order of `COLUMNS`. Contacts are personal data and are never exported.

    Args:
        number: Its place in the sheet.
        offices: The names of the offices by code.
    """
    receipt = case.receipt
    told = receipt.model_dump()
    values: dict[Column, Any] = {NUMBER: str(number)}
    for column in AT_RECEIPT:
        values[column] = _at(told, column.field or "")
    known, since = is_verified(case), owed_since(receipt.contract, case.governed)
    due_on = min((duty.due_on for duty in case.duties), default=None)
    state = (
        case.case_no,
        case.stage,
        case.mode,
        light_of_case(case, today),
        case.holder,
        since.on if since else None,
        age_on(today, since.on if since else None),
        *(fen if known else None for fen in (case.undisputed_fen, case.disputed_fen, case.not_yet_due_fen)),
        min((part.due_on for part in case.dues), default=None),
        case.judicial_fen if known else None,
        case.cleared_fen,
        case.outstanding_fen if known else None,
        due_on,
    )
    values |= dict(zip(STATE, state, strict=True))
    return [_told(column, values[column], offices) for column in COLUMNS]


def _at(receipt: Mapping[str, Any], field: str) -> Any:
    whole, is_part, name = field.partition(".")
    return (receipt.get(whole) or {}).get(name) if is_part else receipt[field]


def _told(column: Column, value: Any, offices: Mapping[str, str]) -> Told:
    if value is None and column.may_be_unknown:
        return TO_BE_VERIFIED[0]
    if value is None or isinstance(value, date):
        return value
    if column.form is Form.AMOUNT:
        return wan_cell(value)
    if column.form is Form.DAYS:
        return Decimal(value)
    if column.form is Form.YES_NO:
        return "是" if value else "否"
    if column.form is Form.CHOICE:
        return _BY_CODE[column][value]
    return neutral(offices.get(value, value) if column.form is Form.OFFICE else value)
