"""One cell of the 台账: what a person wrote as what a receipt wants, and what the record knows as what a sheet shows."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from domain.credit_code import fault_in, tidy
from domain.ledger_columns import Column, Form
from domain.money import format_money, parse_money
from domain.rules import is_below
from domain.value import FIRST_DAY

_EXACT_FEN: Final = 10**15
"""Below this a number of a sheet, which has fifteen digits, holds an amount to the fen."""

_FEN_OF_WAN: Final = 10**6
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_BARE_NUMBER = re.compile(r"[0-9０-９.．]$")
_FORMULA_STARTS: Final = frozenset("=+-@\t\r\n＝＋－＠")
"""With what a spreadsheet, or the reader of a CSV made from one, begins something to carry out."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL: Final = 32_767


class Cell(NamedTuple):
    """What stands in a cell. A formula is not carried out, and what one left behind as an error is no value."""

    value: Any = None
    kind: Literal["value", "formula", "error"] = "value"

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        return self.kind == "value" and (
            self.value is None or (isinstance(self.value, str) and not self.value.strip())
        )


BLANK: Final = Cell()


class Importer(NamedTuple):
    """For whom a sheet is read: the office, the offices of the rule pack by their codes, and the business date."""

    office: str
    offices: Mapping[str, str]
    today: date


class Unfit(Exception):  # noqa: N818 - it is told to a person, with the cell
    """What is written is not what the column is for: a sentence in Chinese, the same in English."""

    def __init__(self, message: str, detail: str) -> None:
        super().__init__(detail)
        self.message, self.detail = message, detail


def read_cell(column: Column, cell: Cell, importer: Importer) -> Any:
    """What a cell says, as a receipt wants it: text, a code word, fen, a date, yes or no. None, when it is blank.

    Raises:
        Unfit: It cannot be read, or is missing.
    """
    if cell.kind == "formula":
        raise Unfit(
            "是公式,请粘贴为数值", "is a formula; paste its value instead: formulas are not carried out"
        )
    if cell.kind == "error":
        raise Unfit("是错误值", "holds an error value")
    if cell.is_blank:
        if column.required:
            raise Unfit(f"{column.header}未填写", f"{column.english} is missing")
        return None
    return _READERS[column.form](column, cell.value, importer)


def _text(column: Column, value: Any, importer: Importer) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Unfit("应为文字", "must be text")
    if isinstance(value, float | int):
        if not abs(value) < _EXACT_FEN or value != int(value):
            raise Unfit(
                "是数字,位数可能已丢失,请设为文本格式后重填",
                "is a number that may have lost digits; format the cell as text and write it again",
            )
        return str(int(value))
    text = as_written(value).strip()
    if len(text) > column.longest:
        raise Unfit(f"超过 {column.longest} 字", f"is longer than {column.longest} characters")
    if _UNPRINTABLE.search(text):
        raise Unfit("有不可见的控制字符", "holds a control character")
    return text


def _choice(column: Column, value: Any, importer: Importer) -> str:
    text = _text(column, value, importer)
    if text in column.words:
        return column.words[text]
    if text not in column.words.values():
        known = "、".join(column.words)
        raise Unfit(
            f"{column.header}应为:{known}", f"{column.english} is one of {', '.join(column.words.values())}"
        )
    return text


def _yes_no(column: Column, value: Any, importer: Importer) -> bool:
    if isinstance(value, bool):
        return value
    answer = {"是": True, "否": False}.get(_text(column, value, importer))
    if answer is None:
        raise Unfit("应为“是”或“否”", "must be 是 (yes) or 否 (no)")
    return answer


def _amount(column: Column, value: Any, importer: Importer) -> int:
    try:
        if isinstance(value, float | int) and not isinstance(value, bool):
            fen = parse_money(f"{Decimal(f'{value:.15g}'):f}万元")
        else:
            text = _text(column, value, importer)
            fen = parse_money(f"{text}万元" if _BARE_NUMBER.search(text) else text)
    except ValueError as error:
        raise Unfit(
            "不是精确到分的金额,可写作 4216、4216.5(万元)、8.044亿元 或 42160000.00元", str(error)
        ) from error
    if fen == 0:
        raise Unfit("金额应大于零", "the amount must be above zero")
    return fen


def _day(column: Column, value: Any, importer: Importer) -> date:
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    else:
        day = _written_day(_text(column, value, importer))
    if day > importer.today:
        raise Unfit(f"晚于今天 {importer.today}", f"is after today, {importer.today}")
    if day < FIRST_DAY:
        raise Unfit(f"早于 {FIRST_DAY},请核对年份", f"is before {FIRST_DAY}; check the year")
    return day


def _written_day(text: str) -> date:
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        year, month, day = (int(part) for part in (match.groups() if match else ()) if part)
        return date(year, month, day)
    except ValueError as error:
        raise Unfit(
            "不是日期,可写作 2023-04-26 或设为日期格式",
            "is no date; write it like 2023-04-26, or format the cell as a date",
        ) from error


def _code(column: Column, value: Any, importer: Importer) -> str:
    code = tidy(_text(column, value, importer))
    if fault := fault_in(code):
        raise Unfit(*fault)
    return code


def _office(column: Column, value: Any, importer: Importer) -> str:
    text = _text(column, value, importer)
    named = [code for code, name in importer.offices.items() if name == text]
    code = named[0] if len(named) == 1 else text
    if code not in importer.offices:
        raise Unfit(f"规则包中没有办公室“{text}”", f"the rule pack has no office {text!r}")
    if code != importer.office and not is_below(code, importer.office):
        raise Unfit(
            f"{code} 不是 {importer.office} 或其下级办公室",
            f"{code} is neither {importer.office} nor below it",
        )
    return code


_READERS: Final[Mapping[Form, Callable[[Column, Any, Importer], Any]]] = {
    Form.TEXT: _text,
    Form.CHOICE: _choice,
    Form.YES_NO: _yes_no,
    Form.AMOUNT: _amount,
    Form.DAY: _day,
    Form.CODE: _code,
    Form.OFFICE: _office,
}


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before what would begin one.

    One stands before an apostrophe as well, so that `as_written` gives back exactly what was there. What a sheet cannot hold is
    shown as U+FFFD; a text that is too long for a cell ends in an ellipsis.
    """
    text = _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _is_marked(text):
        text = "'" + text
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"


def as_written(text: str) -> str:
    """What was there before `neutral`."""
    return text[1:] if text[:1] == "'" and _is_marked(text[1:]) else text


def _is_marked(text: str) -> bool:
    return text[:1] == "'" or text[:1] in _FORMULA_STARTS or text.lstrip()[:1] in _FORMULA_STARTS


def in_wan(fen: int) -> Decimal | str:
    """An amount as a number of 万元, exact to the fen; as text with its unit where a number of a sheet has too few digits."""
    if fen >= _EXACT_FEN:
        return format_money(fen)
    return (Decimal(fen) / _FEN_OF_WAN).normalize()
