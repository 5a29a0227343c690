"""Administration by a head: the people of the office and of those below it, and the tokens of the office's programs."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Final, NamedTuple

import structlog
from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import OFFICE_ROLES, Role, folded
from domain.telling.untold import why_untold
from domain.value import is_writable
from office.passwords import draw_invitation
from portal.forms.accounts import NO_LOGIN, NO_PERSON, login_in, person_in
from portal.gate.router import PageRouter
from portal.gate.visitors import HeadHere, Staff, hashed
from portal.inputs import Line
from portal.problems import Forbidden, NotFound, Problem
from portal.reading import offices_in_sight
from portal.templating import page
from portal.window import Here, Window
from schema.window import factors, people, programs, subscriptions
from schema.window.programs import SCOPES

log = structlog.get_logger("security")

router = PageRouter()

ROLES: Final = tuple(role for role in Role if role in OFFICE_ROLES)
CHANGES: Final = 100
"""The most changes that the page lists."""

TOKEN: Final = "qq_"
"""The prefix of tokens, by which secret scanners find them in code."""

Ticked = Annotated[list[str], Form()]


class Secret(NamedTuple):
    """A secret that is shown once: the code of an invitation or a token, and whose it is."""

    kind: str
    whose: str
    secret: str


@router.get("/people")
async def show(request: Request, window: Here, visitor: HeadHere) -> Response:
    """Show the people, the tokens, and the latest changes."""
    return await _page(request, window, visitor)


@router.post("/people")
async def add(
    request: Request,
    window: Here,
    visitor: HeadHere,
    login: Line = "",
    person: Line = "",
    office: Line = "",
    roles: Ticked = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Add a person, who sets a password by the code that is shown once. A person has one account at an office."""
    name, called = person_in(person), login_in(login)
    if name is None or called is None:
        return await _page(request, window, visitor, fault=NO_PERSON if name is None else NO_LOGIN)
    if office not in offices_in_sight(window, visitor):
        raise NotFound("办公室", "office")
    code, invitation = draw_invitation(datetime.now(UTC))
    try:
        async with window.engine.begin() as connection:
            await people.add_staff(connection, called, name, office, _roles(roles), invitation, visitor.doer)
    except IntegrityError:
        return await _page(request, window, visitor, fault=_TAKEN)
    log.info("staff_added", login=called, office=office, account=visitor.account)
    return await _page(request, window, visitor, secret=Secret("invitation", called, code))


