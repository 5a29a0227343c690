"""What follows a correct password: a session, or the second step.

If the account has a second factor, or everybody must have one, the password alone gives no session. It leads to a page that asks for a
code, or shows how to set a second factor up; until then the browser's token opens that page only. People who sign in by a common
account skip this: their issuer is responsible for a second factor.
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
"""How long the second step may take."""

_LONGEST: Final = 400
"""The most characters of a user agent that are stored."""


def is_for_units(page: str) -> bool:
    """Whether a page is for debtor units."""
    return page.partition("?")[0].rstrip("/") == UNITS or page.startswith(f"{UNITS}/")


def landing(asked: str, *, of_unit: bool) -> str:
    """The page to show after signing in: the one that was asked for, unless it is for other visitors."""
    if asked.partition("?")[0] == "/account" or is_for_units(asked) == of_unit:
        return asked
    return UNITS if of_unit else DESK


def place_of(request: Request) -> Place:
    """Where a session begins, so that its owner can recognise it."""
    return Place(address_of(request), request.headers.get("user-agent", "")[:_LONGEST])


async def enter(window: Window, request: Request, who: StaffFound, next_page: str) -> Response:
    """Sign in and go on to the page that was asked for, or to the second step."""
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
    """The hash of the browser's token for the second step."""
    return hashed(request.cookies.get(COOKIE, ""))


async def who_is_half_way(window: Window, request: Request) -> StaffFound:
    """Whoever has given the password in this browser, and is at the second step.

    Raises:
        SignInFirst: Nobody is, or it took too long.
    """
    token = half_way_token(request)
    async with window.engine.connect() as connection:
        login = await sessions.half_way_there(connection, token, datetime.now(UTC))
        who = await people.staff_by_login(connection, login) if login else None
    if who is None:
        raise SignInFirst("/sign-in")
    return who


async def arrive(window: Window, request: Request, response: Response, who: StaffFound) -> None:
    """Complete the second step: begin a session."""
    async with window.engine.begin() as connection:
        await sessions.arrive(connection, half_way_token(request))
    response.delete_cookie(COOKIE, path=PAGE)
    await begin_session(window, response, staff_id=who.id, place=place_of(request))
