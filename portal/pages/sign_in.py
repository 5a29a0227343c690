"""People of offices and of debtor units sign in by login and password, set the password by an invitation, and sign out."""

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
    """The page on which people of offices and of debtor units sign in."""
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
    """Show the password, get a session or to the second step. A login that does not exist and a wrong password are answered alike, and
    as slowly.
    """
    who = await who_by(window, guard.address_of(request), login.strip().lower(), password)
    if who is None:
        return _asked(request, next_page, login, status=401)
    return await enter(window, request, who, local(next_page))


async def who_by(window: Window, address: str, login: str, password: str) -> StaffFound | None:
    """Whose login and password these are.

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
    """A page of this window, whatever was asked for: nobody is sent elsewhere after signing in."""
    return asked if _OURS.fullmatch(asked) and asked.isprintable() else DESK


@router.get("/invitation")
async def ask_invitation(request: Request, login: InAddress = "") -> Response:
    """The page on which somebody new, or who has lost the password, sets one by the code of an invitation. The link on a slip names
    the login.
    """
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
    """Set the password, once, and sign in as by it. A login that does not exist and a wrong code are answered alike."""
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
    """Whose invitation this is. What is wrong with a new password is told to nobody else: it would say the person's name.

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
    """Why a new password, typed twice, is not taken of somebody, who is known to be that person by now."""
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
    """For everybody who is signed in."""
    response = RedirectResponse("/", status_code=303)
    await end_session(window, request, response)
    return response
