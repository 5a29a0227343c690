"""Routes of pages: what changes something takes forms of our own pages only (CSRF), unless it is named here."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import APIRouter, Depends

from portal.gate.visitors import same_site

UNCHECKED: Final[Mapping[str, str]] = {
    "/enquiries": "there is no session yet; a case number and its code are asked for",
    "/sign-in": "there is no session yet; a password is asked for",
    "/sign-in/second-factor": "there is no session yet; a code is asked for",
    "/invitation": "there is no session yet; the code of an invitation is asked for",
    "/desk/import": "read as it comes in, and checked there (`uploads.form_with_file`)",
    "/desk/cases/{case_no}/attachments": "likewise",
    "/case/attachments": "likewise",
    "/debtor/attachments": "likewise",
    "/unit/cases/{case_no}/attachments": "likewise",
}
"""Where a form need not carry the token of a session, and why."""

_CHANGES_NOTHING: Final = frozenset({"GET", "HEAD"})


class PageRouter(APIRouter):
    """The routes of pages. Whatever changes something takes forms of our own pages only, unless it is among `UNCHECKED`."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        """Add a route, with the check where it belongs."""
        if path not in UNCHECKED and not _CHANGES_NOTHING.issuperset(more.get("methods") or ("GET",)):
            more["dependencies"] = [Depends(same_site), *(more.get("dependencies") or ())]
        super().add_api_route(path, endpoint, **more)
