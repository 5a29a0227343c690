"""The page of a debtor unit that has signed in: the cases in which it owes, the most urgent first, each with a link to its page."""

from urllib.parse import urlencode

from fastapi import Request, Response

from portal.gate.parties import UNITS
from portal.gate.router import PageRouter
from portal.gate.visitors import UnitHere
from portal.inputs import InAddress, key_in_address
from portal.reading import PAGE
from portal.templating import page
from portal.window import Here
from schema.seen.units import how_it_stands, owed_seen

router = PageRouter()


@router.get(UNITS)
async def show(
    request: Request, window: Here, visitor: UnitHere, q: InAddress = "", after: InAddress = ""
) -> Response:
    """Show the unit's totals and its cases."""
    today, sought = window.today(), {"q": q} if q else {}
    async with window.engine.connect() as connection:
        stands = await how_it_stands(connection, visitor.sight, today)
        with key_in_address():
            rows, further = await owed_seen(
                connection, visitor.sight, today, q, after=after or None, size=PAGE
            )
    shown = {
        "visitor": visitor,
        "stands": stands,
        "rows": rows,
        "q": q,
        "further": f"{UNITS}?{urlencode(sought | {'after': further})}" if further else None,
        "first": f"{UNITS}?{urlencode(sought)}" if after else None,
        "today": today,
    }
    return page(request, "unit/cases.html", shown)
