"""The second step of signing in: entering a code of the second factor, or setting one up where it is required."""

from datetime import UTC, datetime
from typing import Final

import structlog
from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from office import second_factor
from portal.gate import guard
from portal.gate.entry import DESK, PAGE, arrive, half_way_token, who_is_half_way
from portal.gate.router import PageRouter
from portal.pages.sign_in import Credential, Next, local
from portal.problems import SignInFirst
from portal.showing.authenticator import drawn
from portal.templating import page
from portal.window import Here, Window
from schema.window.people import Doer, StaffFound

log = structlog.get_logger("security")

router = PageRouter()

WRONG: Final = (
    "验证码不对,或者已经用过:请等手机上显示下一个",
    "The code is wrong, or was used before: wait for the next one on your phone",
)


@router.get(PAGE)
async def ask(request: Request, window: Here) -> Response:
    """Show the page that asks for a code, or for setting the second factor up."""
    return await _asked(request, window, await who_is_half_way(window, request))


@router.post(PAGE)
async def show(
    request: Request,
    window: Here,
    code: Credential = "",
    next_page: Next = DESK,
) -> Response:
    """Accept a code, and begin a session. If it completes the set-up, the recovery codes are shown first, once."""
    who, next_page = await who_is_half_way(window, request), local(next_page)
    address, now, recovery = guard.address_of(request), datetime.now(UTC), list[str]()
    await guard.let_try(window, address=address, code=who.login)
    async with window.engine.begin() as connection:
        if await second_factor.is_on(connection, who.id):
            is_right = await second_factor.is_shown(connection, who, code, now)
        else:
            by = Doer(who.login, who.id)
            recovery = await second_factor.confirm(
                connection, by, who.office, half_way_token(request), code, now
            )
            is_right = bool(recovery)
    if not is_right:
        log.warning("sign_in_refused", account=who.id, by="second factor")
        return await _asked(request, window, who, WRONG)
    await guard.note_success(window, address=address, code=who.login)
    response: Response = RedirectResponse(next_page, status_code=303)
    if recovery:
        shown = {"visitor": None, "here": "/account", "codes": recovery, "onward": next_page}
        response = page(request, "people/recovery.html", shown)
    await arrive(window, request, response, who)
    return response


async def _asked(
    request: Request,
    window: Window,
    who: StaffFound,
    fault: tuple[str, str] | None = None,
) -> Response:
    async with window.engine.connect() as connection:
        is_on = await second_factor.is_on(connection, who.id)
        offered = await second_factor.offered(connection, who.id, half_way_token(request), datetime.now(UTC))
    shown = {"visitor": None, "here": PAGE, "fault": fault, "action": PAGE}
    if is_on:
        return page(request, "people/second_step.html", shown, status=401 if fault else 200)
    if offered is None:
        raise SignInFirst("/sign-in")
    shown |= {"offered": drawn(offered, who.login)}
    return page(request, "people/set_up.html", shown, status=422 if fault else 200)
