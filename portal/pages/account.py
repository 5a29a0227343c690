"""A person's own account, at an office or a debtor unit: password, second factor, and sessions."""

import asyncio
from datetime import UTC, datetime
from typing import Final

import structlog
from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from domain.telling.words import Sentence
from domain.value import Way
from office import second_factor
from office.passwords import LEAST, kept_of
from portal.gate import guard
from portal.gate.entry import place_of
from portal.gate.parties import OfUnit
from portal.gate.router import PageRouter
from portal.gate.visitors import COOKIE, OwnerHere, Staff, begin_session, hashed
from portal.inputs import Line
from portal.outcome import Outcome, led_to, outcome_of
from portal.pages.second_step import WRONG as WRONG_CODE
from portal.pages.sign_in import Credential, weak, who_by
from portal.problems import Forbidden, NotFound
from portal.showing.authenticator import drawn
from portal.showing.browsers import in_words
from portal.templating import page
from portal.window import Here, Window
from schema.window import contacts, factors, people, sessions
from schema.window.people import StaffFound

log = structlog.get_logger("security")

router = PageRouter()

PAGE: Final = "/account"
WRONG_PASSWORD: Final = ("现在的密码不对", "The present password is wrong")
_NOT_OFFERED: Final = (
    "密钥十分钟内有效,只用于当时的登录:请重新输入密码",
    "A key is good for ten minutes, in the session that asked for it: show the password again",
)
DONE: Final[dict[str, Sentence]] = {
    "password": ("密码已修改,其他登录已退出", "The password is changed, and every other session has ended"),
    "off": ("两步验证已关闭", "Two-step sign-in is off"),
    "ended": ("已退出", "Ended"),
}
"""What was done, by the word that the outcome carries."""


@router.get(PAGE)
async def show(request: Request, window: Here, visitor: OwnerHere) -> Response:
    """Show the visitor's own account."""
    return await _page(request, window, visitor, done=DONE.get(outcome_of(request).done))


@router.post(f"{PAGE}/password")
async def change_password(
    request: Request,
    window: Here,
    visitor: OwnerHere,
    old: Credential = "",
    new: Credential = "",
    again: Credential = "",
) -> Response:
    """Change the password. All sessions of the person end; this browser gets a new one."""
    who = await _by_password(window, request, visitor, old)
    fault = await weak(window, who, new, again) if who else WRONG_PASSWORD
    if fault is not None:
        return await _page(request, window, visitor, at="password", fault=fault)
    kept = await asyncio.to_thread(kept_of, new)
    async with window.engine.begin() as connection:
        await people.set_password(connection, visitor.account, kept)
    log.info("password_changed", account=visitor.account)
    response = led_to(window, PAGE, Outcome("password"))
    await begin_session(
        window,
        response,
        staff_id=visitor.account,
        by_common_account=visitor.by_common_account,
        place=place_of(request),
    )
    return response


@router.post(f"{PAGE}/second-factor")
async def begin_set_up(
    request: Request, window: Here, visitor: OwnerHere, password: Credential = ""
) -> Response:
    """Offer a secret for the authenticator app. A secret that is already in force stays so until a code of the new one is entered."""
    if await _by_password(window, request, visitor, password) is None:
        return await _page(request, window, visitor, at="factor", fault=WRONG_PASSWORD)
    async with window.engine.begin() as connection:
        await second_factor.offer(connection, visitor.account, _session(request), datetime.now(UTC))
    return RedirectResponse(f"{PAGE}/second-factor", status_code=303)


@router.get(f"{PAGE}/second-factor")
async def show_set_up(request: Request, window: Here, visitor: OwnerHere) -> Response:
    """Show the offered secret, until a code of it is entered."""
    return await _set_up(request, window, visitor)


