"""债务单位: the debtors in the cases of a report, each with what it owes and what it has paid."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from domain.reports.figures import Past, amounts_of
from domain.value import Value

LISTED: Final = 100
"""How many debtors a report lists, those with the most outstanding. Its count covers all of them."""


class Unit(Value):
    """A debtor with the sums of its cases at the period's end, computed like the figures. Amounts are fen."""

    name: str
    code: str | None = None
    cases: int
    unrecognised: int
    recognised_fen: int
    cleared_fen: int
    outstanding_fen: int

    def plus(self, other: "Unit") -> "Unit":
        """The same debtor with the cases of both."""
        return Unit(
            name=min(self.name, other.name),
            code=self.code or other.code,
            cases=self.cases + other.cases,
            unrecognised=self.unrecognised + other.unrecognised,
            recognised_fen=self.recognised_fen + other.recognised_fen,
            cleared_fen=self.cleared_fen + other.cleared_fen,
            outstanding_fen=self.outstanding_fen + other.outstanding_fen,
        )


class Units(Value):
    """The number of debtors, and those with the most outstanding, the most first."""

    count: int = 0
    units: tuple[Unit, ...] = ()


def unit_of(told: Past, day: date) -> Unit:
    """The debtor of one case; `day` is the last day of the period."""
    debtor, amounts = told.case.receipt.debtor, amounts_of(told, day)
    return Unit(
        name=debtor.name,
        code=debtor.code,
        cases=1,
        unrecognised=amounts.unrecognised,
        recognised_fen=amounts.recognised_fen,
        cleared_fen=amounts.cleared_fen,
        outstanding_fen=amounts.outstanding_fen,
    )


def most_outstanding(found: Iterable[Unit]) -> Units:
    """The debtors as a report lists them, each once, whichever offices hold its cases."""
    every = list(found)
    codes: dict[str, set[str]] = {}
    for unit in every:
        codes.setdefault(unit.name, set()).update([unit.code] if unit.code else [])
    known: dict[str, Unit] = {}
    for unit in every:
        key = _key(unit, codes[unit.name])
        known[key] = known[key].plus(unit) if key in known else unit
    units = sorted(
        known.values(),
        key=lambda unit: (-unit.outstanding_fen, -unit.recognised_fen, unit.name, unit.code or ""),
    )
    return Units(count=len(units), units=tuple(units[:LISTED]))


def _key(unit: Unit, codes: Collection[str]) -> str:
    """The identity of a debtor: its code, or the only code that occurs with its name; otherwise its name."""
    return unit.code or (min(codes) if len(codes) == 1 else unit.name)
