"""The columns of the 台账: those that describe a case at receipt, and those that an export adds about its state.

One row is one debt (一笔一行). People read and write the headers; everything about a column is defined in `COLUMNS` alone. A plain
number in a column of amounts is in 万元, with up to six decimals, so that no fen is lost.
"""

import dataclasses
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.age import AGE_WORDS
from domain.telling import words
from domain.telling.words import COLOURS, MODES, STAGES
from domain.value import LONGEST_NAME, LONGEST_REFERENCE, LONGEST_TEXT

TITLE: Final = "台账"
"""The name of the sheet."""

MOST_ROWS: Final = 10_000
"""The most rows of a sheet that is read."""


class Form(StrEnum):
    """The type of a column's cells."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    AMOUNT = "amount"
    DAY = "day"
    DAYS = "days"
    CODE = "code"
    OFFICE = "office"


@dataclasses.dataclass(frozen=True, eq=False)
class Column:
    """A column.

    Attributes:
        field: The dotted field of the receipt, such as `debtor.name`. One that begins with `contact` is kept apart from the case.
            None: the column is not read, because the record knows it better.
        longest: The most characters of a text.
        may_be_zero: Whether an amount may be 0.
        may_lie_ahead: Whether a day may be in the future.
        may_be_unknown: Whether an amount may be blank or 待核实, which an export then writes.
        words: The values of a choice: the word in the cell, and its code.
        also: Other headers of the column.
    """

    header: str
    english: str
    form: Form
    field: str | None = None
    required: bool = False
    longest: int = LONGEST_TEXT
    may_be_zero: bool = False
    may_be_unknown: bool = False
    may_lie_ahead: bool = False
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)
    also: tuple[str, ...] = ()


def _by_word(words: Mapping[str, str]) -> dict[str, str]:
    """The codes by the words in a cell."""
    return {word: value for value, word in words.items()}


LIGHTS: Final = {light: said.removesuffix("灯") for light, said in COLOURS.items()}

_MUST: Final = True

AT_RECEIPT: Final = (
    Column("登记办公室", "registering office", Form.OFFICE, "office"),
    Column("来源", "channel", Form.CHOICE, "channel", _MUST, words=_by_word(words.CHANNELS)),
    Column("登记日", "received on", Form.DAY, "received_on", _MUST, also=("登记日期",)),
    Column("案由", "title", Form.TEXT, "title", longest=LONGEST_NAME),
    Column("债务人", "debtor", Form.TEXT, "debtor.name", _MUST, longest=LONGEST_NAME, also=("债务人名称",)),
    Column("债务人统一社会信用代码", "debtor's code", Form.CODE, "debtor.code"),
    Column(
        "债务人单位类型",
        "debtor's kind",
        Form.CHOICE,
        "debtor.kind",
        _MUST,
        words=_by_word(words.DEBTOR_KINDS),
    ),
    Column(
        "债务人联系人和电话",
        "debtor's contact",
        Form.TEXT,
        "contact.debtor",
        longest=LONGEST_NAME,
        also=("债务人联系方式", "债务人联系电话"),
    ),
    Column(
        "债权人", "creditor", Form.TEXT, "creditor.name", _MUST, longest=LONGEST_NAME, also=("债权人名称",)
    ),
    Column("债权人统一社会信用代码", "creditor's code", Form.CODE, "creditor.code"),
    Column("债权人规模", "creditor's size", Form.CHOICE, "creditor.size", words=_by_word(words.SIZES)),
    Column(
        "债权人所有制",
        "creditor's ownership",
        Form.CHOICE,
        "creditor.ownership",
        words=_by_word(words.OWNERSHIPS),
    ),
    Column(
        "联系人和电话",
        "creditor's contact",
        Form.TEXT,
        "contact.creditor",
        longest=LONGEST_NAME,
        also=("联系方式", "联系电话", "债权人联系方式", "债权人联系电话"),
    ),
    Column("项目名称", "project", Form.TEXT, "project", _MUST, longest=LONGEST_NAME),
    Column("合同编号", "contract number", Form.TEXT, "contract.no", longest=LONGEST_REFERENCE),
    Column("合同签订日", "contract signed on", Form.DAY, "contract.signed_on", also=("合同签订日期",)),
    Column("交付日", "delivered on", Form.DAY, "contract.delivered_on", also=("交付日期",)),
    Column("验收日", "accepted on", Form.DAY, "contract.accepted_on", also=("验收日期", "验收合格日期")),
    Column("结算确认日", "settled on", Form.DAY, "contract.settled_on", also=("结算日期", "结算确认日期")),
    Column(
        "约定付款期限(日)",
        "agreed term in days",
        Form.DAYS,
        "contract.agreed_term_days",
        also=("约定付款期限",),
    ),
    Column("合同总额(万元)", "contract total, 10,000 yuan", Form.AMOUNT, "contract.total"),
    Column("款项类型", "kind", Form.CHOICE, "kind", _MUST, words=_by_word(words.CLAIM_KINDS)),
    Column("支出性质", "spending", Form.CHOICE, "spending", words=_by_word(words.SPENDING)),
    Column(
        "欠款金额(万元)",
        "claimed, 10,000 yuan",
        Form.AMOUNT,
        "claimed",
        may_be_zero=True,
        may_be_unknown=True,
    ),
    Column("涉农民工工资", "migrant wages", Form.YES_NO, "migrant_wages"),
    Column("农民工工资金额(万元)", "of it wages, 10,000 yuan", Form.AMOUNT, "wage_amount"),
    Column("涉民生", "livelihood", Form.YES_NO, "livelihood"),
    Column("备注", "note", Form.TEXT, "note"),
    Column("另案登记", "another case than those like it", Form.YES_NO, "distinct"),
)
"""The columns that are read. A row without an office belongs to the importer's; one without a title gets its project as title."""

