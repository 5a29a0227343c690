"""The figures of an overview: the cases that an office and those below it hold, counted in the database.

A case counts for the office that holds it, as in the reports, so those of a city are the sum of its districts' and its own. Lights and
ages are those of a day. A million cases take a second or two: whoever shows this often keeps it for a while.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, literal, null, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.value import Light, Stage
from schema.seen.sight import Sight
from schema.tables import case_file

AGES: Final = ("under_1", "1_to_3", "over_3")
"""Years since the receipt: less than one; up to three; more."""

BANDS: Final = ("to_50", "under_500", "to_2000", "over_2000")
"""万元 of the recognised debt, or, where nothing is recognised, of the claim if it has an amount: up to 50; below 500; up to 2000;
more.
"""

_WAN: Final = 10**6


class Sums(NamedTuple):
    """What is added up of cases, amounts in fen. Each is what the reports of `domain.reports.figures` say by that name.

    Attributes:
        open: Cases that have not ended; `late` are those of them with a yellow or a red light.
        claimed_fen: Of the cases whose claim has an amount; of the `unverified` ones it is to be verified.
        recognised_fen: Undisputed, disputed and not yet due together; of an unfounded case only what was cleared counts.
        outstanding_fen: Undisputed and not cleared; `outstanding_open_fen` is that of the open cases.
    """

    cases: int = 0
    open: int = 0
    late: int = 0
    claimed_fen: int = 0
    unverified: int = 0
    recognised_fen: int = 0
    undisputed_fen: int = 0
    cleared_fen: int = 0
    outstanding_fen: int = 0
    outstanding_open_fen: int = 0

    def plus(self, other: "Sums") -> "Sums":
        """Both together."""
        return Sums(*(one + more for one, more in zip(self, other, strict=True)))


Kinds = dict[str, Sums]


class Held(NamedTuple):
    """The sums of the cases that some offices hold, and those of each kind that there is.

    Attributes:
        by_light: Of the open cases only, as `by_age`.
    """

    total: Sums
    by_holder: Kinds
    by_stage: Kinds
    by_light: Kinds
    by_debtor: Kinds
    by_age: Kinds
    by_band: Kinds


class Month(NamedTuple):
    """A month, by its first day: the cases received in it; and what was confirmed in it, unless it has been disputed since."""

    first: date
    received: int = 0
    claimed_fen: int = 0
    confirmed_fen: int = 0


async def held_in(connection: AsyncConnection, sight: Sight, today: date) -> Held:
    """What the offices in sight hold, as it stands today."""
    await connection.execute(_IN_MEMORY)
    total, kinds = Sums(), tuple[Kinds, ...](({}, {}, {}, {}, {}, {}))
    for row in await connection.execute(_summed(_grouped(sight, today))):
        names, sums = row[:6], Sums(*(int(value or 0) for value in row[7:]))
        place = _PLACES[row[6]]
        if place is None:
            total = sums
        elif names[place] is not None:
            kinds[place][names[place]] = sums
    return Held(total, *kinds)


_IN_MEMORY: Final = text(
    """
    SELECT set_config('work_mem', '64MB', true), set_config('enable_sort', 'off', true),
        set_config('max_parallel_workers_per_gather', '0', true)
    """
)
"""Cases are hashed into some ten thousand groups as they are read. The planner would sort them all, in three processes."""

_KINDS: Final = ("holder", "stage", "light", "debtor_kind", "age", "band")
_PLACES: Final = {63: None} | {63 - (1 << (5 - place)): place for place in range(6)}
"""By what a row is grouped, from the bits of what it is not grouped by."""


def _grouped(sight: Sight, today: date) -> Select[Any]:
    """The sums of the cases that agree in everything, which a second step adds up in each of the ways."""
    of = case_file.c
    is_merged = of.stage == Stage.MERGED.value
    is_owed = ~is_merged & (of.stage != Stage.UNFOUNDED.value)
    claimed = case((is_merged, 0), else_=of.claimed_fen)
    undisputed = case((is_owed, of.undisputed_fen), else_=of.cleared_fen)
    recognised = case(
        (is_owed, of.undisputed_fen + of.disputed_fen + of.not_yet_due_fen + of.judicial_fen),
        else_=of.cleared_fen,
    )
    told = (
        select(
            *(of.holder, of.stage, of.debtor_kind, of.cleared_fen),
            claimed.label("claimed_fen"),
            undisputed.label("undisputed_fen"),
            recognised.label("recognised_fen"),
            _light(today).label("light"),
            _age(today).label("age"),
            _band(case((recognised > 0, recognised), (is_merged, null()), else_=of.claimed_fen)).label(
                "band"
            ),
        )
        .where(sight.offices(of.holder))
        .subquery("told")
    )
    kinds = [told.c[name] for name in _KINDS]
    amounts = [told.c[f"{name}_fen"] for name in ("claimed", "recognised", "undisputed", "cleared")]
    sums = [func.sum(amount).label(amount.name) for amount in amounts]
    unverified = func.count().filter(told.c.claimed_fen.is_(None)).label("unverified")
    return select(*kinds, func.count().label("cases"), unverified, *sums).group_by(*kinds)


def _summed(grouped: Select[Any]) -> Select[Any]:
    """The sums over all, and by each kind: a bit for each kind that a row is not of, and the fields of `Sums`."""
    of = grouped.cte("grouped").c
    kinds = [of[name] for name in _KINDS]
    is_open, is_late = of.light.is_not(None), of.light.in_([Light.YELLOW.value, Light.RED.value])
    outstanding = func.sum(of.undisputed_fen - of.cleared_fen)
    return select(
        *kinds,
        func.grouping(*kinds),
        func.sum(of.cases),
        func.sum(of.cases).filter(is_open),
        func.sum(of.cases).filter(is_late),
        *(
            func.sum(of[name])
            for name in ("claimed_fen", "unverified", "recognised_fen", "undisputed_fen", "cleared_fen")
        ),
        outstanding,
        outstanding.filter(is_open),
    ).group_by(func.grouping_sets(*(tuple_(kind) for kind in kinds), tuple_()))


def _light(today: date) -> ColumnElement[Any]:
    """The worst light that has been reached; None of an ended case."""
    worst_first = list(Light)[:0:-1]
    reached = [(case_file.c[f"{light}_on"] <= today, literal(light.value)) for light in worst_first]
    ended = (case_file.c.ended_on.is_not(None), null())
    return case(ended, *reached, else_=literal(Light.NONE.value))


def _age(today: date) -> ColumnElement[Any]:
    received_on = case_file.c.received_on
    return case(
        (case_file.c.ended_on.is_not(None), null()),
        (received_on > _years_before(today, 1), literal(AGES[0])),
        (received_on >= _years_before(today, 3), literal(AGES[1])),
        else_=literal(AGES[2]),
    )


def _years_before(day: date, years: int) -> date:
    """The same day of an earlier year; the 28th for a 29 February that it has not."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _band(size: ColumnElement[int]) -> ColumnElement[Any]:
    return case(
        (size.is_(None), null()),
        (size <= 50 * _WAN, literal(BANDS[0])),
        (size < 500 * _WAN, literal(BANDS[1])),
        (size <= 2000 * _WAN, literal(BANDS[2])),
        else_=literal(BANDS[3]),
    )


