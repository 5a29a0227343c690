"""`qingqian staff …`: the people of the offices. The first one is made here; later ones by the head of an office, in the window."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError
from rich.table import Table
from sqlalchemy.exc import IntegrityError

from cli.options import DATA, DONE, AsJson, Data, emit, finish
from cli.record import the_database
from domain.actors import OFFICE_ROLES, PersonName, Role
from domain.telling.words import ROLES
from office.enquiries import today
from office.faults import Faults
from office.packs import pack_in_force
from office.passwords import draw_invitation
from schema.window import factors, people
from schema.window.people import COMMAND_LINE, LOGIN, StaffFound

staff_app = typer.Typer(help="The people of the offices (工作人员).", no_args_is_help=True)

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="Small letters, digits, dots, dashes.")]
Policy = Annotated[str, typer.Option(help="The rule pack whose offices there are.")]


@staff_app.command("add")
def add(
    login: Login,
    person: Annotated[str, typer.Option(help="The person's name.")],
    office: Annotated[str, typer.Option(help="The office's six-digit code.")],
    role: Annotated[list[Role], typer.Option(help="clerk, head or finance; may be given more than once.")],
    policy: Policy = "gansu",
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Add somebody; prints, this once, the code by which the person sets a password on the page /invitation."""

    async def run() -> int:
        name = _checked(login, person, office, role, policy)
        code, invitation = draw_invitation(datetime.now(UTC))
        roles = [known.value for known in Role if known in role]
        try:
            async with the_database(data) as engine, engine.begin() as connection:
                await people.add_staff(connection, login, name, office, roles, invitation, COMMAND_LINE)
        except IntegrityError:
            fault = f"LOGIN: {login} is taken, or {office} has, or had, a person of that name"
            raise Faults("staff", [fault]) from None
        told = {"login": login, "person": name, "office": office, "roles": roles, "invitation": code}
        emit(told, f"{login}  {name}  {office}  邀请码 {code}", as_json)
        return DONE

    finish(run(), as_json)


@staff_app.command("invite")
def invite(login: Login, data: Data = DATA, as_json: AsJson = False) -> None:
    """Let somebody set another password; prints, this once, the code. The password there was ends at once."""

    async def run() -> int:
        code, invitation = draw_invitation(datetime.now(UTC))
        async with the_database(data) as engine, engine.begin() as connection:
            if not await people.invite(connection, login, invitation, COMMAND_LINE):
                raise _nobody(login)
        emit({"login": login, "invitation": code}, f"{login}  邀请码 {code}", as_json)
        return DONE

    finish(run(), as_json)


def _checked(login: str, person: str, office: str, roles: Sequence[Role], policy: str) -> str:
    """The name of somebody new, as it is kept.

    Raises:
        Faults: Something is wrong; everything that is, is named.
    """
    faults, name = [], ""
    if not LOGIN.fullmatch(login):
        faults.append("LOGIN: 2 to 40 small letters, digits, dots, dashes or underscores")
    try:
        name = TypeAdapter(PersonName).validate_python(person)
    except ValidationError:
        faults.append("--person: a name of at most 40 characters, without @ and : and what does not show")
    if office not in pack_in_force(policy, today()).offices:
        faults.append(f"--office: {office} is no office of the rule pack {policy}")
    if not set(roles) <= OFFICE_ROLES:
        faults.append("--role: clerk, head or finance")
    if faults:
        raise Faults("staff", faults)
    return name


def _nobody(login: str) -> Faults:
    return Faults("staff", [f"LOGIN: there is no {login}"])


@staff_app.command("remove-second-factor")
def remove_second_factor(login: Login, data: Data = DATA, as_json: AsJson = False) -> None:
    """Let somebody whose telephone is lost in by the password alone; what this person has open ends at once."""

    async def run() -> int:
        async with the_database(data) as engine, engine.begin() as connection:
            if not await people.remove_second_factor(connection, login, COMMAND_LINE):
                raise Faults("staff", [f"LOGIN: there is no {login} with a second factor"])
        emit({"login": login, "second_factor": False}, f"{login} 已解除两步验证", as_json)
        return DONE

    finish(run(), as_json)


@staff_app.command("list")
def list_staff(data: Data = DATA, as_json: AsJson = False) -> None:
    """List everybody who may sign in, or might."""

    async def run() -> int:
        async with the_database(data) as engine, engine.connect() as connection:
            found = await people.everybody(connection)
            with_factor = await factors.holders(connection)
        told = [_told(one) | {"second_factor": one.id in with_factor} for one in found]
        emit({"staff": told}, _table(found, with_factor), as_json)
        return DONE

    finish(run(), as_json)


@staff_app.command("deactivate")
def deactivate(login: Login, data: Data = DATA, as_json: AsJson = False) -> None:
    """Let somebody in no longer; what this person has open ends at once."""

    async def run() -> int:
        async with the_database(data) as engine, engine.begin() as connection:
            if not await people.change_active(connection, login, False, COMMAND_LINE):
                raise _nobody(login)
        emit({"login": login, "active": False}, f"{login} 已停用", as_json)
        return DONE

    finish(run(), as_json)


def _told(one: StaffFound) -> dict[str, Any]:
    return {
        "login": one.login,
        "person": one.person,
        "office": one.office,
        "unit": one.unit.name if one.unit else None,
        "roles": list(one.roles),
        "active": one.active,
        "invited_until": one.invited_until.isoformat() if one.invited_until else None,
    }


def _table(found: Sequence[StaffFound], with_factor: Collection[int]) -> Table:
    table = Table("登录名", "姓名", "办公室", "角色", "", box=None, header_style="dim")
    for one in found:
        roles = "、".join(ROLES[role] for role in one.roles)
        states = {
            "已停用": not one.active,
            "已邀请": one.active and one.invited_until is not None,
            "两步验证": one.id in with_factor,
        }
        state = "、".join(said for said, is_so in states.items() if is_so)
        name = f"{one.unit.name} {one.person}".rstrip() if one.unit else one.person
        table.add_row(one.login, name, one.office, roles, state)
    return table
