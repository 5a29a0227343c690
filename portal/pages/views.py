"""Saved lists of the desk, and the columns that a person has chosen for all lists."""

from typing import Annotated, Final
from urllib.parse import parse_qsl, urlencode

from fastapi import Form, Response
from fastapi.responses import RedirectResponse

from domain.actors import plain
from portal.columns import CHOICES, shown
from portal.filters import NAMES
from portal.gate.router import PageRouter
from portal.gate.visitors import StaffHere
from portal.problems import Problem
from portal.window import Here
from schema.window import views
from schema.window.views import MOST, View

router = PageRouter()

LONGEST: Final = 40

Name = Annotated[str, Form(max_length=LONGEST)]
Query = Annotated[str, Form(max_length=4000)]
"""The filters of a list in the form of a query string."""


@router.post("/desk/views")
async def keep(window: Here, visitor: StaffHere, name: Name = "", query: Query = "") -> Response:
    """Save the filters of a list under a name, in place of those that had it before.

    Raises:
        Problem: 422: the name is missing, or there are too many lists.
    """
    called = _called(name)
    filters = _filters(query)
    async with window.engine.begin() as connection:
        if not await views.keep(connection, visitor.account, View(called, urlencode(filters))):
            raise Problem(
                422, f"最多保存 {MOST} 个,请先删去不用的", f"there are {MOST} already: forget one first"
            )
    return RedirectResponse(f"/desk?{urlencode(filters)}", status_code=303)


@router.post("/desk/columns")
async def choose(
    window: Here,
    visitor: StaffHere,
    column: Annotated[list[str] | None, Form(max_length=len(CHOICES))] = None,
    usual: Annotated[str, Form(max_length=10)] = "",
    query: Query = "",
) -> Response:
    """Choose the columns of the list, or with `usual` return to the default; then go back to the list."""
    chosen = None if usual else shown(column or ())
    async with window.engine.begin() as connection:
        await views.choose_columns(connection, visitor.account, chosen)
    return RedirectResponse(f"/desk?{urlencode(_filters(query))}", status_code=303)


@router.post("/desk/views/forget")
async def forget(window: Here, visitor: StaffHere, name: Name = "") -> Response:
    """Delete a saved list of the visitor's own."""
    async with window.engine.begin() as connection:
        await views.drop(connection, visitor.account, _called(name))
    return RedirectResponse("/desk", status_code=303)


def _filters(query: str) -> list[tuple[str, str]]:
    return [(key, value) for key, value in parse_qsl(query) if key in NAMES]


def _called(name: str) -> str:
    try:
        called = plain(name)
    except ValueError:
        called = ""
    if not called:
        raise Problem(422, "请写一个名称", "give it a name")
    return called
