"""Identifying the visitor: a person at an office or a debtor unit, a party to a case, or a program of an office.

A session's cookie is a random token; the record stores its hash. A session ends after `LASTS`, when its owner signs out, or as soon as
the account is deactivated. Forms carry the session's second token, which protects them against CSRF.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Annotated, Final, NamedTuple
from urllib.parse import urlencode

import structlog
from fastapi import Depends, Form, Request, Response

from domain.actors import Actor, Role
from domain.calendar import SHANGHAI
from domain.receipt import Registrar
from domain.value import PartySide
from portal.gate.parties import UNITS, OfUnit, Party
from portal.problems import Forbidden, SignInFirst, or_not_found
from portal.window import Window, window_of
from schema.seen.cases import case_seen
from schema.seen.notifications import Reader, new_seen
from schema.seen.sight import Sight
from schema.window import sessions
from schema.window.people import Among, Doer
from schema.window.sessions import Place

log = structlog.get_logger("security")

COOKIE: Final = "qingqian"
LASTS: Final = timedelta(hours=8)


class Staff(NamedTuple):
    """A person at an office, signed in with `session`. The journal records `account` beside the name."""

    account: int
    login: str
    person: str
    office: str
    roles: tuple[Role, ...]
    csrf: str
    session: int = 0
    by_common_account: bool = False

    @property
    def sight(self) -> Sight:
        """The cases of the office and of those below it."""
        return Sight.of_office(self.office)

    @property
    def people(self) -> Among:
        """The people of the office and of those below it."""
        return Among(self.sight)

    @property
    def units(self) -> Among:
        """The accounts of the debtor units that these offices have invited."""
        return Among(self.sight, units=True)

    @property
    def as_reader(self) -> Reader:
        """The person as a reader of news."""
        return Reader(self.sight, self.account, self.person, self.office, self.roles)

    def actors(self) -> tuple[Actor, ...]:
        """The actors as which this person may give commands, one for each role."""
        return tuple(Actor(role, self.person, self.office) for role in self.roles)

    @property
    def registrar(self) -> Registrar:
        """The person as the one who registers cases."""
        return Registrar(by=Actor(Role.CLERK, self.person, self.office), account=self.account)

    @property
    def doer(self) -> Doer:
        """The person as the author of changes to people and tokens."""
        return Doer(self.login, self.account)

    def is_head(self) -> bool:
        """Whether this person is a head, and so administers people and tokens."""
        return Role.HEAD in self.roles


def hashed(token: str) -> str:
    """The hash of a token as the record stores it. A fast hash is enough, because tokens are random."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class Begun(NamedTuple):
    """A new session. Only its owner has the token; the record has a hash."""

    token: str
    expires_at: datetime


async def new_session(
    window: Window,
    *,
    staff_id: int | None = None,
    case_no: str | None = None,
    side: PartySide | None = None,
    for_program: bool = False,
    by_common_account: bool = False,
    place: Place | None = None,
) -> Begun:
    """Create a session for a person at an office, for a party of a case, or for that party's program."""
    begun = Begun(secrets.token_urlsafe(32), datetime.now(SHANGHAI) + LASTS)
    async with window.engine.begin() as connection:
        await sessions.begin_session(
            connection,
            hashed(begun.token),
            csrf=secrets.token_urlsafe(16),
            expires_at=begun.expires_at,
            staff_id=staff_id,
            case_no=case_no,
            side=side,
            for_program=for_program,
            by_common_account=by_common_account,
            place=place,
        )
    log.info("signed_in", account=staff_id, case_no=case_no, side=side, program=for_program)
    return begun


async def begin_session(
    window: Window,
    response: Response,
    *,
    staff_id: int | None = None,
    case_no: str | None = None,
    side: PartySide | None = None,
    by_common_account: bool = False,
    place: Place | None = None,
) -> None:
    """Sign somebody in: create a session, and put its token into the cookie."""
    begun = await new_session(
        window,
        staff_id=staff_id,
        case_no=case_no,
        side=side,
        by_common_account=by_common_account,
        place=place,
    )
    response.set_cookie(
        COOKIE,
        begun.token,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=window.secure,
    )


async def end_session(window: Window, request: Request, response: Response) -> None:
    """Sign out: end the session, and delete the cookie."""
    token = request.cookies.get(COOKIE)
    if token:
        async with window.engine.begin() as connection:
            await sessions.end_session(connection, hashed(token))
        log.info("signed_out")
    response.delete_cookie(COOKIE)


async def visitor_of(
    request: Request, window: Annotated[Window, Depends(window_of)]
) -> Staff | OfUnit | Party | None:
    """The visitor to whom the request's cookie belongs; None without a session."""
    return await visitor_by(window, request.cookies.get(COOKIE))


