"""The people of an office and of those below it, and the tokens of the office's programs: for its head."""

import asyncio
import secrets
from typing import Annotated, Any, Final, NamedTuple

import structlog
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import IntegrityError

from domain.actors import OFFICE_ROLES, Role
from portal.problems import Forbidden, NotFound, Problem
from portal.templating import page
from portal.visitors import HeadHere, SameSite, Staff, hashed
from portal.window import Here, Window
from runtime.packs import load_pack
from runtime.passwords import initial, kept_of
from schema import people
from schema.people import LOGIN, SCOPES
from schema.sight import trunk

log = structlog.get_logger(__name__)

router = APIRouter()

ROLES: Final = tuple(role for role in Role if role in OFFICE_ROLES)
TOKEN: Final = "qq_"
"""How tokens begin, so that those who look for secrets in code find them."""

Written = Annotated[str, Form(max_length=100)]
Chosen = Annotated[list[str], Form()]


class Secret(NamedTuple):
    """What is shown once: a password or a token, and whose it is."""

    kind: str
    whose: str
    secret: str


@router.get("/people")
async def show(request: Request, window: Here, visitor: HeadHere) -> Response:
    """The people of the office and of those below it, and the office's tokens."""
    return await _page(request, window, visitor)


@router.post("/people", dependencies=[SameSite])
async def add(
    request: Request,
    window: Here,
    visitor: HeadHere,
    login: Written = "",
    person: Written = "",
    office: Written = "",
    roles: Chosen = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Add somebody; the first password is shown this once."""
    login, person = login.strip().lower(), person.strip()
    if not LOGIN.fullmatch(login):
        return await _page(request, window, visitor, fault=_MALFORMED_LOGIN)
    if not person or not set("@:\0").isdisjoint(person):
        return await _page(request, window, visitor, fault=_MALFORMED_PERSON)
    if office not in _offices(window, visitor):
        raise NotFound("办公室", "office")
    password = initial()
    kept = await asyncio.to_thread(kept_of, password)
    try:
        async with window.engine.begin() as connection:
            await people.add_staff(connection, login, person, office, _roles(roles), kept)
    except IntegrityError:
        return await _page(request, window, visitor, fault=_TAKEN)
    log.info("staff_added", login=login, office=office, by=visitor.login)
    return await _page(request, window, visitor, secret=Secret("password", login, password))


@router.post("/people/roles", dependencies=[SameSite])
async def change_roles(
    window: Here,
    visitor: HeadHere,
    login: Written = "",
    roles: Chosen = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Other roles for somebody, who then signs in again."""
    await _change(window, visitor, login, roles=list(_roles(roles)))
    return RedirectResponse("/people", status_code=303)


@router.post("/people/active", dependencies=[SameSite])
async def change_active(
    window: Here, visitor: HeadHere, login: Written = "", active: Written = ""
) -> Response:
    """Let somebody in no longer, or again. Sessions end at once."""
    await _change(window, visitor, login, active=active == "yes")
    return RedirectResponse("/people", status_code=303)


@router.post("/people/password", dependencies=[SameSite])
async def reset_password(request: Request, window: Here, visitor: HeadHere, login: Written = "") -> Response:
    """Another first password for somebody, shown this once."""
    password = initial()
    await _change(window, visitor, login, password_hash=await asyncio.to_thread(kept_of, password))
    return await _page(request, window, visitor, secret=Secret("password", login, password))


@router.post("/tokens", dependencies=[SameSite])
async def create_token(
    request: Request,
    window: Here,
    visitor: HeadHere,
    name: Written = "",
    scopes: Chosen = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """A token for a program of the office, shown this once."""
    name = name.strip()
    if not name or "\0" in name or not scopes or not set(scopes) <= set(SCOPES):
        return await _page(request, window, visitor, fault=_MALFORMED_TOKEN)
    token = TOKEN + secrets.token_urlsafe(32)
    try:
        async with window.engine.begin() as connection:
            await people.add_token(
                connection,
                hashed(token),
                name=name,
                office=visitor.office,
                scopes=[scope for scope in SCOPES if scope in scopes],
                created_by=visitor.login,
            )
    except IntegrityError:
        return await _page(request, window, visitor, fault=_TOKEN_TAKEN)
    log.info("token_created", office=visitor.office, by=visitor.login)
    return await _page(request, window, visitor, secret=Secret("token", name, token))


@router.post("/tokens/revoke", dependencies=[SameSite])
async def revoke_token(window: Here, visitor: HeadHere, name: Written = "") -> Response:
    """A token that is accepted no longer, from this moment on."""
    if "\0" in name:
        raise NotFound("令牌", "token")
    async with window.engine.begin() as connection:
        await people.revoke_token(connection, visitor.office, name)
    log.info("token_revoked", office=visitor.office, by=visitor.login)
    return RedirectResponse("/people", status_code=303)


async def _change(window: Window, visitor: Staff, login: str, **changes: Any) -> None:
    """Change somebody whom the visitor sees, and who is somebody else.

    Raises:
        NotFound: There is nobody of that login in the office or below it.
        Forbidden: It is the visitor: an office must not lose its head by a slip.
    """
    if login == visitor.login:
        raise Forbidden(
            "不能变更自己,请由另一位负责人办理", "nobody changes their own entry: another head does"
        )
    async with window.engine.begin() as connection:
        if not LOGIN.fullmatch(login) or not await people.is_seen(connection, visitor.sight, login):
            raise NotFound("人员", "person")
        await people.change_staff(connection, login, **changes)
    log.info("staff_changed", login=login, by=visitor.login, what=sorted(changes))


def _roles(chosen: list[str]) -> list[str]:
    """The roles that were chosen, in their order.

    Raises:
        Problem: None, or one that nobody of an office has.
    """
    if not chosen or not set(chosen) <= set(ROLES):
        raise Problem(
            422, "请至少选择一个角色", "choose at least one role", {"code": "malformed", "field": "roles"}
        )
    return [role.value for role in ROLES if role in chosen]


def _offices(window: Window, visitor: Staff) -> dict[str, str]:
    """The offices whose people the visitor administers, by code."""
    offices = load_pack(window.policy).offices
    return {code: name for code, name in sorted(offices.items()) if code.startswith(trunk(visitor.office))}


async def _page(
    request: Request,
    window: Window,
    visitor: Staff,
    *,
    secret: Secret | None = None,
    fault: tuple[str, str] | None = None,
) -> Response:
    async with window.engine.connect() as connection:
        staff = await people.staff_seen(connection, visitor.sight)
        tokens = await people.tokens_of(connection, visitor.office)
    shown = {
        "visitor": visitor,
        "here": "/people",
        "staff": staff,
        "tokens": tokens,
        "offices": _offices(window, visitor),
        "roles": ROLES,
        "scopes": SCOPES,
        "secret": secret,
        "fault": fault,
    }
    return page(request, "people.html", shown, status=422 if fault else 200)


_MALFORMED_LOGIN: Final = (
    "登录名为 2 至 40 个小写字母、数字、点、横线或下划线",
    "A login is 2 to 40 small letters, digits, dots, dashes or underscores",
)
_MALFORMED_PERSON: Final = ("请填写姓名,不含 @ 和 :", "Write the person's name, without @ and :")
_TAKEN: Final = ("该登录名已被使用", "That login is taken")
_MALFORMED_TOKEN: Final = ("请填写令牌名称并选择权限", "Write a name for the token and choose what it may do")
_TOKEN_TAKEN: Final = ("本办公室已有或曾有同名令牌", "The office has, or had, a token of that name")
