"""Interest (逾期利息): simple, by day, on the principal that is outstanding; whole fen, in exact fractions on the way.

条例 (2025) Art 17, before it (2020) Art 15: the agreed rate, which is not below the one-year LPR of the day on which the contract was
signed; where none is agreed, 0.05 % a day. It goes by the version in force at the signing; a contract older than the 条例 has neither.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from domain.basis import Bases, Basis, Governed
from domain.contract import IN_FORCE_SINCE
from domain.rate import per_day

STATUTORY: Final = "0.05%/d"
"""每日万分之五."""


class InterestRule(StrEnum):
    """By which rule interest is fixed: what was agreed, the 条例, the LPR as courts take it, or none is owed."""

    AGREED = "agreed"
    STATUTORY = "statutory"
    LPR = "lpr"
    NONE = "none"


BASES: Final[Mapping[InterestRule, Bases]] = {
    InterestRule.AGREED: (Basis(text="双方约定"),),
    InterestRule.STATUTORY: (
        Basis(text="保障中小企业款项支付条例(2025)第十七条:每日万分之五", since=date(2025, 6, 1)),
        Basis(text="保障中小企业款项支付条例(2020)第十五条:每日万分之五"),
    ),
    InterestRule.LPR: (Basis(text="一年期贷款市场报价利率(LPR)"),),
    InterestRule.NONE: (Basis(text="不计利息"),),
}
"""On what interest rests, by its rule and the day on which the contract was signed."""


def is_governed(case: Collection[Governed], signed_on: date | None) -> bool:
    """Whether 条例 Art 17, or Art 15 of its first version, governs interest in a case of which these articles govern the parties."""
    return "governed" in case and signed_on is not None and signed_on >= IN_FORCE_SINCE


class Line(NamedTuple):
    """Interest on one amount: from the first day to the one on which the amount is another, or to the day of reading.

    Attributes:
        until: The first day that does not count any more: a day counts whose principal is not paid by then.
    """

    since: date
    until: date
    principal_fen: int
    interest_fen: int

    @property
    def days(self) -> int:
        """The days that count."""
        return (self.until - self.since).days


def lines(changes: Iterable[tuple[date, int]], rate: str, since: date, as_of: date) -> tuple[Line, ...]:
    """A line for each change of the principal, in the order of the days; none for the days on which nothing was owed.

    Args:
        changes: By how many fen the principal rises, or below zero falls, and from which day on.
        since: The first day that bears interest; `as_of` is the first one that does not.
    """
    by_day: dict[date, int] = {}
    for on, fen in changes:
        first = max(on, since)
        by_day[first] = by_day.get(first, 0) + fen
    turns = sorted(on for on, fen in by_day.items() if fen and on < as_of)
    found, owed_fen, daily = list[Line](), 0, per_day(rate)
    for first, until in pairwise((*turns, as_of)):
        owed_fen += by_day[first]
        if owed_fen > 0:
            interest_fen = half_up(owed_fen * (until - first).days * daily)
            found.append(Line(first, until, owed_fen, interest_fen))
    return tuple(found)


def half_up(fen: Fraction) -> int:
    """The nearest whole number of fen; of two the greater."""
    return (2 * fen.numerator + fen.denominator) // (2 * fen.denominator)