async def visitor_by(
    window: Window, token: str | None, *, for_program: bool = False
) -> Staff | OfUnit | Party | None:
    """The visitor to whom a token belongs. A browser's cookie is not accepted as a program's token, nor the other way round. If a
    second factor is required, sessions begun by a password alone no longer count.
    """
    if not token:
        return None
    async with window.engine.connect() as connection:
        found = await sessions.session_of(
            connection, hashed(token), datetime.now(UTC), for_program=for_program
        )
    if found is None:
        return None
    if found.case_no is not None and found.side is not None:
        return Party(found.side, found.case_no, found.csrf)
    assert found.account is not None, "a session is of a case or of somebody"
    if window.needs_second_factor and not (found.by_common_account or found.has_second_factor):
        return None
    if found.unit is not None:
        return OfUnit(found.account, found.login, found.person, found.unit, found.csrf, found.id)
    roles = tuple(Role(role) for role in found.roles)
    return Staff(
        found.account,
        found.login,
        found.person,
        found.office,
        roles,
        found.csrf,
        found.id,
        found.by_common_account,
    )


Visitor = Annotated[Staff | OfUnit | Party | None, Depends(visitor_of)]


async def staff_of(
    request: Request, visitor: Visitor, window: Annotated[Window, Depends(window_of)]
) -> Staff:
    """The person at an office; anybody else is sent to the sign-in page, and returns from there. Also counts the unread news, which
    every page of the desk shows (`templating.page`).
    """
    if isinstance(visitor, Staff):
        async with window.engine.begin() as connection:
            await sessions.note_use(connection, visitor.session)
            request.state.news = await new_seen(connection, visitor.as_reader)
        return visitor
    raise _sign_in(request)


def _sign_in(request: Request) -> SignInFirst:
    """The redirect to the sign-in page, which leads back to the page that was asked for."""
    if request.method != "GET" or request.headers.get("accept") == "text/event-stream":
        return SignInFirst("/sign-in")
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return SignInFirst(f"/sign-in?{urlencode({'next': asked})}")


async def unit_of(
    request: Request, visitor: Visitor, window: Annotated[Window, Depends(window_of)]
) -> OfUnit:
    """The person at a debtor unit; anybody else is sent to the sign-in page."""
    if not isinstance(visitor, OfUnit):
        raise _sign_in(request)
    async with window.engine.begin() as connection:
        await sessions.note_use(connection, visitor.session)
    return visitor


async def owner_of(
    request: Request, visitor: Visitor, window: Annotated[Window, Depends(window_of)]
) -> Staff | OfUnit:
    """Anybody with an account; others are sent to the sign-in page."""
    if isinstance(visitor, OfUnit):
        return await unit_of(request, visitor, window)
    return await staff_of(request, visitor, window)


async def head_of(visitor: Annotated[Staff, Depends(staff_of)]) -> Staff:
    """A head of an office, who may administer people and tokens."""
    if not visitor.is_head():
        raise Forbidden("仅负责人可以管理人员和令牌", "people and tokens are for the head of the office")
    return visitor


async def party_of(
    request: Request, visitor: Visitor, window: Annotated[Window, Depends(window_of)]
) -> Party:
    """The party on its own page; others are sent to the page that asks for the access code. Below the page of debtor units: the unit
    as the debtor of one of its cases; others are sent to the sign-in page.

    Raises:
        NotFound: The unit is not the debtor of such a case.
    """
    if request.url.path.startswith(f"{UNITS}/"):
        unit, case_no = await unit_of(request, visitor, window), str(request.path_params["case_no"])
        async with window.engine.connect() as connection:
            case = or_not_found(await case_seen(connection, unit.sight, case_no))
        return unit.at(case.case_no, case.receipt.debtor)
    if not isinstance(visitor, Party) or not visitor.opens(request.url.path):
        raise SignInFirst("/")
    return visitor


async def same_site(
    request: Request,
    visitor: Visitor,
    csrf: Annotated[str, Form()] = "",
    command_id: Annotated[str, Form()] = "",
    more: Annotated[str, Form()] = "",
) -> None:
    """Check the CSRF token of a form, and note the form's id as answered for the page (`templating.page`). A form that only asks for
    more rows is not answered yet.
    """
    must_be_ours(visitor, csrf)
    request.state.answered = "" if more else command_id


def must_be_ours(visitor: Staff | OfUnit | Party | None, csrf: str) -> None:
    """Check the CSRF token of a form.

    Raises:
        Forbidden: It is missing or wrong.
    """
    if visitor is None or not compare_digest(csrf.encode(), visitor.csrf.encode()):
        raise Forbidden(
            "表单已失效,请刷新页面后再提交", "the form is stale: reload the page and send it again"
        )


StaffHere = Annotated[Staff, Depends(staff_of)]
HeadHere = Annotated[Staff, Depends(head_of)]
OwnerHere = Annotated[Staff | OfUnit, Depends(owner_of)]
UnitHere = Annotated[OfUnit, Depends(unit_of)]
PartyHere = Annotated[Party, Depends(party_of)]
