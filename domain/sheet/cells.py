"""The cells of the 台账: reading what a person wrote, and writing what the record knows."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from domain.contract import MOST_TERM_DAYS
from domain.money import format_money, parse_money
from domain.names.credit_code import fault_in, tidy
from domain.rules import is_below
from domain.sheet.columns import Column, Form
from domain.sheet.formats import display_of, is_percent, shows_text_as_it_is, shows_whole_day
from domain.telling.amounts import TO_BE_VERIFIED
from domain.value import FIRST_DAY, LAST_DAY, UNWRITABLE

_EXACT: Final = 10**15
"""Numbers of a sheet have fifteen digits, so amounts below this are exact to the fen."""

_BEYOND_NUMBERS: Final = 10**300
"""Greater than any number that a spreadsheet can store, although a file may contain such a number."""

_FEN_OF_WAN: Final = 10**6
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_DAYS = re.compile(r"(?P<days>\d{1,6}) ?[日天]?")
_BARE_NUMBER = re.compile(r"[0-9０-９.．]$")
_FORMULA_STARTS: Final = frozenset("=+-@\t\r\n＝＋－＠")
"""The characters with which a formula begins, in a spreadsheet or in a CSV made from one."""

_UNPRINTABLE = re.compile(f"{UNWRITABLE.pattern}|[\ufffe\uffff]")
_LOST: Final = "\ufffd"
"""U+FFFD, which stands for a character that could not be read or cannot be written."""

_LONGEST_CELL: Final = 32_767

_QUOTED: Final = 50
"""How many characters of a cell a message quotes."""


class Cell(NamedTuple):
    """The content of a cell. A formula is not evaluated, and an error value is not read.

    Attributes:
        value: The value. Of a formula, the result stored with the file, only to be shown; None if there is none.
        kind: What the value is; `time` is a time of day or a duration.
        number_format: The format in which the value is displayed.
        struck: How much of the text is struck out.
    """

    value: Any = None
    kind: Literal["value", "date", "time", "formula", "error"] = "value"
    number_format: str = "General"
    struck: Literal["no", "part", "all"] = "no"

    @property
    def is_blank(self) -> bool:
        """Whether the cell is empty or has only blanks."""
        return self.kind == "value" and (
            self.value is None or (isinstance(self.value, str) and not self.value.strip())
        )


class Doubt(NamedTuple):
    """A value that was read although the cell displays something else: a sentence in Chinese, and in English."""

    message: str
    detail: str


BLANK: Final = Cell()


class Importer(NamedTuple):
    """For whom a sheet is read: the office, the offices of the rule pack by code, and the business date.

    Attributes:
        all_rows: Whether rows that are hidden or struck out are read as well.
    """

    office: str
    offices: Mapping[str, str]
    today: date
    all_rows: bool = False


class Unfit(Exception):  # noqa: N818 - it is told to a person, with the cell
    """A cell that does not fit its column: a sentence in Chinese, and in English. If several cells contradict each other, `field` is
    that of the one reported.
    """

    def __init__(self, message: str, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.message, self.detail, self.field = message, detail, field


def read_cell(column: Column, cell: Cell, importer: Importer) -> Any:
    """Read a cell as the receipt's type: text, a code word, fen, a date, or a truth value. None if it is blank.

    Raises:
        Unfit: It cannot be read, or is required and missing.
    """
    must_be_readable(cell)
    if cell.is_blank:
        if column.required:
            raise Unfit(f"{column.header}未填写", f"{column.english} is missing")
        return None
    return _READERS[column.form](column, cell, importer)


def must_be_readable(cell: Cell) -> None:
    """Check that a cell holds a value, and displays it as it is.

    Raises:
        Unfit: It is a formula, an error, a time of day, or a text that its format displays differently.
    """
    if cell.kind == "formula":
        raise Unfit(
            "是公式,请粘贴为数值", "is a formula; paste its value instead: formulas are not carried out"
        )
    if cell.kind == "error":
        raise Unfit("是错误值", "holds an error value")
    if cell.kind == "time":
        raise Unfit("是时刻或时长", "is a time of day or a length of time")
    if isinstance(cell.value, str) and not (cell.is_blank or shows_text_as_it_is(cell.number_format)):
        told = quoted(cell.value)
        raise Unfit(
            f"单元格格式使显示的与所存的文字“{told}”不同,请把格式设为文本",
            f"its format shows something else than the text {told!r}: format the cell as text",
        )


def must_be_legible(text: str) -> None:
    """Check that all characters of a text are visible and can be stored.

    Raises:
        Unfit: It has a control character, or one that replaces a lost character.
    """
    if _UNPRINTABLE.search(text):
        raise Unfit("有不可见的控制字符", "holds a control character")
    if _LOST in text:
        raise Unfit(
            f"有无法辨认的字符“{_LOST}”,请改正",
            f"holds {_LOST}, which stands for a character that was lost: write what is meant",
        )


def printable(text: str) -> str:
    """The text with U+FFFD in place of each character that sheets, pages or the record cannot hold."""
    return _UNPRINTABLE.sub(_LOST, text)


def quoted(text: str) -> str:
    """The beginning of a text, as long as a message quotes."""
    return printable(text[:_QUOTED])


def doubt_about(cell: Cell) -> Doubt | None:
    """What to ask about a cell that displays less of its number or day than it stores; None if nothing."""
    if isinstance(cell.value, date) and not shows_whole_day(cell.number_format):
        day = f"{cell.value:%Y-%m-%d}"
        return Doubt(f"未显示完整的年月日,按 {day} 读取", f"does not show the whole day; it is read as {day}")
    if not _is_number(cell.value):
        return None
    display = display_of(cell.number_format)
    if display is None or display.decimals is None:
        return None
    stored = as_decimal(cell.value)
    shown = round(stored, display.decimals)
    if shown == stored:
        return None
    return Doubt(
        f"显示为 {shown:f}{display.unit},实存 {stored:f}{display.unit},按实存读取",
        f"shows {shown:f}{display.unit} and holds {stored:f}{display.unit}; it is read as what it holds",
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _BEYOND_NUMBERS


def must_be_exact(value: float) -> None:
    """Check that a number has no more digits than a sheet keeps.

    Raises:
        Unfit: It may have lost some.
    """
    if not abs(value) < _EXACT:
        raise _lost_digits()


def _lost_digits() -> Unfit:
    return Unfit(
        "是数字,位数可能已丢失,请设为文本格式后重填",
        "is a number that may have lost digits; format the cell as text and write it again",
    )


def as_decimal(value: float) -> Decimal:
    """A number of a sheet, to its fifteen digits."""
    return Decimal(f"{value:.15g}")


def _text(column: Column, cell: Cell, importer: Importer) -> str:
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Unfit("应为文字", "must be text")
    if isinstance(value, float | int):
        return _digits(value, cell.number_format)
    text = as_written(value).strip()
    if len(text) > column.longest:
        raise Unfit(f"超过 {column.longest} 字", f"is longer than {column.longest} characters")
    must_be_legible(text)
    return text


def _digits(value: float, number_format: str) -> str:
    """A number in the place of a text, such as a year or a code, with its digits as displayed."""
    must_be_exact(value)
    if value != int(value):
        raise _lost_digits()
    text = str(int(value))
    display = display_of(number_format)
    if display is None or display.unit or len(text) < display.least_digits:
        raise Unfit(
            f"所存的是数字 {text},按格式 {quoted(number_format)} 显示的与之不同,请设为文本格式后重填",
            f"holds the number {text} and by its format {quoted(number_format)} shows another; "
            "format the cell as text and write it again",
        )
    return text


def _choice(column: Column, cell: Cell, importer: Importer) -> str:
    text = _text(column, cell, importer)
    if text in column.words:
        return column.words[text]
    if text not in column.words.values():
        known = "、".join(column.words)
        raise Unfit(
            f"{column.header}应为:{known}", f"{column.english} is one of {', '.join(column.words.values())}"
        )
    return text


def _yes_no(column: Column, cell: Cell, importer: Importer) -> bool:
    if isinstance(cell.value, bool):
        return cell.value
    answer = {"是": True, "否": False}.get(_text(column, cell, importer))
    if answer is None:
        raise Unfit("应为“是”或“否”", "must be 是 (yes) or 否 (no)")
    return answer


def _amount(column: Column, cell: Cell, importer: Importer) -> int | None:
    if column.may_be_unknown and str(cell.value).strip() == TO_BE_VERIFIED[0]:
        return None
    try:
        if _is_number(cell.value):
            fen = parse_money(f"{as_decimal(cell.value):f}{_unit_of(cell)}")
        else:
            text = _text(column, cell, importer)
            fen = parse_money(f"{text}万元" if _BARE_NUMBER.search(text) else text)
    except ValueError as error:
        raise Unfit(
            "不是精确到分的金额,可写作 4216、4216.5(万元)、8.044亿元 或 42160000.00元", str(error)
        ) from error
    if fen == 0 and not column.may_be_zero:
        raise Unfit("金额应大于零", "the amount must be above zero")
    return fen


def _unit_of(cell: Cell) -> str:
    """The unit of a number: 万元, unless the cell's format displays another."""
    stored = f"{as_decimal(cell.value):f}"
    if is_percent(cell.number_format):
        shown = f"{(as_decimal(cell.value) * 100).normalize():f}%"
        raise Unfit(
            f"显示为百分比 {shown},实存 {stored},不是金额,请填写金额并把格式设为常规",
            f"shows the percentage {shown} and holds {stored}, which is no amount: "
            "write the amount and format the cell as General",
        )
    display = display_of(cell.number_format)
    if display is None:
        in_wan, in_yuan = f"{stored}万元", f"{as_decimal(cell.value) / 10_000:f}万元"
        told = quoted(cell.number_format)
        raise Unfit(
            f"实存 {stored},格式 {told} 显示的与之不同:是 {in_wan},还是 {stored}元即 {in_yuan}?"
            "请填写应有的万元数并把格式设为常规",
            f"holds {stored} and by its format {told} shows another number: is it {in_wan}, or {stored}元, "
            f"which is {in_yuan}? Write the number of 万元 and format the cell as General",
        )
    return display.unit or "万元"