@router.post(f"{PAGE}/second-factor/confirm")
async def confirm(request: Request, window: Here, visitor: OwnerHere, code: Credential = "") -> Response:
    """Accept a code of the offered secret. The secret is then in force, every other session ends, and the recovery codes are shown
    once.
    """
    async with window.engine.begin() as connection:
        recovery = await second_factor.confirm(
            connection, visitor.doer, visitor.office, _session(request), code, datetime.now(UTC)
        )
        if recovery:
            await sessions.end_all(connection, visitor.account, but=visitor.session)
    if not recovery:
        return await _set_up(request, window, visitor, WRONG_CODE)
    log.info("second_factor_set", account=visitor.account)
    shown = {"visitor": visitor, "here": PAGE, "codes": recovery, "onward": PAGE}
    return page(request, "people/recovery.html", shown)


@router.post(f"{PAGE}/second-factor/off")
async def turn_off(request: Request, window: Here, visitor: OwnerHere, password: Credential = "") -> Response:
    """Turn the second factor off, if the window does not require one."""
    if window.needs_second_factor:
        raise Forbidden(
            "本系统要求两步验证,不能关闭", "two-step sign-in is required here, and cannot be turned off"
        )
    if await _by_password(window, request, visitor, password) is None:
        return await _page(request, window, visitor, at="factor", fault=WRONG_PASSWORD)
    async with window.engine.begin() as connection:
        await factors.turn_off(connection, visitor.doer, visitor.office)
    log.info("second_factor_removed", account=visitor.account)
    return led_to(window, PAGE, Outcome("off"))


@router.post(f"{PAGE}/sessions/end")
async def end_session(window: Here, visitor: OwnerHere, session: Line = "") -> Response:
    """End one of the visitor's sessions; without a number, all but this one."""
    async with window.engine.begin() as connection:
        if not session:
            await sessions.end_all(connection, visitor.account, but=visitor.session)
        elif not await sessions.end_own(connection, visitor.account, _number(session)):
            raise NotFound("登录", "session")
    log.info("sessions_ended", account=visitor.account)
    return led_to(window, PAGE, Outcome("ended"))


def _number(written: str) -> int:
    """The number of a session; 0, which no session has, if the text is not a number."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else 0


async def _by_password(
    window: Window, request: Request, visitor: Staff | OfUnit, password: str
) -> StaffFound | None:
    """Check the visitor's password once more, so that whoever finds an open browser cannot change the account."""
    return await who_by(window, guard.address_of(request), visitor.login, password)


def _session(request: Request) -> str:
    return hashed(request.cookies[COOKIE])


async def _set_up(
    request: Request, window: Window, visitor: Staff | OfUnit, fault: Sentence | None = None
) -> Response:
    async with window.engine.connect() as connection:
        offered = await second_factor.offered(
            connection, visitor.account, _session(request), datetime.now(UTC)
        )
    if offered is None and fault is None:
        return RedirectResponse(PAGE, status_code=303)
    if offered is None:
        return await _page(request, window, visitor, at="factor", fault=_NOT_OFFERED)
    shown = {
        "visitor": visitor,
        "here": f"{PAGE}/second-factor",
        "action": f"{PAGE}/second-factor/confirm",
        "offered": drawn(offered, visitor.login),
        "fault": fault,
    }
    return page(request, "people/set_up.html", shown, status=422 if fault else 200)


async def _page(
    request: Request,
    window: Window,
    visitor: Staff | OfUnit,
    *,
    at: str = "",
    fault: Sentence | None = None,
    done: Sentence | None = None,
) -> Response:
    async with window.engine.connect() as connection:
        addresses = await contacts.left(connection, contacts.Owner(account=visitor.account))
        found = await people.staff_by_login(connection, visitor.login)
        factor = await factors.factor_of(connection, visitor.account)
        own = await sessions.own_sessions(connection, visitor.account, datetime.now(UTC))
    shown = {
        "visitor": visitor,
        "here": PAGE,
        "has_password": found is not None and found.password_hash is not None,
        "factor": factor,
        "is_needed": window.needs_second_factor,
        "sessions": [(one, in_words(one.browser)) for one in own],
        "least": LEAST,
        "addresses": addresses,
        "is_mail_offered": Way.MAIL in window.ways,
        "at": at,
        "fault": fault,
        "said": done,
    }
    return page(request, "people/account.html", shown, status=422 if fault else 200)
