"""How somebody with an account comes in who has shown the password: at once, or by way of a second factor.

The password alone gives no session where there is a second factor, or where everybody is to have one: it leads to a page that asks
for a code, or shows how to get one. Until then the browser has a token that opens that page alone. Whoever comes by a common account
does not pass here: a second factor is then the business of whoever vouches for the person.
"""

import secrets
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import structlog
from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from office import second_factor
from portal.gate.guard import address_of
from portal.gate.parties import UNITS
from portal.gate.visitors import begin_session, hashed
from portal.problems import SignInFirst
from portal.window import Window
from schema.window import people, sessions
from schema.window.people import StaffFound
from schema.window.sessions import Place

log = structlog.get_logger("security")

PAGE: Final = "/sign-in/second-factor"
DESK: Final = "/desk"
COOKIE: Final = "qingqian-half-way"
LASTS: Final = second_factor.OFFERED_FOR
"""In which the second factor is shown."""

_LONGEST: Final = 400
"""As much is kept of what a browser calls itself."""


def is_for_units(page: str) -> bool:
    """Whether a page is for debtor units."""
    return page.partition("?")[0].rstrip("/") == UNITS or page.startswith(f"{UNITS}/")


def landing(asked: str, *, of_unit: bool) -> str:
    """The page that somebody comes to who has signed in: the one that was asked for, unless it is for others."""
    if asked.partition("?")[0] == "/account" or is_for_units(asked) == of_unit:
        return asked
    return UNITS if of_unit else DESK


def place_of(request: Request) -> Place:
    """Where a session is begun, for its owner to recognise."""
    return Place(address_of(request), request.headers.get("user-agent", "")[:_LONGEST])


async def enter(window: Window, request: Request, who: StaffFound, next_page: str) -> Response:
    """To the page that was asked for, signed in; or to the second step. Nothing else is open before that is done."""
    next_page = landing(next_page, of_unit=who.unit is not None)
    async with window.engine.connect() as connection:
        has_factor = await second_factor.is_on(connection, who.id)
    if has_factor or window.needs_second_factor:
        return await _half_way(window, who, next_page, is_new=not has_factor)
    response = RedirectResponse(next_page, status_code=303)
    await begin_session(window, response, staff_id=who.id, place=place_of(request))
    return response


async def _half_way(window: Window, who: StaffFound, next_page: str, *, is_new: bool) -> Response:
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    async with window.engine.begin() as connection:
        if is_new:
            await second_factor.offer(connection, who.id, hashed(token), now)
        await sessions.go_half_way(connection, hashed(token), who.id, now + LASTS)
    log.info("half_way", account=who.id)
    response = RedirectResponse(f"{PAGE}?{urlencode({'next': next_page})}", status_code=303)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LASTS.total_seconds()),
        path=PAGE,
        httponly=True,
        samesite="lax",
        secure=window.secure,
    )
    return response


def half_way_token(request: Request) -> str:
    """The hash of the token of whoever is half-way in this browser."""
    return hashed(request.cookies.get(COOKIE, ""))


async def who_is_half_way(window: Window, request: Request) -> StaffFound:
    """Who has shown the password in this browser.

    Raises:
        SignInFirst: Nobody has, or it took too long.
    """
    token = half_way_token(request)
    async with window.engine.connect() as connection:
        login = await sessions.half_way_there(connection, token, datetime.now(UTC))
        who = await people.staff_by_login(connection, login) if login else None
    if who is None:
        raise SignInFirst("/sign-in")
    return who


async def arrive(window: Window, request: Request, response: Response, who: StaffFound) -> None:
    """Signed in: the second factor was shown."""
    async with window.engine.begin() as connection:
        await sessions.arrive(connection, half_way_token(request))
    response.delete_cookie(COOKIE, path=PAGE)
    await begin_session(window, response, staff_id=who.id, place=place_of(request))
