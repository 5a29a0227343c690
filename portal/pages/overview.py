"""The overview of an office and those below it: totals, breakdowns, the months, and the offices compared."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response

from domain.reports.report import percent
from domain.rules import is_below, superior
from portal.gate.router import PageRouter
from portal.gate.visitors import StaffHere
from portal.problems import NotFound
from portal.reading import offices_in_sight
from portal.showing.diagrams import Beside, diagrams, of_offices, ranked
from portal.templating import language_of, page
from portal.window import Here
from schema.seen.overview import Held, held_in
from schema.seen.sight import Sight

router = PageRouter()


ORDERS: Final = ("rate", "outstanding", "late")


@router.get("/desk/overview")
async def show(
    request: Request,
    window: Here,
    visitor: StaffHere,
    office: Annotated[str, Query(max_length=6)] = "",
    order: Annotated[str, Query(max_length=20)] = "rate",
) -> Response:
    """Show the figures of the visitor's office, or of one below it."""
    offices, in_sight = window.offices, offices_in_sight(window, visitor)
    chosen = office or visitor.office
    if chosen not in in_sight:
        raise NotFound("办公室", "office")
    english = language_of(request) == "en"

    def say(chinese: str, in_english: str) -> str:
        return in_english if english else chinese

    as_of = window.clock()
    async with window.engine.connect() as connection:
        held = await held_in(connection, Sight.of_office(chosen), as_of.date())
    ranks = ranked(side_by_side(held, chosen, offices), offices, order)
    drawn = await asyncio.to_thread(diagrams, held, say)
    shown: dict[str, Any] = {
        "visitor": visitor,
        "office": chosen,
        "offices": in_sight,
        "total": held.total,
        "late": sum(held.late.values()),
        "percent": percent,
        "drawn": drawn,
        "ranks": ranks,
        "ranking": await asyncio.to_thread(of_offices, ranks, say) if len(ranks) > 1 else None,
        "order": order if order in ORDERS else ORDERS[0],
        "as_of": as_of,
    }
    return page(request, "desk/overview.html", shown)


def side_by_side(held: Held, office: str, offices: Mapping[str, str]) -> dict[str, Beside]:
    """An office itself and those directly below it, each with everything below it included; zeros where there is no case."""
    beside = {code: Beside() for code in offices if code == office or superior(code, offices) == office}
    for holder, sums in held.by_holder.items():
        below = (code for code in beside if code != office and (code == holder or is_below(holder, code)))
        unit = next(below, office)
        known = beside.get(unit, Beside())
        beside[unit] = Beside(known.sums.plus(sums), known.late + held.late.get(holder, 0))
    return beside
