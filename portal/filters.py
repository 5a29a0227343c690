"""The filters and the order of the desk's list, as its address contains them."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from inspect import signature
from typing import Annotated, Final, NamedTuple

from fastapi import Depends

from domain.money import parse_money
from domain.telling.words import Sentence
from domain.value import Light, Mode, Stage
from portal.gate.visitors import StaffHere
from portal.inputs import InAddress
from portal.reading import offices_in_sight
from portal.window import Here
from schema.seen.desk import Filters, Listing, Sort

SORTS: Final[Mapping[str, Sentence]] = {
    Sort.DUE: ("最近期限在前", "earliest last day first"),
    Sort.RECEIVED: ("最近登记在前", "latest received first"),
    Sort.AMOUNT: ("未清偿多的在前", "most outstanding first"),
}

DUE: Final[Mapping[str, Sentence]] = {
    "late": ("已逾期", "late"),
    "soon": ("已逾期和七天内到期", "late, or within seven days"),
    "today": ("今天到期", "today"),
    "week": ("七天内到期", "within seven days"),
    "month": ("三十天内到期", "within thirty days"),
}
"""The named spans of last days. In an address a day may stand instead of a name."""

_NOT_AN_AMOUNT: Final[Sentence] = (
    "金额写作 100万元、8.044亿元或者 42160000(元),这一项没有起作用",
    "write amounts like 100万元, 8.044亿元 or 42160000 (yuan): this one was left out",
)
_NOT_A_DAY: Final[Sentence] = (
    "没有这样的期限,这一项没有起作用",
    "there is no such last day: this one was left out",
)

_NO_SUCH_WORD: Final[Sentence] = (
    "没有这样的阶段、灯或者处置方式,这一项没有起作用",
    "there is no such stage, light or mode: this one was left out",
)
_NO_SUCH_OFFICE: Final[Sentence] = (
    "本办公室及下级中没有这个办公室,这一项没有起作用",
    "there is no such office at or below this one: it was left out",
)
_WORDS: Final[Mapping[str, type[StrEnum]]] = {"stage": Stage, "light": Light, "mode": Mode}

Span = tuple[date | None, date | None]
"""The first and the last day of a span; None: open at that end."""


class Chosen(NamedTuple):
    """The filters and the order of a list.

    Attributes:
        address: The query parameters that are not empty.
        faults: What is wrong with the parameters that were ignored, in both languages.
    """

    address: Mapping[str, str]
    listing: Listing
    faults: tuple[Sentence, ...]


async def chosen(
    window: Here,
    visitor: StaffHere,
    office: InAddress = "",
    stage: InAddress = "",
    light: InAddress = "",
    mode: InAddress = "",
    q: InAddress = "",
    assigned_to: InAddress = "",
    debtor: InAddress = "",
    due: InAddress = "",
    least: InAddress = "",
    most: InAddress = "",
    sort: InAddress = "",
) -> Chosen:
    """Read the filters from an address. Empty filters are ignored; an unknown order is replaced by the usual one."""
    faults: list[Sentence] = []
    texts = _words({"stage": stage, "light": light, "mode": mode}, faults)
    texts |= {"office": _in_sight(office, offices_in_sight(window, visitor), faults)}
    texts |= {"q": q.strip(), "assigned_to": assigned_to.strip(), "debtor": debtor.strip()}
    others = {"due": due.strip(), "least": least.strip(), "most": most.strip(), "sort": sort}
    due_from, due_until = span_of(others["due"], window.today(), faults)
    filters = Filters(
        **{name: value for name, value in texts.items() if value},
        due_from=due_from,
        due_until=due_until,
        least_fen=_amount(others["least"], faults),
        most_fen=_amount(others["most"], faults),
    )
    address = {name: value for name, value in (texts | others).items() if value}
    order = Sort(sort) if sort in list(Sort) else Sort.DUE
    return Chosen(address, Listing(filters, order), tuple(dict.fromkeys(faults)))


NAMES: Final = frozenset(
    name for name, asked in signature(chosen).parameters.items() if asked.annotation is InAddress
)
"""The names of the query parameters."""


def span_of(due: str, today: date, faults: list[Sentence]) -> Span:
    """The span of last days that a name of `DUE` or a day stands for."""
    spans: dict[str, Span] = {
        "": (None, None),
        "late": (None, today - timedelta(days=1)),
        "today": (today, today),
        "soon": (None, today + timedelta(days=7)),
        "week": (today, today + timedelta(days=7)),
        "month": (today, today + timedelta(days=30)),
    }
    if due in spans:
        return spans[due]
    try:
        day = date.fromisoformat(due)
    except ValueError:
        faults.append(_NOT_A_DAY)
        return None, None
    return day, day


def dues(due: str) -> Mapping[str, Sentence]:
    """The spans that a list offers, with the day that its address names."""
    try:
        date.fromisoformat(due)
    except ValueError:
        return DUE
    return {**DUE, due: (due, due)}


def _words(written: Mapping[str, str], faults: list[Sentence]) -> dict[str, str]:
    """The filters with a fixed set of values; unknown values are dropped and reported."""
    unknown = {name for name, word in written.items() if word and word not in list(_WORDS[name])}
    faults += [_NO_SUCH_WORD] if unknown else []
    return {name: "" if name in unknown else word for name, word in written.items()}


def _in_sight(office: str, offices: Collection[str], faults: list[Sentence]) -> str:
    """The chosen office; empty and reported if the list does not offer it."""
    if not office or office in offices:
        return office
    faults.append(_NO_SUCH_OFFICE)
    return ""


def _amount(written: str, faults: list[Sentence]) -> int | None:
    if not written:
        return None
    try:
        return parse_money(written)
    except ValueError:
        faults.append(_NOT_AN_AMOUNT)
        return None


InList = Annotated[Chosen, Depends(chosen)]
