"""Who is asking: somebody of an office or of a debtor unit, a party about its case, or a program of an office.

A session's cookie is a random token, of which the record keeps the hash; it ends after `LASTS`, when somebody signs out, or at once
when the person is no longer active. Forms carry the session's second token, so that no other site can send them (CSRF).
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
    """Somebody of an office, signed in by `session`. `account` stands in the journal beside the name."""

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
        """As who is told what is new."""
        return Reader(self.sight, self.account, self.person, self.office, self.roles)

    def actors(self) -> tuple[Actor, ...]:
        """As whom this person may act."""
        return tuple(Actor(role, self.person, self.office) for role in self.roles)

    @property
    def registrar(self) -> Registrar:
        """As who registers cases."""
        return Registrar(by=Actor(Role.CLERK, self.person, self.office), account=self.account)

    @property
    def doer(self) -> Doer:
        """As who does something about people and tokens."""
        return Doer(self.login, self.account)

    def is_head(self) -> bool:
        """Whether this person administers people and tokens."""
        return Role.HEAD in self.roles


def hashed(token: str) -> str:
    """What the record keeps of a token: it is random, so a quick hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class Begun(NamedTuple):
    """A session that has begun. Its token is known to nobody else: the record keeps a hash."""

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
    """Begin a session of somebody of an office, or of a party of a case, or of that party's program."""
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
    """Sign somebody in: a new session, whose token goes into the cookie."""
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
    """Sign out."""
    token = request.cookies.get(COOKIE)
    if token:
        async with window.engine.begin() as connection:
            await sessions.end_session(connection, hashed(token))
        log.info("signed_out")
    response.delete_cookie(COOKIE)


async def visitor_of(
    request: Request, window: Annotated[Window, Depends(window_of)]
) -> Staff | OfUnit | Party | None:
    """Who the cookie says is asking."""
    return await visitor_by(window, request.cookies.get(COOKIE))


async def visitor_by(
    window: Window, token: str | None, *, for_program: bool = False
) -> Staff | OfUnit | Party | None:
    """Whose session a token is: a browser's cookie and a program's token are not taken one for the other. A session that was begun
    with a password alone, before everybody was to have a second factor, is none any more.
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
    """Somebody of an office, or to the sign-in page, and from there back to the page that was asked for. How much is new to this
    person every page of the desk says (`templating.page`).
    """
    if isinstance(visitor, Staff):
        async with window.engine.begin() as connection:
            await sessions.note_use(connection, visitor.session)
            request.state.news = await new_seen(connection, visitor.as_reader)
        return visitor
    raise _sign_in(request)


def _sign_in(request: Request) -> SignInFirst:
    """To the sign-in page, and from there back to the page that was asked for."""
    if request.method != "GET" or request.headers.get("accept") == "text/event-stream":
        return SignInFirst("/sign-in")
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return SignInFirst(f"/sign-in?{urlencode({'next': asked})}")


async def unit_of(
    request: Request, visitor: Visitor, window: Annotated[Window, Depends(window_of)]
) -> OfUnit:
    """Somebody of a debtor unit, or to the sign-in page."""
    if not isinstance(visitor, OfUnit):
        raise _sign_in(request)
    async with window.engine.begin() as connection:
        await sessions.note_use(connection, visitor.session)
    return visitor


async def owner_of(
    request: Request, visitor: Visitor, window: Annotated[Window, Depends(window_of)]
) -> Staff | OfUnit:
    """Whoever has an account, or to the sign-in page."""
    if isinstance(visitor, OfUnit):
        return await unit_of(request, visitor, window)
    return await staff_of(request, visitor, window)


async def head_of(visitor: Annotated[Staff, Depends(staff_of)]) -> Staff:
    """A head of an office: who administers people and tokens."""
    if not visitor.is_head():
        raise Forbidden("仅负责人可以管理人员和令牌", "people and tokens are for the head of the office")
    return visitor


async def party_of(
    request: Request, visitor: Visitor, window: Annotated[Window, Depends(window_of)]
) -> Party:
    """A party at its own door, or to the page that asks for the access code; below the page of debtor units, one of these at a case of
    its own, or to the page where it signs in.

    Raises:
        NotFound: There is no such case in which the unit owes.
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
    """Let a form pass that carries the token of its session. Its id is for the page that answers it (`templating.page`); one of which
    more rows are wanted is not answered yet.
    """
    must_be_ours(visitor, csrf)
    request.state.answered = "" if more else command_id


def must_be_ours(visitor: Staff | OfUnit | Party | None, csrf: str) -> None:
    """Let a form pass that carries the token of its session.

    Raises:
        Forbidden: It does not.
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
