"""The overview of an office and of those below it: totals, what they are made of, month by month, and the offices side by side."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Depends, Query, Request, Response

from domain.reports.report import percent
from domain.rules import is_below, superior
from office.packs import load_pack
from portal.gate.router import PageRouter
from portal.gate.visitors import StaffHere
from portal.problems import NotFound
from portal.showing.diagrams import diagrams, of_offices, ranked
from portal.templating import language_of, page
from portal.window import Here, Window
from schema.seen.overview import Held, Kinds, Month, Sums, held_in, months_of
from schema.seen.sight import Sight

router = PageRouter()


ORDERS: Final = ("rate", "outstanding", "late")
PATIENCE: Final = 30
"""Figures that took long are kept for so many times as long: two seconds' work for a minute."""

LONG: Final = 0.2
"""Seconds. What is gathered faster is never kept."""


class Figures(NamedTuple):
    """What is shown of an office, and as of which instant."""

    held: Held
    months: list[Month]
    as_of: datetime


class Gathering:
    """The figures of offices, gathered once for everybody who asks within a while."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Figures]] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def figures(self, window: Window, office: str) -> Figures:
        """The figures of an office today, as of now or a little while ago."""
        async with self._locks[office]:
            until, figures = self._kept.get(office, (0.0, None))
            if figures and until > time.monotonic() and figures.as_of.date() == window.today():
                return figures
            began = time.monotonic()
            figures = await gathered(window, office)
            took = time.monotonic() - began
            if took > LONG:
                self._kept[office] = (began + took + PATIENCE * took, figures)
            return figures


async def gathered(window: Window, office: str) -> Figures:
    """The figures of an office, by two questions asked together."""
    as_of, sight = window.clock(), Sight.of_office(office)

    async def held() -> Held:
        async with window.engine.connect() as connection:
            return await held_in(connection, sight, as_of.date())

    async def months() -> list[Month]:
        async with window.engine.connect() as connection:
            return await months_of(connection, sight)

    return Figures(*await asyncio.gather(held(), months()), as_of)


def gathering_of(request: Request) -> Gathering:
    """What this window has gathered."""
    state = request.app.state
    if not hasattr(state, "gathering"):
        state.gathering = Gathering()
    found: Gathering = state.gathering
    return found


@router.get("/desk/overview")
async def show(
    request: Request,
    window: Here,
    visitor: StaffHere,
    gathering: Annotated[Gathering, Depends(gathering_of)],
    office: Annotated[str, Query(max_length=6)] = "",
    order: Annotated[str, Query(max_length=20)] = "rate",
) -> Response:
    """The figures of the visitor's office, or of one below it."""
    chosen, offices = office or visitor.office, load_pack(window.policy).offices
    if chosen != visitor.office and not (chosen in offices and is_below(chosen, visitor.office)):
        raise NotFound("办公室", "office")
    english = language_of(request) == "en"

    def say(chinese: str, in_english: str) -> str:
        return in_english if english else chinese

    figures = await gathering.figures(window, chosen)
    ranks = ranked(side_by_side(figures.held.by_holder, chosen, offices), offices, order)
    drawn = await asyncio.to_thread(diagrams, figures.held, figures.months, say)
    shown: dict[str, Any] = {
        "visitor": visitor,
        "office": chosen,
        "offices": {
            code: name
            for code, name in offices.items()
            if code == visitor.office or is_below(code, visitor.office)
        },
        "names": offices,
        "total": figures.held.total,
        "percent": percent,
        "drawn": drawn,
        "ranks": ranks,
        "ranking": await asyncio.to_thread(of_offices, ranks, say) if len(ranks) > 1 else None,
        "order": order if order in ORDERS else ORDERS[0],
        "as_of": figures.as_of,
    }
    return page(request, "desk/overview.html", shown)


def side_by_side(by_holder: Kinds, office: str, offices: Mapping[str, str]) -> Kinds:
    """The sums of an office itself and of those directly below it, each with all that is below it; zeros where there is no case."""
    beside = {code: Sums() for code in offices if code == office or superior(code, offices) == office}
    for holder, sums in by_holder.items():
        below = (code for code in beside if code != office and (code == holder or is_below(holder, code)))
        unit = next(below, office)
        beside[unit] = beside.get(unit, Sums()).plus(sums)
    return beside
