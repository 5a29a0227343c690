"""Papers (证据材料) on the page of a case: offices file and read them, each party its own."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from fastapi import Request, Response

from domain.actors import Actor
from domain.case.casefile import Case
from domain.case.orders import ORDERS
from domain.commands import Attach
from domain.rules import Rules
from domain.value import PartySide
from office.enquiries import papers_of
from portal.evidence import commands_with_papers, given_back, own
from portal.forms.acting import ATTACH, NOT_DONE, NotDone, Sent, not_done
from portal.gate.pace import let_act
from portal.gate.parties import Party
from portal.gate.router import PageRouter
from portal.gate.uploads import files_in, form_with_file
from portal.gate.visitors import PartyHere, Staff, StaffHere
from portal.outcome import Outcome, led_to
from portal.pages.debtor import status as debtors_status
from portal.pages.desk_case import case_page
from portal.pages.enterprise import status
from portal.reading import case_and_rules
from portal.templating import page
from portal.window import Here, Window

router = PageRouter()

_ON_FILE: Final = Outcome(ATTACH)


class Again(NamedTuple):
    """A form with papers to show again, and the reason."""

    sent: Sent
    why: NotDone


@router.post("/desk/cases/{case_no}/attachments")
async def attach(request: Request, window: Here, visitor: StaffHere, case_no: str) -> Response:
    """File a paper for an office."""
    case, rules, _ = await case_and_rules(window, visitor.sight, case_no)
    again = await _attach(request, window, visitor, case_no, _who(visitor, case, rules))
    if again is None:
        return led_to(window, f"/desk/cases/{case_no}#evidence", _ON_FILE)
    shown = await case_page(window, visitor, case_no)
    return _shown(request, "desk/case.html", shown, again)


@router.get("/desk/cases/{case_no}/attachments/{no}")
async def read(window: Here, visitor: StaffHere, case_no: str, no: int) -> Response:
    """Download a paper of a visible case."""
    await case_and_rules(window, visitor.sight, case_no)
    async with window.questions.connect() as connection:
        events = await papers_of(connection, case_no)
    return await given_back(window, events, no)


@router.post("/case/attachments")
@router.post("/debtor/attachments")
@router.post("/unit/cases/{case_no}/attachments")
async def attach_own(request: Request, window: Here, visitor: PartyHere) -> Response:
    """File a paper for the party itself."""
    again = await _attach(request, window, visitor, visitor.case_no, visitor.actor)
    if again is None:
        return led_to(window, f"{visitor.home}#evidence", _ON_FILE)
    if visitor.side is PartySide.DEBTOR:
        template, shown = "debtor/case.html", await debtors_status(window, visitor)
    else:
        template, shown = "enterprise/case.html", await status(window, visitor.sight)
    return _shown(request, template, shown | {"visitor": visitor}, again)


@router.get("/case/attachments/{no}")
@router.get("/debtor/attachments/{no}")
@router.get("/unit/cases/{case_no}/attachments/{no}")
async def read_own(window: Here, visitor: PartyHere, no: int) -> Response:
    """Download a paper that the party itself has filed."""
    async with window.questions.connect() as connection:
        events = own(await papers_of(connection, visitor.case_no), visitor.side)
    return await given_back(window, events, no)


async def _attach(
    request: Request, window: Window, visitor: Staff | Party, case_no: str, by: Actor
) -> Again | None:
    """Store and file the papers of a form. Returns None if they are on file, otherwise the form to show again."""
    async with form_with_file(request, visitor) as form:
        try:
            for _ in files_in(form, "file"):
                if isinstance(visitor, Staff):
                    await let_act(window, "login", visitor.login)
                else:
                    await let_act(window, "case", str(visitor))
            for command in await commands_with_papers(window, case_no, form, by):
                await window.cases.carry_out(case_no, command.model_copy(update={"account": visitor.account}))
        except NOT_DONE as error:
            return Again(Sent.of(form, error), not_done(error))
    return None


def _shown(request: Request, template: str, shown: Mapping[str, Any], again: Again) -> Response:
    """Show the page again with what was written. The files have to be chosen again."""
    why = again.why
    shown = {**shown, "fault": why.told, "paper": again.sent}
    return page(request, template, shown, status=why.status, headers=why.headers)


def _who(staff: Staff, case: Case, rules: Rules) -> Actor:
    """The actor as which a person files a paper: the first of the person's roles that may, or else the first one."""
    actors = staff.actors()
    may = ORDERS[Attach].who
    return next((actor for actor in actors if may(actor, case, rules)), actors[0])
