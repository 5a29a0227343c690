"""Interest on late payment (逾期利息): simple interest by the day on the outstanding principal, rounded to whole fen at the end.

条例 (2025) Art 17, before it (2020) Art 15: the agreed rate, but not below the one-year LPR of the day on which the contract was
signed; without an agreement, 0.05 % a day. The version in force at the signing applies; a contract older than the 条例 has neither.
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
    """The rule by which interest is fixed: as agreed, by the 条例, by the LPR as courts apply it, or none."""

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
"""The legal basis of interest by each rule, depending on the day on which the contract was signed."""


def is_governed(case: Collection[Governed], signed_on: date | None) -> bool:
    """Whether the 条例 governs the interest (Art 17, or Art 15 of its first version).

    Args:
        case: What governs the case.
    """
    return "governed" in case and signed_on is not None and signed_on >= IN_FORCE_SINCE


class Line(NamedTuple):
    """Interest on an unchanged amount over a period.

    Attributes:
        until: The first day after the period.
    """

    since: date
    until: date
    principal_fen: int
    interest_fen: int

    @property
    def days(self) -> int:
        """The number of days in the period."""
        return (self.until - self.since).days


def lines(changes: Iterable[tuple[date, int]], rate: str, since: date, as_of: date) -> tuple[Line, ...]:
    """The lines of interest, one for each period with the same principal; periods in which nothing was owed are left out.

    Args:
        changes: By how many fen the principal rises (or falls, if negative), and from which day on.
        since: The first day that bears interest.
        as_of: The first day that does not bear interest any more.
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
    """Round to the nearest whole fen, halves up."""
    return (2 * fen.numerator + fen.denominator) // (2 * fen.denominator)
