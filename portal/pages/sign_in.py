"""Signing in by login and password, for people at offices and debtor units; setting a password by an invitation; signing out."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Annotated, Final

import structlog
from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from domain.telling.words import Sentence
from office.codes import as_issued, code_hash
from office.passwords import LEAST, Owner, is_right, kept_of, weakness
from portal.gate import guard
from portal.gate.entry import DESK, enter, is_for_units, landing
from portal.gate.parties import OfUnit
from portal.gate.router import PageRouter
from portal.gate.visitors import Staff, Visitor, end_session
from portal.inputs import InAddress
from portal.templating import page
from portal.window import Here, Window, window_behind
from schema.window import people
from schema.window.people import StaffFound

log = structlog.get_logger("security")

router = PageRouter()

WRONG: Final = ("登录名或密码不对", "The login or the password is wrong")
NOT_INVITED: Final = (
    "登录名或邀请码不对,或者邀请码已用过、已过期",
    "The login or the code is wrong, or the code has been used, or is too old",
)

_OURS: Final = re.compile(r"/(?!/)[^\\\s]*")

Credential = Annotated[str, Form(max_length=1000)]
Next = Annotated[str, Query(alias="next", max_length=1000)]


@router.get("/sign-in")
async def ask(request: Request, visitor: Visitor, next_page: Next = DESK) -> Response:
    """Show the sign-in page."""
    if isinstance(visitor, Staff | OfUnit):
        onward = landing(local(next_page), of_unit=isinstance(visitor, OfUnit))
        return RedirectResponse(onward, status_code=303)
    return _asked(request, next_page)


@router.post("/sign-in")
async def sign_in(
    request: Request,
    window: Here,
    login: Credential = "",
    password: Credential = "",
    next_page: Next = DESK,
) -> Response:
    """Check the password, then begin a session or go on to the second step. An unknown login and a wrong password are answered alike,
    and equally slowly.
    """
    who = await who_by(window, guard.address_of(request), login.strip().lower(), password)
    if who is None:
        return _asked(request, next_page, login, status=401)
    return await enter(window, request, who, local(next_page))


async def who_by(window: Window, address: str, login: str, password: str) -> StaffFound | None:
    """The account with this login and password; None if there is none.

    Raises:
        TooMany: It was tried too often.
    """
    await guard.let_try(window, address=address, login=login)
    async with window.engine.connect() as connection:
        found = await people.staff_by_login(connection, login)
    kept = found.password_hash if found and found.active else None
    if not await asyncio.to_thread(is_right, kept, password):
        log.warning("sign_in_refused", account=found.id if found else None, by="password")
        return None
    await guard.note_success(window, address=address, login=login)
    return found


def _asked(request: Request, next_page: str, login: str = "", *, status: int = 200) -> Response:
    shown = {
        "visitor": None,
        "here": "/sign-in",
        "fault": WRONG if status != 200 else None,
        "login": login,
        "next": local(next_page),
        "for_unit": is_for_units(local(next_page)),
        "is_oidc": window_behind(request).oidc is not None,
    }
    return page(request, "people/sign_in.html", shown, status=status)


def local(asked: str) -> str:
    """The page to go to after signing in: the one that was asked for if it is ours, otherwise the desk. Prevents open redirects."""
    return asked if _OURS.fullmatch(asked) and asked.isprintable() else DESK


@router.get("/invitation")
async def ask_invitation(request: Request, login: InAddress = "") -> Response:
    """Show the page for setting a password by the code of an invitation. The link on a slip fills in the login."""
    return _invited(request, login)


@router.post("/invitation")
async def accept_invitation(
    request: Request,
    window: Here,
    login: Credential = "",
    code: Credential = "",
    new: Credential = "",
    again: Credential = "",
) -> Response:
    """Set the password and sign in with it; the invitation is used up. An unknown login and a wrong code are answered alike."""
    login, shown = login.strip().lower(), code_hash(as_issued(code))
    invited = await _whose_invitation(window, guard.address_of(request), login, shown)
    if invited is None:
        return _invited(request, login, code, NOT_INVITED)
    fault = await weak(window, invited, new, again)
    if fault is not None:
        return _invited(request, login, code, fault)
    kept = await asyncio.to_thread(kept_of, new)
    async with window.engine.begin() as connection:
        who = await people.use_invitation(connection, login, shown, datetime.now(UTC), kept)
    if who is None:
        return _invited(request, login, code, NOT_INVITED)
    log.info("invitation_used", account=who.id)
    return await enter(window, request, who, DESK)


async def _whose_invitation(window: Window, address: str, login: str, code_hash: str) -> StaffFound | None:
    """The account to which an invitation belongs. Faults of a new password are told only to its owner, because they would reveal the
    person's name.

    Raises:
        TooMany: It was tried too often.
    """
    await guard.let_try(window, address=address)
    async with window.engine.connect() as connection:
        found = await people.invited(connection, login, code_hash, datetime.now(UTC))
    if found is None:
        log.warning("invitation_refused")
        return None
    await guard.note_success(window, address=address)
    return found


async def weak(window: Window, who: StaffFound, new: str, again: str) -> Sentence | None:
    """Why a new password, typed twice, is not accepted; None if it is. Only for a visitor who has proved to be that person."""
    if new != again:
        return "两次输入的新密码不一致", "The new password was typed in two ways"
    own = who.person or (who.unit.name if who.unit else "")
    office = window.offices.get(who.office, "")
    return await asyncio.to_thread(weakness, new, Owner(who.login, own, who.office, office))


def _invited(request: Request, login: str = "", code: str = "", fault: Sentence | None = None) -> Response:
    shown = {
        "visitor": None,
        "here": "/invitation",
        "login": login,
        "code": code,
        "fault": fault,
        "least": LEAST,
    }
    return page(request, "people/invitation.html", shown, status=422 if fault else 200)


@router.post("/sign-out")
async def sign_out(request: Request, window: Here) -> Response:
    """Sign out, whoever is signed in."""
    response = RedirectResponse("/", status_code=303)
    await end_session(window, request, response)
    return response
