"""The figures of an overview: the cases that an office and those below it hold, added up from their tallies.

A case counts for the office that holds it, as in the reports, so those of a city are the sum of its districts' and its own. Lights and
ages are those of a day, and change overnight without a command. `tally` is kept by the database with each change of a case, so the
figures are those of this moment; some ten thousand of its rows stand for a million cases.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, case, func, literal, select, true, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.age import AGES, UNKNOWN, years_before
from domain.reports.figures import LAST_STAGES
from domain.value import Light
from schema.seen.sight import Sight
from schema.tables import tally

BANDS: Final = ("to_50", "under_500", "to_2000", "over_2000")
"""万元 of the recognised debt, or, where nothing is recognised, of the claim if it has an amount: up to 50; below 500; up to 2000;
more.
"""


class Sums(NamedTuple):
    """What is added up of cases, amounts in fen. Each is what the reports of `domain.reports.figures` say by that name.

    Attributes:
        open: Cases that have not ended.
        claimed_fen: Of the cases whose claim has an amount; of the `unverified` ones it is to be verified.
        unrecognised: Open cases of which nobody has stated what is owed: it is to be verified, and in none of the sums that follow.
        recognised_fen: Undisputed, disputed, not yet due and in court together; of an unfounded case only what was cleared counts.
        outstanding_fen: Undisputed and not cleared; `outstanding_open_fen` is that of the open cases.
    """

    cases: int = 0
    open: int = 0
    claimed_fen: int = 0
    unverified: int = 0
    unrecognised: int = 0
    recognised_fen: int = 0
    undisputed_fen: int = 0
    cleared_fen: int = 0
    outstanding_fen: int = 0
    outstanding_open_fen: int = 0

    def plus(self, other: "Sums") -> "Sums":
        """Both together."""
        return Sums(*(one + more for one, more in zip(self, other, strict=True)))


Kinds = dict[str, Sums]


class Month(NamedTuple):
    """A month, by its first day: the cases received in it; and what was confirmed in it, unless it has been disputed since."""

    first: date
    received: int = 0
    claimed_fen: int = 0
    confirmed_fen: int = 0


class Held(NamedTuple):
    """The sums of the cases that some offices hold, and those of each kind that there is.

    Attributes:
        by_light: Of the open cases only, as `by_age`.
        late: How many of each holder's open cases have a yellow or a red light.
        months: From the first in which something was received, or confirmed, to the last.
    """

    total: Sums
    by_holder: Kinds
    by_stage: Kinds
    by_light: Kinds
    by_debtor: Kinds
    by_age: Kinds
    by_band: Kinds
    late: dict[str, int]
    months: list[Month]


async def held_in(connection: AsyncConnection, sight: Sight, today: date) -> Held:
    """What the offices in sight hold, as it stands today."""
    found: dict[str, dict[str, list[int]]] = {}
    for kind, key, *sums in await connection.execute(_added_up(sight, today)):
        numbers = [int(number or 0) for number in sums]
        if key is not None and any(numbers):
            found.setdefault(kind, {})[key] = numbers
    kinds = {
        kind: {key: Sums(*numbers[:-1]) for key, numbers in known.items()} for kind, known in found.items()
    }
    return Held(
        total=kinds.get("total", {}).get("", Sums()),
        **{
            f"by_{kind}": kinds.get(kind, {})
            for kind in ("holder", "stage", "light", "debtor", "age", "band")
        },
        late={holder: sums.cases for holder, sums in kinds.get("late", {}).items()},
        months=_months(
            {date.fromisoformat(first): numbers for first, numbers in found.get("month", {}).items()}
        ),
    )


def _added_up(sight: Sight, today: date) -> Any:
    """One question, so that all answers are of one moment: rows of a kind, a key of it, its `Sums`, and what was confirmed."""
    of = tally.c
    is_late = func.least(of.yellow_on, of.red_on) <= today
    return union_all(
        _standing(sight),
        _by("light", _light(today), sight),
        _by("age", _age(today), sight),
        _by("month", func.to_char(of.day, "YYYY-MM-DD"), sight),
        _by("light", of.holder, sight, "late").where(is_late),
    )


def _sums(is_open: ColumnElement[bool]) -> list[ColumnElement[Any]]:
    """The fields of `Sums`, and what was confirmed."""
    of = tally.c
    outstanding = func.sum(of.undisputed_fen - of.cleared_fen)
    return [
        func.sum(of.cases),
        func.sum(of.cases).filter(is_open),
        *(
            func.sum(of[name])
            for name in (
                "claimed_fen",
                "unverified",
                "unrecognised",
                "recognised_fen",
                "undisputed_fen",
                "cleared_fen",
            )
        ),
        outstanding,
        outstanding.filter(is_open),
        func.sum(of.confirmed_fen),
    ]


def _standing(sight: Sight) -> Select[Any]:
    """All cases together, and by each of the kinds whose members need no date."""
    of = tally.c
    kinds = {"holder": of.holder, "stage": of.stage, "debtor": of.debtor_kind, "band": of.band}
    row = [(func.grouping(column) == 0, literal(name)) for name, column in kinds.items()]
    is_open = of.stage.not_in([stage.value for stage in LAST_STAGES])
    every = literal("total", Text)
    key = case(
        (func.grouping(*kinds.values()) == 2 ** len(kinds) - 1, literal("")),
        else_=func.coalesce(*kinds.values()),
    )
    return (
        select(case(*row, else_=every), key, *_sums(is_open))
        .where(sight.offices(of.holder), of.kind == "standing")
        .group_by(func.grouping_sets(*(tuple_(column) for column in kinds.values()), tuple_()))
    )


def _by(kind: str, key: ColumnElement[Any], sight: Sight, told: str = "") -> Select[Any]:
    """The tallies of a kind, which counts open cases alone, added up by a key."""
    is_of = (sight.offices(tally.c.holder), tally.c.kind == kind)
    return select(literal(told or kind), key, *_sums(true())).where(*is_of).group_by(key)


def _light(today: date) -> ColumnElement[Any]:
    """The worst light that has been reached."""
    worst_first = list(Light)[:0:-1]
    reached = [(tally.c[f"{light}_on"] <= today, literal(light.value)) for light in worst_first]
    return case(*reached, else_=literal(Light.NONE.value))


def _age(today: date) -> ColumnElement[Any]:
    since = tally.c.day
    return case(
        (since.is_(None), literal(UNKNOWN)),
        (since > years_before(today, 1), literal(AGES[0])),
        (since >= years_before(today, 3), literal(AGES[1])),
        else_=literal(AGES[2]),
    )


def _months(known: dict[date, list[int]]) -> list[Month]:
    """All months from the first of some to the last."""
    told = {first: Month(first, numbers[0], numbers[2], numbers[-1]) for first, numbers in known.items()}
    return [told.get(first, Month(first)) for first in _between(known)]


def _between(known: Iterable[date]) -> list[date]:
    ordinals = [first.year * 12 + first.month - 1 for first in known]
    if not ordinals:
        return []
    return [date(at // 12, at % 12 + 1, 1) for at in range(min(ordinals), max(ordinals) + 1)]
