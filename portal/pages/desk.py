"""The desk: what a person owes today, and the cases of the office and those below it, filtered by the page's address."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request, Response

from domain.value import Light, Mode, Stage
from portal.columns import AMOUNTS, CHOICES, shown
from portal.filters import SORTS, InList, dues
from portal.gate.router import PageRouter
from portal.gate.visitors import StaffHere
from portal.inputs import InAddress, key_in_address
from portal.pages.bulk import orders_of
from portal.reading import PAGE, duties_of, offices_in_sight
from portal.templating import page
from portal.window import Here
from schema.seen.desk import listed
from schema.window.views import columns_of, views_of

router = PageRouter()

_IN_SIGHT: Final = frozenset({"q", "due", "sort"})
"""The filters that are always visible. The others are collapsed until they are used."""

_CHOICES: Final[Mapping[str, Any]] = {
    "stages": [stage.value for stage in Stage],
    "lights": [light.value for light in Light],
    "modes": [mode.value for mode in Mode],
    "sorts": SORTS,
    "choices_of_columns": CHOICES,
    "amounts": AMOUNTS,
}
"""The values of the filters that have a fixed set."""


@router.get("/desk")
async def show(
    request: Request, window: Here, visitor: StaffHere, chosen: InList, after: InAddress = ""
) -> Response:
    """Show the list of cases, and what this person owes today."""
    today, address = window.today(), dict(chosen.address)
    mine = {name: value for name, value in address.items() if name != "office"}
    async with window.engine.connect() as connection:
        with key_in_address():
            rows, further = await listed(
                connection, visitor.sight, today, chosen.listing, after=after or None, size=PAGE
            )
        kept = await views_of(connection, visitor.account)
        columns = await columns_of(connection, visitor.account)
    told = {
        **_CHOICES,
        "visitor": visitor,
        "rows": rows,
        "filters": address,
        "query": urlencode(address),
        "exported": address | {"columns": "chosen"},
        "views": kept,
        "columns": shown(columns),
        "is_usual": columns is None,
        "sort": chosen.listing.sort,
        "faults": chosen.faults,
        "narrowed": not address.keys() <= _IN_SIGHT,
        "further": f"/desk?{urlencode(address | {'after': further})}" if further else None,
        "mine": f"/desk?{urlencode(mine | {'assigned_to': visitor.person})}",
        "first": f"/desk?{urlencode(address)}" if after else None,
        "offices": offices_in_sight(window, visitor),
        "orders": await orders_of(window, visitor),
        "dues": dues(address.get("due", "")),
        "today": today,
        "owed": await duties_of(window, visitor) if not address and not after else None,
    }
    return page(request, "desk/list.html", told)
