"""Amounts out of proportion, which are probably yuan in the place of 万元. They are reported as questions, never corrected."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median_low
from typing import Final

from domain.receipt import Receipt
from domain.sheet.columns import Column, letters
from domain.sheet.faults import Fault

_HUGE_FEN: Final = 10**11
"""10亿元, which is hardly ever owed for one debt of one project."""

_TIMES: Final = 1000
"""How many times the median of its column an amount has to be to be questioned. Yuan in the place of 万元 are 10,000 times as much."""

_OF_CONTRACT: Final = 10
_ENOUGH: Final = 5
"""The fewest rows for which the median is meaningful."""


def out_of_proportion(rows: Sequence[tuple[int, Receipt]], columns: Mapping[Column, int]) -> Iterator[Fault]:
    """The questions about the amounts of numbered rows, each with its cell."""
    places = {column.field: index for column, index in columns.items()}
    for field, fen_of in _AMOUNTS.items():
        amounts = {number: fen for number, row in rows if (fen := fen_of(row)) is not None}
        middle = median_low(amounts.values()) if len(amounts) >= _ENOUGH else 0
        for number, fen in amounts.items():
            if fen >= _HUGE_FEN or 0 < middle * _TIMES <= fen:
                yield Fault(f"{letters(places[field])}{number}", *_ASKED)
    for number, row in rows:
        total = _total(row)
        if total and row.claimed and row.claimed >= total * _OF_CONTRACT:
            yield Fault(f"{letters(places['claimed'])}{number}", *_BEYOND_CONTRACT)


def _total(receipt: Receipt) -> int | None:
    return receipt.contract.total if receipt.contract else None


def _settled(receipt: Receipt) -> int | None:
    reached = receipt.taken_in.recognition if receipt.taken_in else None
    return reached.settled if reached else None


_AMOUNTS: Final[Mapping[str, Callable[[Receipt], int | None]]] = {
    "claimed": lambda receipt: receipt.claimed,
    "contract.total": _total,
    "taken_in.recognition.settled": _settled,
}
"""The amounts that are examined, by the fields of their columns."""

_ASKED: Final = (
    f"金额异常大(10亿元以上,或为本列中位数的 {_TIMES} 倍以上),请核对单位:不写单位的按万元计",
    f"an amount out of all proportion (10亿元 or more, or {_TIMES} times the middle one of its column): "
    "check its unit, for a bare number is 万元",
)
_BEYOND_CONTRACT: Final = (
    f"欠款金额达到合同总额的 {_OF_CONTRACT} 倍以上,请核对两者的单位",
    f"what is claimed is {_OF_CONTRACT} times the contract's total, or more: check the units of both",
)
