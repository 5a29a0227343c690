"""The optional columns of the desk's list. The column of the case itself is always shown."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from domain.sheet.columns import COLUMNS, Column
from domain.telling.words import Sentence


class ListColumn(NamedTuple):
    """A column: its name on the page, and its header in the 台账."""

    said: Sentence
    header: str


CHOICES: Final[Mapping[str, ListColumn]] = {
    "light": ListColumn(("灯", "Light"), "灯"),
    "creditor": ListColumn(("债权人", "Creditor"), "债权人"),
    "debtor": ListColumn(("债务人", "Debtor"), "债务人"),
    "stage": ListColumn(("阶段", "Stage"), "办理状态"),
    "mode": ListColumn(("处置方式", "Mode"), "处置方式"),
    "holder": ListColumn(("承办", "Held by"), "承办"),
    "channel": ListColumn(("来源", "Channel"), "来源"),
    "received": ListColumn(("登记日", "Received on"), "登记日"),
    "since": ListColumn(("拖欠起始日", "Owed since"), "拖欠起始日"),
    "due": ListColumn(("最近期限", "Next last day"), "到期日"),
    "claimed": ListColumn(("欠款金额", "Claimed"), "欠款金额(万元)"),
    "cleared": ListColumn(("已清偿", "Cleared"), "已清偿(万元)"),
    "outstanding": ListColumn(("未清偿", "Outstanding"), "余额(万元)"),
}
"""All optional columns in the order of the list, by their names in the record."""

USUAL: Final = ("light", "stage", "mode", "holder", "due", "outstanding")
"""The columns of a person who has not chosen any."""

AMOUNTS: Final = frozenset({"claimed", "cleared", "outstanding"})

_CASE: Final = ("序号", "案号", "案由")


def shown(chosen: Collection[str] | None) -> list[str]:
    """The names of the columns to show, in order.

    Args:
        chosen: The names that a person has chosen; None: the usual ones.
    """
    wanted = USUAL if chosen is None else chosen
    return [name for name in CHOICES if name in wanted]


def of_sheet(chosen: Collection[str] | None) -> Sequence[Column]:
    """The columns of an exported sheet that correspond to those of the list."""
    headers = {*_CASE, *(CHOICES[name].header for name in shown(chosen))}
    return [column for column in COLUMNS if column.header in headers]
