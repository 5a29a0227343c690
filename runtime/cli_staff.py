"""`qingqian staff …`: the people of the offices. The first one is made here; later ones by the head of an office, in the window."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table
from sqlalchemy.exc import IntegrityError

from domain.actors import OFFICE_ROLES, Role
from domain.words import ROLES
from runtime.cli import DATA, DONE, AsJson, Data, emit, finish, the_database
from runtime.faults import Faults
from runtime.packs import load_pack
from runtime.passwords import initial, kept_of, weakness
from schema import people
from schema.people import LOGIN, StaffFound

staff_app = typer.Typer(help="The people of the offices (工作人员).", no_args_is_help=True)

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="Small letters, digits, dots, dashes.")]
Policy = Annotated[str, typer.Option(help="The rule pack whose offices there are.")]


@staff_app.command("add")
def add(
    login: Login,
    person: Annotated[str, typer.Option(help="The person's name.")],
    office: Annotated[str, typer.Option(help="The office's six-digit code.")],
    role: Annotated[list[Role], typer.Option(help="clerk, head or finance; may be given more than once.")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    policy: Policy = "gansu",
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Add somebody who may sign in; prints, this once, a password drawn at random."""

    async def run() -> int:
        given = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
        _check(login, person, office, role, given, policy)
        password = given or initial()
        roles = [known.value for known in Role if known in role]
        try:
            async with the_database(data) as engine, engine.begin() as connection:
                await people.add_staff(connection, login, person, office, roles, kept_of(password))
        except IntegrityError:
            raise Faults("staff", [f"LOGIN: {login} is taken"]) from None
        shown = {} if given else {"password": password}
        told = {"login": login, "person": person, "office": office, "roles": roles, **shown}
        text = f"{login}  {person}  {office}" + (f"  初始密码 {password}" if shown else "")
        emit(told, text, as_json)
        return DONE

    finish(run(), as_json)


def _check(
    login: str, person: str, office: str, roles: Sequence[Role], password: str | None, policy: str
) -> None:
    """Everything that is wrong with somebody new.

    Raises:
        Faults: Something is.
    """
    faults = []
    if not LOGIN.fullmatch(login):
        faults.append("LOGIN: 2 to 40 small letters, digits, dots, dashes or underscores")
    if not person.strip() or not set("@:\0").isdisjoint(person):
        faults.append("--person: a name, without @ and :")
    if office not in load_pack(policy).offices:
        faults.append(f"--office: {office} is no office of the rule pack {policy}")
    if not set(roles) <= OFFICE_ROLES:
        faults.append("--role: clerk, head or finance")
    if password is not None and (weak := weakness(login, password)):
        faults.append(f"password: {weak[1]}")
    if faults:
        raise Faults("staff", faults)


@staff_app.command("list")
def list_staff(data: Data = DATA, as_json: AsJson = False) -> None:
    """List everybody who may sign in, or might."""

    async def run() -> int:
        async with the_database(data) as engine, engine.connect() as connection:
            found = await people.everybody(connection)
        emit({"staff": [_told(one) for one in found]}, _table(found), as_json)
        return DONE

    finish(run(), as_json)


@staff_app.command("deactivate")
def deactivate(login: Login, data: Data = DATA, as_json: AsJson = False) -> None:
    """Let somebody in no longer; what this person has open ends at once."""

    async def run() -> int:
        async with the_database(data) as engine, engine.begin() as connection:
            if not await people.change_staff(connection, login, active=False):
                raise Faults("staff", [f"LOGIN: there is no {login}"])
        emit({"login": login, "active": False}, f"{login} 已停用", as_json)
        return DONE

    finish(run(), as_json)


def _told(one: StaffFound) -> dict[str, Any]:
    return {
        "login": one.login,
        "person": one.person,
        "office": one.office,
        "roles": list(one.roles),
        "active": one.active,
    }


def _table(found: Sequence[StaffFound]) -> Table:
    table = Table("登录名", "姓名", "办公室", "角色", "", box=None, header_style="dim")
    for one in found:
        roles = "、".join(ROLES[role] for role in one.roles)
        table.add_row(one.login, one.person, one.office, roles, "" if one.active else "已停用")
    return table
