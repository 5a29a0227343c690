"""Signing in with a common account, if an issuer is configured; see `portal.gate.oidc`."""

from secrets import compare_digest
from typing import Annotated, Final
from urllib.parse import parse_qsl, urlencode

import structlog
from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from portal.gate import guard
from portal.gate.entry import DESK, landing, place_of
from portal.gate.oidc import Issuer, NotSignedIn, Started
from portal.gate.router import PageRouter
from portal.gate.visitors import begin_session
from portal.pages.sign_in import Next, local
from portal.problems import NotFound, Problem
from portal.window import Here, Window
from schema.window import people

log = structlog.get_logger("security")

router = PageRouter()

COOKIE: Final = "qingqian-oidc"
LASTS: Final = 600
"""How many seconds somebody may spend on the issuer's pages."""


async def issuer_of(window: Here) -> Issuer:
    """The configured issuer; 404 if there is none."""
    if window.oidc is None:
        raise NotFound("页面", "page")
    return window.oidc


Configured = Annotated[Issuer, Depends(issuer_of)]


@router.get("/sign-in/oidc")
async def begin(request: Request, window: Here, issuer: Configured, next_page: Next = DESK) -> Response:
    """Redirect to the issuer's page."""
    try:
        url, started = await issuer.begin(_back(request, window))
    except NotSignedIn as away:
        raise Problem(503, "统一身份认证暂不可用", str(away), headers={"Retry-After": "30"}) from away
    response = RedirectResponse(url, status_code=303)
    kept = urlencode({**started._asdict(), "next": local(next_page)})
    response.set_cookie(
        COOKIE,
        kept,
        max_age=LASTS,
        path="/sign-in/oidc",
        httponly=True,
        samesite="lax",
        secure=window.secure,
    )
    return response


@router.get("/sign-in/oidc/callback", name="oidc_callback")
async def finish(
    request: Request, window: Here, issuer: Configured, code: str = "", state: str = ""
) -> Response:
    """Return from the issuer: a person whom it names and the record knows gets a session. Attempts are rate-limited, because each
    sends requests to the issuer.
    """
    started, next_page = _kept(request)
    if not compare_digest(state.encode(), started.state.encode()):
        raise _not_believed()
    address = guard.address_of(request)
    await guard.let_try(window, address=address)
    try:
        login = await issuer.finish(started, code, _back(request, window))
    except NotSignedIn as error:
        log.warning("sign_in_failed", reason=str(error), by="common account")
        raise Problem(401, "统一身份认证未通过", str(error)) from error
    async with window.engine.begin() as connection:
        who = await people.staff_by_login(connection, login)
        is_staff = who is not None and who.active and who.unit is None
        if who is not None and is_staff:
            await people.arrive(connection, who.id)
    if who is None or not is_staff:
        log.warning("sign_in_refused", account=who.id if who else None, by="common account")
        raise Problem(403, "该账号不是清欠办工作人员", "this account is nobody's of the offices")
    await guard.note_success(window, address=address)
    response = RedirectResponse(landing(local(next_page), of_unit=False), status_code=303)
    await begin_session(window, response, staff_id=who.id, by_common_account=True, place=place_of(request))
    response.delete_cookie(COOKIE, path="/sign-in/oidc")
    return response


def _kept(request: Request) -> tuple[Started, str]:
    """What the browser's cookie has kept since it left for the issuer."""
    kept = dict(parse_qsl(request.cookies.get(COOKIE, "")))
    try:
        return Started(kept["state"], kept["nonce"], kept["verifier"]), kept.get("next", DESK)
    except KeyError as error:
        raise _not_believed() from error


def _back(request: Request, window: Window) -> str:
    url = request.url_for("oidc_callback")
    return str(url.replace(scheme="https") if window.secure else url)


def _not_believed() -> Problem:
    return Problem(401, "登录已失效,请重新登录", "this sign-in was not begun here, or too long ago")