def _day(column: Column, cell: Cell, importer: Importer) -> date:
    value = cell.value
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    else:
        # Any format displays the number 20230426 with its digits in this order.
        day = _written_day(_text(column, cell._replace(number_format="General"), importer))
    if day > importer.today and not column.may_lie_ahead:
        raise Unfit(f"晚于今天 {importer.today}", f"is after today, {importer.today}")
    if day > LAST_DAY:
        raise Unfit(f"晚于 {LAST_DAY},请核对年份", f"is after {LAST_DAY}; check the year")
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


def _days(column: Column, cell: Cell, importer: Importer) -> int:
    written = _DAYS.fullmatch(unicodedata.normalize("NFKC", _text(column, cell, importer)))
    if written is None or (days := int(written["days"])) > MOST_TERM_DAYS:
        raise Unfit(
            f"应为自然日的天数,如 60,不超过 {MOST_TERM_DAYS}",
            f"must be a number of calendar days such as 60, {MOST_TERM_DAYS} at most",
        )
    return days


def _code(column: Column, cell: Cell, importer: Importer) -> str:
    code = tidy(_text(column, cell, importer))
    if fault := fault_in(code):
        raise Unfit(*fault)
    return code


def _office(column: Column, cell: Cell, importer: Importer) -> str:
    text = _text(column, cell, importer)
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