@router.post("/people/roles")
async def change_roles(
    window: Here,
    visitor: HeadHere,
    login: Line = "",
    roles: Ticked = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Change somebody's roles. The person has to sign in again."""
    chosen = _roles(roles)
    async with changing(window, visitor, login, "roles") as connection:
        is_there = await people.change_roles(connection, login, chosen, visitor.doer, visitor.people)
        _must_be_there(is_there)
    return RedirectResponse("/people", status_code=303)


@router.post("/people/active")
async def change_active(window: Here, visitor: HeadHere, login: Line = "", active: Line = "") -> Response:
    """Deactivate or reactivate an account. Its sessions and tokens end at once."""
    async with changing(window, visitor, login, "active") as connection:
        is_there = await people.change_active(
            connection, login, active == "yes", visitor.doer, visitor.people
        )
        _must_be_there(is_there)
    return RedirectResponse("/people", status_code=303)


@router.post("/people/invitation")
async def invite(request: Request, window: Here, visitor: HeadHere, login: Line = "") -> Response:
    """Invite somebody to set another password, by the code that is shown once. The old password and all sessions end at once."""
    code, invitation = draw_invitation(datetime.now(UTC))
    async with changing(window, visitor, login, "invitation") as connection:
        is_there = await people.invite(connection, login, invitation, visitor.doer, visitor.people)
        _must_be_there(is_there)
    return await _page(request, window, visitor, secret=Secret("invitation", login, code))


@router.post("/people/second-factor")
async def remove_second_factor(window: Here, visitor: HeadHere, login: Line = "") -> Response:
    """Remove the second factor of somebody who has lost the telephone; the person then sets up another. All sessions end at once."""
    async with changing(window, visitor, login, "second factor") as connection:
        is_there = await people.remove_second_factor(connection, login, visitor.doer, visitor.people)
        _must_be_there(is_there)
    return RedirectResponse("/people", status_code=303)


@router.post("/tokens")
async def create_token(
    request: Request,
    window: Here,
    visitor: HeadHere,
    name: Line = "",
    scopes: Ticked = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Create a token for a program of the office, and show it once. It ends with the account of whoever created it."""
    name = folded(name)
    if not name or not is_writable(name) or not scopes or not set(scopes) <= set(SCOPES):
        return await _page(request, window, visitor, fault=_MALFORMED_TOKEN)
    token = TOKEN + secrets.token_urlsafe(32)
    try:
        async with window.engine.begin() as connection:
            await programs.add_token(
                connection,
                hashed(token),
                name=name,
                office=visitor.office,
                scopes=[scope for scope in SCOPES if scope in scopes],
                owner=visitor.doer,
            )
    except IntegrityError:
        return await _page(request, window, visitor, fault=_TOKEN_TAKEN)
    log.info("token_given", office=visitor.office, account=visitor.account)
    return await _page(request, window, visitor, secret=Secret("token", name, token))


@router.post("/tokens/revoke")
async def revoke_token(window: Here, visitor: HeadHere, name: Line = "") -> Response:
    """Revoke a token at once."""
    if not is_writable(name):
        raise NotFound("令牌", "token")
    async with window.engine.begin() as connection:
        await programs.revoke_token(connection, visitor.office, name, visitor.doer)
    log.info("token_revoked", office=visitor.office, account=visitor.account)
    return RedirectResponse("/people", status_code=303)


@asynccontextmanager
async def changing(window: Window, visitor: Staff, login: str, what: str) -> AsyncIterator[AsyncConnection]:
    """A transaction that changes somebody other than the visitor.

    Raises:
        Forbidden: It is the visitor: nobody gives themselves roles or an invitation.
    """
    if login == visitor.login:
        raise Forbidden(
            "不能变更自己,请由另一位负责人办理", "nobody changes their own entry: another head does"
        )
    async with window.engine.begin() as connection:
        yield connection
    log.info("staff_changed", login=login, account=visitor.account, what=what)


def _must_be_there(is_there: bool) -> None:
    """Answer 404 if no such person is at the office or below it."""
    if not is_there:
        raise NotFound("人员", "person")


def _roles(chosen: list[str]) -> list[str]:
    """The chosen roles in their usual order.

    Raises:
        Problem: 422: none is chosen, or one is no role of an office.
    """
    if not chosen or not set(chosen) <= set(ROLES):
        raise Problem(
            422, "请至少选择一个角色", "choose at least one role", {"code": "malformed", "field": "roles"}
        )
    return [role.value for role in ROLES if role in chosen]


async def _page(
    request: Request,
    window: Window,
    visitor: Staff,
    *,
    secret: Secret | None = None,
    fault: tuple[str, str] | None = None,
) -> Response:
    async with window.engine.connect() as connection:
        staff = await people.staff_seen(connection, visitor.people)
        with_factor = await factors.holders(connection)
        tokens = await programs.tokens_of(connection, visitor.office)
        subscribed = await subscriptions.of_office(connection, visitor.office)
        changes = await people.changes_seen(connection, visitor.sight, CHANGES)
    shown = {
        "visitor": visitor,
        "here": "/people",
        "staff": staff,
        "with_factor": with_factor,
        "tokens": tokens,
        "subscriptions": subscribed,
        "why_untold": why_untold,
        "changes": changes,
        "COMMAND_LINE": people.COMMAND_LINE.login,
        "offices": offices_in_sight(window, visitor),
        "roles": ROLES,
        "scopes": SCOPES,
        "secret": secret,
        "fault": fault,
    }
    return page(request, "people/people.html", shown, status=422 if fault else 200)


_TAKEN: Final = (
    "该登录名已被使用,或者该办公室已有同名人员(含已停用):一人一号,重名的请在姓名后注明科室",
    "That login is taken, or the office has, or had, a person of that name: one account a person; a namesake's name says which",
)
_MALFORMED_TOKEN: Final = ("请填写令牌名称并选择权限", "Write a name for the token and choose what it may do")
_TOKEN_TAKEN: Final = ("本办公室已有或曾有同名令牌", "The office has, or had, a token of that name")
