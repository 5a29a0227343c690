"""Flash messages: the outcome of a form, shown once on the page to which its sender is redirected. It travels in a cookie, because a
query parameter could be forged by a link.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from domain.case.view import is_submitted
from domain.commands import AnyCommand
from portal.window import Window

COOKIE: Final = "qingqian-outcome"

_LASTS: Final = 60
"""How many seconds the cookie lasts: until the browser has followed the redirect."""


class Outcome(NamedTuple):
    """The outcome of a form.

    Attributes:
        done: What was done: the `do` of a command, or a word of the page's own.
        waits: `yes` if the command waits for its second person.
        command_id: The id of the form, if its page gave it one.
    """

    done: str = ""
    waits: str = ""
    command_id: str = ""


def outcome_after(command: AnyCommand, told: Mapping[str, Any]) -> Outcome:
    """The outcome of a command, from the case as it was right after it."""
    return Outcome(command.do, "yes" if is_submitted(told, command) else "", command.command_id)


def led_to(window: Window, address: str, outcome: Outcome) -> Response:
    """Redirect to a page that will show the outcome of the form."""
    response = RedirectResponse(address, status_code=303)
    response.set_cookie(
        COOKIE,
        urlencode(outcome._asdict()),
        max_age=_LASTS,
        path=address.partition("#")[0],
        httponly=True,
        samesite="lax",
        secure=window.secure,
    )
    return response


def outcome_of(request: Request) -> Outcome:
    """The outcome to show on this page; empty unless the visitor was redirected here by `led_to`."""
    told = dict(parse_qsl(request.cookies.get(COOKIE, "")))
    return Outcome(**{name: told[name] for name in Outcome._fields if name in told})


def tell_once(request: Request, response: Response) -> None:
    """Delete the cookie, so that the outcome is shown once."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, path=request.url.path)
