"""The accounts of debtor units, administered by the head of the office that invites them, or of one above.

An account opens all cases of a unit at once, including those of other clerks and future ones. So the head gives it, who answers for
the office; the code of a single case is given by whoever works on that case.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final

import structlog
from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import IntegrityError

from domain.names.credit_code import fault_in, tidy
from domain.telling.words import Sentence
from domain.value import LONGEST_NAME, Name
from office.passwords import draw_invitation
from portal.forms.accounts import NO_LOGIN, NO_PERSON, login_in, person_in
from portal.forms.wrong import Wrong
from portal.gate.access import must_know_no_creditors_code
from portal.gate.router import PageRouter
from portal.gate.visitors import HeadHere, Staff
from portal.inputs import InAddress, Line
from portal.pages.people import changing
from portal.problems import NotFound, or_not_found
from portal.showing.slip import unit_slip_of
from portal.templating import page
from portal.window import Here, Window
from schema.seen.cases import case_seen
from schema.seen.sight import Sight, Unit
from schema.seen.units import how_it_stands
from schema.window import factors, people

log = structlog.get_logger("security")

router = PageRouter()

PAGE: Final = "/people/units"
ROLES: Final = ("debtor",)

_LABELS: Final[Mapping[str, Sentence]] = {
    "name": ("单位名称", "Name of the unit"),
    "code": ("统一社会信用代码", "Credit code"),
    "person": ("使用人姓名", "Who uses it"),
    "login": ("登录名", "Login"),
}
_WRONG: Final[Sentence] = ("填写有误,没有开通", "Something is wrong, and no account was given")

_NAME: Final[TypeAdapter[str]] = TypeAdapter(Name)

LongLine = Annotated[str, Form(max_length=LONGEST_NAME)]


@router.get(PAGE)
async def show(request: Request, window: Here, visitor: HeadHere, case: InAddress = "") -> Response:
    """List the accounts of debtor units of the office and those below it. The form is filled in with the debtor of the case that led
    here.
    """
    typed = {}
    if case:
        async with window.engine.connect() as connection:
            debtor = or_not_found(await case_seen(connection, visitor.sight, case)).receipt.debtor
        typed = {"name": debtor.name, "code": debtor.code or ""}
    return await _page(request, window, visitor, typed)


@router.post(PAGE)
async def add(
    request: Request,
    window: Here,
    visitor: HeadHere,
    name: LongLine = "",
    code: Line = "",
    person: Line = "",
    login: Line = "",
) -> Response:
    """Invite a unit: somebody there sets a password by the code that is shown once. The login is the credit code unless another is
    given.
    """
    typed = {"name": name, "code": code, "person": person, "login": login}
    who = person_in(person) if person.strip() else ""
    faults = _faults_in(name, code, who)
    if who is None or faults:
        return await _page(request, window, visitor, typed, faults)
    unit = Unit(visitor.office, _NAME.validate_python(name), tidy(code) or None)
    whose = login_in(login.strip() or unit.code or "")
    if whose is None:
        said = NO_LOGIN if login.strip() else _NEITHER
        return await _page(request, window, visitor, typed, {"login": said})
    secret, invitation = draw_invitation(datetime.now(UTC))
    try:
        async with window.engine.begin() as connection:
            await people.add_staff(connection, whose, who, unit.office, ROLES, invitation, visitor.doer, unit)
            await must_know_no_creditors_code(connection, visitor.login, unit)
    except IntegrityError:
        return await _page(request, window, visitor, typed, {"login": _TAKEN})
    log.info("unit_invited", login=whose, office=unit.office, account=visitor.account)
    return await _slip(request, window, visitor, whose, secret)


def _faults_in(name: str, code: str, person: str | None) -> dict[str, Sentence]:
    """The faults of a new account, by the input."""
    faults: dict[str, Sentence] = {} if person is not None else {"person": NO_PERSON}
    try:
        _NAME.validate_python(name)
    except ValidationError:
        faults["name"] = _NO_NAME
    if code.strip() and (wrong := fault_in(tidy(code))):
        faults["code"] = wrong
    return faults


@router.post(f"{PAGE}/invitation")
async def invite(request: Request, window: Here, visitor: HeadHere, login: Line = "") -> Response:
    """Invite a unit to set another password, by the code that is shown once. The old password and all sessions end at once."""
    secret, invitation = draw_invitation(datetime.now(UTC))
    async with changing(window, visitor, login, "invitation") as connection:
        is_there = await people.invite(connection, login, invitation, visitor.doer, visitor.units)
        found = await people.staff_by_login(connection, login) if is_there else None
        if found is None or found.unit is None:
            raise _nobody()
        await must_know_no_creditors_code(connection, visitor.login, found.unit)
    return await _slip(request, window, visitor, login, secret)


@router.post(f"{PAGE}/active")
async def change_active(window: Here, visitor: HeadHere, login: Line = "", active: Line = "") -> Response:
    """Deactivate or reactivate a unit's account. Its sessions end at once."""
    async with changing(window, visitor, login, "active") as connection:
        if not await people.change_active(connection, login, active == "yes", visitor.doer, visitor.units):
            raise _nobody()
    return RedirectResponse(PAGE, status_code=303)


