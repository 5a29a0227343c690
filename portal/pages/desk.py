"""The desk: what its people owe today, and the cases of the office and of those below it, filtered by the page's address."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Request, Response

from domain.rules import is_below
from domain.value import Light, Mode, Stage
from office.packs import load_pack
from portal.gate.router import PageRouter
from portal.gate.visitors import Staff, StaffHere
from portal.inputs import InAddress
from portal.problems import Problem
from portal.reading import duties_of
from portal.templating import page
from portal.window import Here, Window
from schema.seen.desk import Filters, NotAKey, listed

router = PageRouter()

PAGE: Final = 50


async def chosen_filters(
    office: InAddress = "",
    stage: InAddress = "",
    light: InAddress = "",
    mode: InAddress = "",
    q: InAddress = "",
    assigned_to: InAddress = "",
) -> dict[str, str]:
    """The filters in a page's address, by their names in `Filters`. One that is empty filters nothing."""
    asked = {"office": office, "stage": stage, "light": light, "mode": mode, "q": q.strip()}
    asked["assigned_to"] = assigned_to.strip()
    return {name: value for name, value in asked.items() if value}


Chosen = Annotated[dict[str, str], Depends(chosen_filters)]


@router.get("/desk")
async def show(
    request: Request, window: Here, visitor: StaffHere, chosen: Chosen, after: InAddress = ""
) -> Response:
    """The cases in sight, and what this person owes today."""
    today = window.today()
    async with window.engine.connect() as connection:
        try:
            rows, further = await listed(
                connection, visitor.sight, today, filters=Filters(**chosen), after=after or None, size=PAGE
            )
        except NotAKey as error:
            raise Problem(422, "页码有误,请从第一页看起", str(error), {"code": "malformed"}) from error
    shown = {
        "visitor": visitor,
        "rows": rows,
        "filters": chosen,
        "further": f"/desk?{urlencode(chosen | {'after': further})}" if further else None,
        "mine": f"/desk?{urlencode(chosen | {'assigned_to': visitor.person})}",
        "first": f"/desk?{urlencode(chosen)}" if after else None,
        "offices": offices_in_sight(window, visitor),
        "names": load_pack(window.policy).offices,
        "stages": [stage.value for stage in Stage],
        "lights": [light.value for light in Light],
        "modes": [mode.value for mode in Mode],
        "today": today,
        "owed": await duties_of(window, visitor) if not chosen and not after else None,
    }
    return page(request, "desk/list.html", shown)


def offices_in_sight(window: Window, staff: Staff) -> dict[str, str]:
    """The names of a person's office and of those below it, by code."""
    offices, own = load_pack(window.policy).offices, staff.office
    return {code: name for code, name in sorted(offices.items()) if code == own or is_below(code, own)}
