"""Routes of pages. Every one that changes something requires a CSRF token, except those listed here."""

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
"""The paths of forms that need no session's token, and why."""

_CHANGES_NOTHING: Final = frozenset({"GET", "HEAD"})


class PageRouter(APIRouter):
    """A router that adds the CSRF check to every route that changes something, unless it is among `UNCHECKED`."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        """Add a route, with the CSRF check if it needs one."""
        if path not in UNCHECKED and not _CHANGES_NOTHING.issuperset(more.get("methods") or ("GET",)):
            more["dependencies"] = [Depends(same_site), *(more.get("dependencies") or ())]
        super().add_api_route(path, endpoint, **more)
