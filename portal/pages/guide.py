"""The guide for staff."""

from fastapi import Request, Response

from portal.gate.router import PageRouter
from portal.gate.visitors import StaffHere
from portal.guide import ADDRESS
from portal.templating import page

router = PageRouter()


@router.get(ADDRESS)
async def show(request: Request, visitor: StaffHere) -> Response:
    """Show the guide, in the language of the page."""
    return page(request, "desk/guide.html", {"visitor": visitor})
