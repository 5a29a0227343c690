"""Authentication of programs: an office's by a token with scopes, a party's by the token that it got for its access code."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, NamedTuple, TypeVar

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import PARTIES, Actor, Role, parse_actor
from domain.command_base import CommandBase
from domain.receipt import Registrar
from domain.value import PartySide
from portal.api.written import malformed
from portal.gate.parties import Party
from portal.gate.visitors import hashed, visitor_by
from portal.problems import Forbidden, Problem
from portal.window import Here
from schema.seen.sight import Sight
from schema.window import people, programs
from schema.window.people import StaffFound

_office_token = HTTPBearer(
    scheme_name="officeToken", auto_error=False, description="A token that the head of an office created."
)
_enquiry_token = HTTPBearer(
    scheme_name="enquiryToken", auto_error=False, description="A token from `POST /api/v1/enquiries`."
)

_door_token = HTTPBearer(
    scheme_name="doorToken", auto_error=False, description="A token from `POST /api/v1/doors/debtor`."
)

Command = TypeVar("Command", bound=CommandBase)

Given = Annotated[HTTPAuthorizationCredentials | None, Depends(_office_token)]


class Caller(NamedTuple):
    """A program of an office."""

    name: str
    office: str
    scopes: tuple[str, ...]
    token: str

    @property
    def sight(self) -> Sight:
        """The cases of the office and of those below it."""
        return Sight.of_office(self.office)

    def __str__(self) -> str:
        return f"token:{self.name}@{self.office}"

    def speaking(self, by: str | None) -> Actor:
        """The actor whom the program names; by default an unnamed clerk of the office.

        Raises:
            Forbidden: It belongs to another office.
            Problem: 422: it is malformed.
        """
        if by is None:
            return Actor(Role.CLERK, "经办人", self.office)
        try:
            actor = parse_actor(by)
        except ValueError as error:
            raise malformed({"by": str(error)}) from error
        if actor.party != self.office:
            raise Forbidden(
                f"本令牌属于 {self.office},{actor} 不是该办公室的人员",
                f"this token is of {self.office}, and {actor} is nobody of it",
            )
        return actor

    async def vouched(self, connection: AsyncConnection, command: Command) -> Command:
        """Check that the caller may give a command, and add the account: for one of the office's own people, or for a party to a case
        that the office holds, whose word on paper one of its clerks enters.

        Raises:
            Forbidden: The actor is of another office, has no account with that role, or is the system; or it is a party, and the token
                lacks the scope for that.
            Problem: 422: the actor is a party, and no clerk enters it.
        """
        if command.by.role in PARTIES:
            return await self._on_paper(connection, command)
        by, account = await self.own(connection, command.by)
        return command.model_copy(update={"by": by, "account": account})

    async def own(self, connection: AsyncConnection, actor: Actor) -> tuple[Actor, int]:
        """An actor as one of the office's own people, with the name and id of the account.

        Raises:
            Forbidden: The office has no such person.
        """
        account = await self._account(connection, actor)
        return actor._replace(person=account.person), account.id

    async def registrar(self, connection: AsyncConnection, by: Actor) -> Registrar:
        """One of the office's own people as the registrar of a case.

        Raises:
            Forbidden: The actor is of another office, or has no account with that role.
        """
        account = await self._account(connection, by)
        return Registrar(by=by._replace(person=account.person), account=account.id)

    async def _on_paper(self, connection: AsyncConnection, command: Command) -> Command:
        if "parties" not in self.scopes:
            raise Forbidden("本令牌没有 parties 权限,不能代录", "this token lacks the scope parties")
        if command.entered_by is None:
            raise malformed({"entered_by": "names the clerk who enters what the party said on paper"})
        account = await self._account(connection, command.entered_by)
        clerk = command.entered_by._replace(person=account.person)
        return command.model_copy(update={"entered_by": clerk, "account": account.id})

    async def _account(self, connection: AsyncConnection, actor: Actor) -> StaffFound:
        """The account of one of the office's own people; raises `Forbidden` if there is none."""
        found = await people.account_of(connection, actor) if actor.party == self.office else None
        if found is None:
            raise Forbidden(
                f"本令牌属于 {self.office},只能以该办公室有账号的在职人员的名义办理,{actor} 不是",
                f"this token is of {self.office} and acts for its people who have an account; {actor} is none of them",
            )
        return found


class Looking(NamedTuple):
    """A program that reads, and the database connection for its request."""

    caller: Caller
    connection: AsyncConnection


async def _known(connection: AsyncConnection, token: str, scope: str) -> Caller:
    found = await programs.token_of(connection, hashed(token)) if token else None
    if found is None:
        raise not_known()
    if scope not in found.scopes:
        raise Forbidden(f"本令牌没有 {scope} 权限", f"this token lacks the scope {scope}")
    return Caller(found.name, found.office, tuple(found.scopes), token)


def may(scope: str) -> Callable[..., Awaitable[Caller]]:
    """A dependency: the calling program, which must have a scope.

    Raises:
        Problem: 401: the token is missing or revoked; 403: it lacks the scope.
    """

    async def caller(window: Here, given: Given) -> Caller:
        async with window.questions.connect() as connection:
            return await _known(connection, given.credentials if given else "", scope)

    return caller


async def reads(window: Here, given: Given) -> AsyncIterator[Looking]:
    """A dependency: the calling program, which must have the scope `read`, and one connection for everything that is read for it."""
    async with window.questions.connect() as connection:
        yield Looking(await _known(connection, given.credentials if given else "", "read"), connection)


def at_door_of(side: PartySide, token: HTTPBearer) -> Callable[..., Awaitable[Party]]:
    """A dependency: the party to which a token was given.

    Raises:
        Problem: 401: the token is missing, has expired, or is the other party's.
    """

    async def party(
        window: Here, given: Annotated[HTTPAuthorizationCredentials | None, Depends(token)]
    ) -> Party:
        visitor = await visitor_by(window, given.credentials if given else None, for_program=True)
        if not isinstance(visitor, Party) or visitor.side is not side:
            raise not_known()
        return visitor

    return party


def not_known() -> Problem:
    """401: the token is missing, unknown or revoked."""
    return Problem(
        401, "令牌无效", "the token is missing, unknown or revoked", headers={"WWW-Authenticate": "Bearer"}
    )


Reader = Annotated[Looking, Depends(reads)]
Follower = Annotated[Caller, Depends(may("read"))]
Opener = Annotated[Caller, Depends(may("open"))]
Clerk = Annotated[Caller, Depends(may("act"))]
Treasurer = Annotated[Caller, Depends(may("batches"))]
Enquirer = Annotated[Party, Depends(at_door_of(PartySide.CREDITOR, _enquiry_token))]
DebtorsProgram = Annotated[Party, Depends(at_door_of(PartySide.DEBTOR, _door_token))]