_REACHED: Final = ("transfer", "verification", "funding", "bonding", "payment", "review")
_PRESSED: Final = ("transferred", "supervised", "key_supervised", "taken_over")


def _sum(header: str, english: str, field: str) -> Column:
    return Column(
        f"接入{header}(万元)", f"{english}, 10,000 yuan", Form.AMOUNT, f"taken_in.{field}", may_be_zero=True
    )


REACHED: Final = Column(
    "接入阶段",
    "stage reached elsewhere",
    Form.CHOICE,
    "taken_in.stage",
    words={STAGES[stage]: stage for stage in _REACHED},
)

TAKEN_IN: Final = (
    REACHED,
    Column("接入截止日", "as of", Form.DAY, "taken_in.as_of"),
    Column("接入来源", "where it lived before", Form.TEXT, "taken_in.source", longest=LONGEST_NAME),
    Column(
        "接入处置方式",
        "disposition elsewhere",
        Form.CHOICE,
        "taken_in.mode",
        words={MODES[mode]: mode for mode in _PRESSED},
    ),
    _sum("结算额", "settled", "recognition.settled"),
    _sum("已付额", "paid", "recognition.paid"),
    _sum("无分歧", "undisputed", "recognition.undisputed"),
    _sum("有分歧", "disputed", "recognition.disputed"),
    _sum("未到期", "not yet due", "recognition.not_yet_due"),
    _sum("司法程序中", "in court", "recognition.judicial"),
    _sum("已清偿", "cleared since", "cleared"),
    Column(
        "接入资金来源", "source of the rest", Form.CHOICE, "taken_in.plan.kind", words=_by_word(words.SOURCES)
    ),
    Column("接入付款日", "day of the rest", Form.DAY, "taken_in.plan.due_on", may_lie_ahead=True),
)
"""The columns about how far a case had come elsewhere (接入), blank for a new case. What remains to be paid has one source and one
day; a plan with several is written as a file, or revised afterwards.
"""

NUMBER: Final = Column("序号", "no.", Form.TEXT)
CASE_NO: Final = Column("案号", "case number", Form.TEXT)

REASONS: Final = Column("错误说明", "what is wrong", Form.TEXT)
"""The column that the marked copy of a sheet adds. Once corrected, that copy can be imported as it is."""

STATE: Final = (
    CASE_NO,
    Column("办理状态", "stage", Form.CHOICE, words={word: stage for stage, word in STAGES.items()}),
    Column("处置方式", "disposition", Form.CHOICE, words={word: mode for mode, word in MODES.items()}),
    Column("灯", "light", Form.CHOICE, words={word: light for light, word in LIGHTS.items()}),
    Column("承办", "handled by", Form.OFFICE),
    Column("拖欠起始日", "owed since", Form.DAY),
    Column(
        "账龄",
        "how long it has been owed",
        Form.CHOICE,
        words={said: age for age, (said, _) in AGE_WORDS.items()},
    ),
    Column("无分歧(万元)", "undisputed, 10,000 yuan", Form.AMOUNT, may_be_unknown=True),
    Column("有分歧(万元)", "disputed, 10,000 yuan", Form.AMOUNT, may_be_unknown=True),
    Column("未到期(万元)", "not yet due, 10,000 yuan", Form.AMOUNT, may_be_unknown=True),
    Column("未到期款到期日", "the next part falls due", Form.DAY),
    Column("司法程序中(万元)", "in court, 10,000 yuan", Form.AMOUNT, may_be_unknown=True),
    Column("已清偿(万元)", "cleared, 10,000 yuan", Form.AMOUNT),
    Column("余额(万元)", "outstanding, 10,000 yuan", Form.AMOUNT, may_be_unknown=True),
    Column("到期日", "next last day", Form.DAY),
)
"""The columns that an export adds. An import ignores them, except the number of the case, by which a row is recognised as being on
record.
"""

COLUMNS: Final = (NUMBER, *AT_RECEIPT, *STATE)
"""The columns of an export."""


def simplified(header: str) -> str:
    """A header without spaces and line breaks, its full-width brackets and digits normalised."""
    return "".join(unicodedata.normalize("NFKC", header).split())


BY_HEADER: Final = {
    simplified(header): column
    for column in (*COLUMNS, *TAKEN_IN, REASONS)
    for header in (column.header, *column.also)
}
"""The columns by every header that they may have."""


def letters(index: int) -> str:
    """The letters of a sheet's column with that index: 0 is `A`, 26 is `AA`."""
    name = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
