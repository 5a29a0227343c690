"""The description of the HTTP interface for developers, rendered on the server from the OpenAPI document."""

from fastapi import Request, Response

from portal.gate.router import PageRouter
from portal.problems import API
from portal.showing.interface import schemas, subjects
from portal.templating import page

router = PageRouter()


@router.get("/interface")
async def show(request: Request) -> Response:
    """Show every operation with its parameters, bodies, examples and answers. Public, as the document itself is."""
    described = request.app.openapi()
    shown = {
        "subjects": subjects(described),
        "schemas": schemas(described),
        "document": f"{API}/openapi.json",
    }
    return page(request, "interface.html", shown)