@router.post(f"{PAGE}/second-factor")
async def remove_second_factor(window: Here, visitor: HeadHere, login: Line = "") -> Response:
    """Remove the second factor of a unit that has lost the telephone; it then sets up another. All sessions end at once."""
    async with changing(window, visitor, login, "second factor") as connection:
        if not await people.remove_second_factor(connection, login, visitor.doer, visitor.units):
            raise _nobody()
    return RedirectResponse(PAGE, status_code=303)


def _nobody() -> NotFound:
    """The answer if neither the office nor one below it has invited a unit with that login."""
    return NotFound("账号", "account")


async def _slip(request: Request, window: Window, visitor: Staff, login: str, secret: str) -> Response:
    """Show the slip for a unit, with the code of its invitation and the number of cases that it will see."""
    async with window.engine.connect() as connection:
        found = await people.staff_by_login(connection, login)
        assert found is not None
        assert found.unit is not None
        stands = await how_it_stands(connection, Sight.of_unit(found.unit), window.today())
    shown = {
        "visitor": visitor,
        "here": PAGE,
        "slip": unit_slip_of(request, window, found.unit, login),
        "person": found.person,
        "code": secret,
        "cases": stands.cases,
    }
    return page(request, "people/unit_slip.html", shown)


async def _page(
    request: Request,
    window: Window,
    visitor: Staff,
    typed: dict[str, str],
    faults: dict[str, Sentence] | None = None,
) -> Response:
    async with window.engine.connect() as connection:
        accounts = await people.staff_seen(connection, visitor.units)
        with_factor = await factors.holders(connection)
    shown = {
        "visitor": visitor,
        "here": PAGE,
        "accounts": accounts,
        "with_factor": with_factor,
        "typed": typed,
        "labels": _LABELS,
        "faults": faults or {},
        "fault": _WRONG if faults else None,
        "wrong": [Wrong(field, _LABELS[field], said) for field, said in (faults or {}).items()],
        "longest": LONGEST_NAME,
    }
    return page(request, "people/units.html", shown, status=422 if faults else 200)


_NO_NAME: Final = ("请填写单位名称", "Write the unit's name")
_NEITHER: Final = (
    "请填写登录名,或者填写统一社会信用代码作为登录名",
    "Write a login, or a credit code to stand for it",
)
_TAKEN: Final = (
    "该登录名已被使用,或者该单位已有同名人员的账号(含已停用):另填登录名,或者写明使用人",
    "That login is taken, or the unit has, or had, an account of a person of that name: write another login, or who uses it",
)