_READERS: Final[Mapping[Form, Callable[[Column, Cell, Importer], Any]]] = {
    Form.TEXT: _text,
    Form.CHOICE: _choice,
    Form.YES_NO: _yes_no,
    Form.AMOUNT: _amount,
    Form.DAY: _day,
    Form.DAYS: _days,
    Form.CODE: _code,
    Form.OFFICE: _office,
}


def neutral(text: str) -> str:
    """A text that no spreadsheet evaluates: an apostrophe is put before the beginning of a formula.

    An apostrophe is put before an apostrophe, too, so that `as_written` is the exact inverse. Characters that a sheet cannot hold
    become U+FFFD; a text that is too long for a cell is cut off with an ellipsis.
    """
    text = printable(text.replace("\r\n", "\n").replace("\r", "\n"))
    if _is_marked(text):
        text = "'" + text
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"


def as_written(text: str) -> str:
    """The inverse of `neutral`: the text without the apostrophe that was added."""
    return text[1:] if text[:1] == "'" and _is_marked(text[1:]) else text


def _is_marked(text: str) -> bool:
    return text[:1] == "'" or text[:1] in _FORMULA_STARTS or text.lstrip()[:1] in _FORMULA_STARTS


def wan_cell(fen: int) -> Decimal | str:
    """An amount as a number of 万元, exact to the fen; as text with its unit where a number of a sheet has too few digits."""
    if fen >= _EXACT:
        return format_money(fen)
    return (Decimal(fen) / _FEN_OF_WAN).normalize()
