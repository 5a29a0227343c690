"""The addresses at which people get news outside the window: entering one, confirming it by a code, and deleting it.

The same page serves people at offices, who get mail, and the parties of a case.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import structlog
from fastapi import Depends, Form, Request, Response

from domain.names.addresses import personal_address
from domain.telling.news import WAYS, Language
from domain.telling.words import Sentence
from domain.value import Way
from office.codes import as_issued, code_hash
from portal.gate import guard
from portal.gate.pace import let_act
from portal.gate.parties import Party
from portal.gate.router import PageRouter
from portal.gate.visitors import Staff, Visitor, party_of, staff_of
from portal.inputs import Line
from portal.outcome import Outcome, led_to, outcome_of
from portal.problems import NotFound, Problem
from portal.templating import language_of, page
from portal.window import Here, Window
from schema.window import contacts
from schema.window.contacts import Owner

log = structlog.get_logger("security")

router = PageRouter()

PAGES: Final = ("/account/contacts", "/case/contacts", "/debtor/contacts")
OF_STAFF: Final = PAGES[0]

DONE: Final[dict[str, Sentence]] = {
    "asked": (
        "验证码正在发送,一般一两分钟内收到;请填在下面",
        "A code is on its way and takes a minute or two: write it below",
    ),
    "confirmed": ("已开启:有新情况时会告诉您", "On: you are told what is new"),
    "ended": ("已停止,地址已删除", "Off, and the address is deleted"),
}
WRONG_CODE: Final = (
    "验证码不对,或者已经过期:可以重新填写地址,再取一个",
    "The code is wrong or too old: leave the address again for another one",
)
_NO_ADDRESS: Final[dict[Way, Sentence]] = {
    Way.MAIL: ("请填写邮箱,如 name@example.cn", "Write a mail address such as name@example.cn"),
    Way.SMS: ("请填写十一位的手机号码", "Write a mobile number of eleven digits"),
    Way.WECHAT: (
        "请填写微信 OpenID:字母、数字、- 和 _",
        "Write the OpenID at WeChat: letters, digits, - and _",
    ),
}

Address = Annotated[str, Form(max_length=300)]


async def _who(request: Request, visitor: Visitor, window: Here) -> Staff | Party:
    """A person at an office on the page of the own account, or a party on its own page."""
    if request.url.path.startswith(OF_STAFF):
        return await staff_of(request, visitor, window)
    return await party_of(request, visitor, window)


Who = Annotated[Staff | Party, Depends(_who)]


def owner_of(who: Staff | Party) -> Owner:
    """The owner of the addresses."""
    if isinstance(who, Staff):
        return Owner(account=who.account)
    return Owner(case_no=who.case_no, side=who.side)


def page_of(who: Staff | Party) -> str:
    """The path of a visitor's page of addresses."""
    return OF_STAFF if isinstance(who, Staff) else f"{who.home}/contacts"


def offered(window: Window, who: Staff | Party) -> Sequence[Way]:
    """The configured ways to reach a visitor. People at offices are offered mail only."""
    return [way for way in Way if way in window.ways and (way is Way.MAIL or isinstance(who, Party))]


@router.get(PAGES[0])
@router.get(PAGES[1])
@router.get(PAGES[2])
async def show(request: Request, window: Here, who: Who) -> Response:
    """Show the visitor's addresses."""
    return await _page(request, window, who, said=DONE.get(outcome_of(request).done))


@router.post(PAGES[0])
@router.post(PAGES[1])
@router.post(PAGES[2])
async def leave(
    request: Request, window: Here, who: Who, way: Line = "", address: Address = "", language: Line = ""
) -> Response:
    """Enter an address, to which a code is sent."""
    chosen = _way(window, who, way)
    written = {"way": way, "address": address, "language": language}
    try:
        kept = personal_address(chosen, address)
    except ValueError:
        return await _page(request, window, who, at=way, fault=_NO_ADDRESS[chosen], written=written)
    try:
        await let_act(window, "contact", _name(who))
    except Problem as problem:
        fault = (problem.message, problem.detail)
        return await _page(request, window, who, at=way, fault=fault, written=written, status=problem.status)
    async with window.engine.begin() as connection:
        spoken: Language = "en" if language == "en" else "zh"
        await contacts.leave(connection, owner_of(who), chosen, kept, spoken)
    log.info("contact_left", whose=_name(who), way=chosen)
    return _back(window, who, "asked")


@router.post(f"{PAGES[0]}/confirm")
@router.post(f"{PAGES[1]}/confirm")
@router.post(f"{PAGES[2]}/confirm")
async def confirm(request: Request, window: Here, who: Who, way: Line = "", code: Line = "") -> Response:
    """Accept the code that was sent to an address. From now on news is sent there."""
    chosen, place = _way(window, who, way), guard.address_of(request)
    await guard.let_try(window, address=place, contact=_name(who))
    async with window.engine.begin() as connection:
        typed = code_hash(as_issued(code))
        is_shown = await contacts.confirm(connection, owner_of(who), chosen, typed)
    if not is_shown:
        log.warning("contact_refused", whose=_name(who), way=chosen)
        return await _page(request, window, who, at=way, fault=WRONG_CODE)
    await guard.note_success(window, address=place, contact=_name(who))
    log.info("contact_confirmed", whose=_name(who), way=chosen)
    return _back(window, who, "confirmed")


@router.post(f"{PAGES[0]}/end")
@router.post(f"{PAGES[1]}/end")
@router.post(f"{PAGES[2]}/end")
async def end(window: Here, who: Who, way: Line = "") -> Response:
    """Delete an address, also if its way is no longer configured."""
    if way not in list(Way):
        raise NotFound("联系方式", "way")
    async with window.engine.begin() as connection:
        await contacts.end(connection, owner_of(who), Way(way))
    log.info("contact_ended", whose=_name(who), way=way)
    return _back(window, who, "ended")


def _way(window: Window, who: Staff | Party, written: str) -> Way:
    """The way that a form names.

    Raises:
        NotFound: It is not offered.
    """
    found = next((way for way in offered(window, who) if way == written), None)
    if found is None:
        raise NotFound("联系方式", "way")
    return found


def _name(who: Staff | Party) -> str:
    return who.login if isinstance(who, Staff) else str(who)


def _back(window: Window, who: Staff | Party, done: str) -> Response:
    return led_to(window, page_of(who), Outcome(done))


async def _page(
    request: Request,
    window: Window,
    who: Staff | Party,
    *,
    at: str = "",
    fault: Sentence | None = None,
    written: dict[str, str] | None = None,
    said: Sentence | None = None,
    status: int = 422,
) -> Response:
    async with window.engine.connect() as connection:
        left = {one.way: one for one in await contacts.left(connection, owner_of(who))}
    ways = [way for way in Way if way in left or way in offered(window, who)]
    shown: dict[str, Any] = {
        "visitor": who,
        "here": page_of(who),
        "is_staff": isinstance(who, Staff),
        "ways": [(way, WAYS[way], left.get(way)) for way in ways],
        "offered": offered(window, who),
        "at": at,
        "fault": fault,
        "written": written or {"language": language_of(request) if isinstance(who, Staff) else "zh"},
        "said": said,
    }
    return page(request, "people/contacts.html", shown, status=status if fault else 200)
