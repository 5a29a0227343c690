"""Registering a case: the form of a receipt, with faults at their fields, and the page that shows number and access code once."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Request, Response

from domain.actors import Role
from domain.refusal import Refusal
from domain.telling.receipt import RECEIPT, called
from domain.value import PartySide
from office.cases import Opened
from portal.forms.acting import GOES_ON, NOT_DONE, NotDone, Sent, not_done
from portal.forms.form import fresh_id, id_of
from portal.forms.receipt import DISTINCT, FIELDS, read
from portal.forms.wrong import Wrong
from portal.gate.access import opens
from portal.gate.pace import let_act
from portal.gate.router import PageRouter
from portal.gate.visitors import COOKIE, Staff, StaffHere
from portal.problems import Forbidden
from portal.showing.slip import slip_of
from portal.templating import page
from portal.window import Here, Window
from schema.seen.cases import offices_seen
from schema.window import readings
from schema.window.openings import Key
from schema.window.readings import CODE_OF

router = PageRouter()


class Alike(NamedTuple):
    """A possible duplicate on record of the case to be registered, and whether the clerk may open it."""

    case_no: str
    received_on: str
    stage: str | None
    holder: str | None
    is_seen: bool


async def registrar_of(visitor: StaffHere) -> Staff:
    """A clerk.

    Raises:
        Forbidden: The visitor is not a clerk.
    """
    if Role.CLERK not in visitor.roles:
        raise Forbidden("只有经办人可以登记案件", "only clerks register cases")
    return visitor


Registrar = Annotated[Staff, Depends(registrar_of)]


@router.get("/desk/register")
async def ask(request: Request, window: Here, visitor: Registrar) -> Response:
    """Show the empty form."""
    return _form(request, window, visitor, Sent("", "", {"received_on": window.today().isoformat()}))


@router.post("/desk/register")
async def register(request: Request, window: Here, visitor: Registrar) -> Response:
    """Register a case. The same form sent twice registers one case, and shows the same code while the session lasts."""
    form = await request.form()
    command_id = id_of(form)
    try:
        receipt, contacts = read(form, visitor.office, window.today())
        await let_act(window, "login", visitor.login)
        key = Key.of(visitor.office, command_id, [receipt.model_dump(mode="json"), contacts])
        session = request.cookies[COOKIE]
        opened = await window.cases.register(
            receipt, window.policy, contacts, visitor.registrar, key=key, secret=session
        )
    except NOT_DONE as error:
        alike = await _alike(window, visitor, error) if isinstance(error, Refusal) else ()
        return _form(request, window, visitor, Sent.of(form, error), not_done(error), alike)
    shown = {
        "visitor": visitor,
        "slip": slip_of(request, window, opened.case_no, receipt, PartySide.CREDITOR, visitor.office),
        "code": await _shown_once(window, visitor, opened),
        "is_new": True,
        "here": "/desk/register",
    }
    return page(request, "desk/code.html", shown, status=201)


async def _shown_once(window: Window, staff: Staff, opened: Opened) -> str | None:
    """The access code, unless another was issued since. That this person has seen it is logged."""
    if not await opens(window, opened):
        return None
    async with window.engine.begin() as connection:
        await readings.note(connection, staff.login, [opened.case_no], CODE_OF[PartySide.CREDITOR])
    return opened.access_code


async def _alike(window: Window, staff: Staff, refusal: Refusal) -> list[Alike]:
    """The possible duplicates for which a receipt was refused."""
    found = [Alike(**one, is_seen=False) for one in refusal.more.get("candidates", ())]
    async with window.questions.connect() as connection:
        return [
            one._replace(is_seen=await offices_seen(connection, staff.sight, one.case_no) is not None)
            for one in found
        ]


def _form(
    request: Request,
    window: Window,
    staff: Staff,
    sent: Sent,
    why: NotDone = GOES_ON,
    alike: Sequence[Alike] = (),
) -> Response:
    """Show the form as it was filled in, with faults at their fields and linked from a summary."""
    shown: dict[str, Any] = {
        "alike": alike,
        "distinct": DISTINCT,
        "visitor": staff,
        "groups": FIELDS,
        "typed": sent.typed,
        "faults": sent.faults,
        "fault": why.told,
        "wrong": [
            Wrong(f"new-{name.replace('.', '-')}", called(name), said)
            for name, said in sent.faults.items()
            if name in RECEIPT
        ],
        "command_id": sent.command_id or fresh_id(),
        "office": window.office_called(staff.office),
        "here": "/desk/register",
    }
    return page(request, "desk/register.html", shown, status=why.status, headers=why.headers)