async def months_of(connection: AsyncConnection, sight: Sight) -> list[Month]:
    """The months from the first in which something was received, or confirmed, to the last."""
    of, in_sight = case_file.c, sight.offices(case_file.c.holder)
    claimed = func.sum(of.claimed_fen).filter(of.stage != Stage.MERGED.value)
    received = select(of.received_on, func.count(), claimed).where(in_sight)
    days = (func.unnest(of.confirmed_on).label("day"), func.unnest(of.confirmed_fen).label("fen"))
    confirmed = select(*days).where(in_sight, of.cleared_fen > 0).subquery("confirmed")
    by_day = select(confirmed.c.day, func.sum(confirmed.c.fen)).group_by(confirmed.c.day)
    found: dict[date, Month] = {}
    for day, cases, claimed_fen in await connection.execute(received.group_by(of.received_on)):
        month = found.setdefault(day.replace(day=1), Month(day.replace(day=1)))
        found[month.first] = month._replace(
            received=month.received + cases, claimed_fen=month.claimed_fen + int(claimed_fen or 0)
        )
    for day, fen in await connection.execute(by_day):
        month = found.setdefault(day.replace(day=1), Month(day.replace(day=1)))
        found[month.first] = month._replace(confirmed_fen=month.confirmed_fen + int(fen))
    return [found.get(first, Month(first)) for first in _months(found)]


def _months(known: Iterable[date]) -> list[date]:
    """All months from the first of some to the last."""
    ordinals = [first.year * 12 + first.month - 1 for first in known]
    if not ordinals:
        return []
    return [date(at // 12, at % 12 + 1, 1) for at in range(min(ordinals), max(ordinals) + 1)]
