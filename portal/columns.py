"""The columns of the desk's list that somebody chooses among: beside the case itself, which is always there."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from domain.sheet.columns import COLUMNS, Column
from domain.telling.words import Sentence


class ListColumn(NamedTuple):
    """A column: what it is called, and by which header the 台账 has it."""

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
"""All there are, in the order of the list, by what the record calls them."""

USUAL: Final = ("light", "stage", "mode", "holder", "due", "outstanding")
"""Those of somebody who has not chosen."""

AMOUNTS: Final = frozenset({"claimed", "cleared", "outstanding"})

_CASE: Final = ("序号", "案号", "案由")


def shown(chosen: Collection[str] | None) -> list[str]:
    """The names of the columns that somebody sees, in their order."""
    wanted = USUAL if chosen is None else chosen
    return [name for name in CHOICES if name in wanted]


def of_sheet(chosen: Collection[str] | None) -> Sequence[Column]:
    """The same as columns of a sheet."""
    headers = {*_CASE, *(CHOICES[name].header for name in shown(chosen))}
    return [column for column in COLUMNS if column.header in headers]
