"""Ladder levels across revisions of a plan: a revision gives money another day, but keeps the level that it had reached."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple, TypeVar

from domain.case.casefile import Case
from domain.case.contents import Plan
from domain.duty import DutyKey, DutyKind
from domain.facts import Instalment
from domain.rules import Rules

T = TypeVar("T")


class _Open(NamedTuple):
    """An amount that an instalment promises and that is not covered, with the level that its duty has reached after its last day."""

    fen: int
    level: str | None


def carried(case: Case, instalments: Iterable[Instalment], rules: Rules) -> dict[int, str]:
    """The level with which each instalment of a revised plan begins, by its number: the highest that any of its money had reached.

    Money is matched in order: the first open fen of the plan in force is the first fen that the revision promises.
    """
    ranks = [rung.level for rung in rules.rungs(DutyKind.INSTALMENT) if not rung.is_before]
    left = list(_open(case, ranks))
    found: dict[int, str] = {}
    for instalment in instalments:
        wanted_fen = instalment.amount_fen
        while wanted_fen > 0 and left:
            fen, level = left.pop(0)
            if level is not None:
                found[instalment.no] = max(level, found.get(instalment.no, level), key=ranks.index)
            if fen > wanted_fen:
                left.insert(0, _Open(fen - wanted_fen, level))
            wanted_fen -= fen
    return found


def _open(case: Case, ranks: list[str]) -> Iterator[_Open]:
    if case.plan is None:
        return
    for instalment, _, covered_fen in case.instalments:
        key = DutyKey(DutyKind.INSTALMENT, str(instalment.no), case.plan.owed_since)
        level = case.levels.get(str(key))
        if covered_fen < instalment.amount_fen:
            yield _Open(instalment.amount_fen - covered_fen, level if level in ranks else None)


def of_plan(levels: Mapping[int, str], case: Case, on: date) -> dict[str, str]:
    """The levels by duty key after a plan of that day has replaced the one before."""
    begun = {str(DutyKey(DutyKind.INSTALMENT, str(no), on)): level for no, level in levels.items()}
    return but_instalments(case.levels) | begun


def of_present_debtor(by_duty: Mapping[str, T], plan: Plan, on: date) -> dict[str, T]:
    """The values by duty, those of the plan's instalments under the keys that they have from that day on."""
    was, now = f"/{plan.owed_since}", f"/{on}"
    return {
        key.removesuffix(was) + now
        if key.startswith(DutyKind.INSTALMENT) and key.endswith(was)
        else key: known
        for key, known in by_duty.items()
    }


def but_instalments(by_duty: Mapping[str, T]) -> dict[str, T]:
    """The values of all duties except instalments."""
    return {key: known for key, known in by_duty.items() if not key.startswith(DutyKind.INSTALMENT)}
