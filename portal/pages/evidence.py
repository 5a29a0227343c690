"""Papers (证据材料) on the page of a case: put on file and read by offices, and by each party its own."""

from collections.abc import Mapping
from typing import NamedTuple

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from domain.actors import Actor
from domain.case.casefile import Case
from domain.case.orders import ORDERS
from domain.commands import Attach
from domain.refusal import Refusal
from domain.rules import Rules
from domain.telling.words import Sentence
from office.away import ServerAway
from office.enquiries import papers_of
from portal.evidence import commands_with_papers, given_back, own
from portal.forms.acting import why_away
from portal.gate.pace import let_act
from portal.gate.router import PageRouter
from portal.gate.uploads import files_in, form_with_file
from portal.gate.visitors import Debtor, DebtorHere, Enterprise, EnterpriseHere, Staff, StaffHere, side_of
from portal.pages.debtor import DEBTOR
from portal.pages.debtor import status as debtors_status
from portal.pages.desk_case import case_page
from portal.pages.enterprise import CREDITOR, status
from portal.problems import TooFast, problem_of
from portal.reading import case_and_rules
from portal.templating import page
from portal.window import Here, Window

router = PageRouter()


@router.post("/desk/cases/{case_no}/attachments")
async def attach(request: Request, window: Here, visitor: StaffHere, case_no: str) -> Response:
    """Put a paper on file."""
    case, rules, _ = await case_and_rules(window, visitor.sight, case_no)
    done = await _attach(request, window, visitor, case_no, _who(visitor, case, rules))
    if done is None:
        return RedirectResponse(f"/desk/cases/{case_no}?done=attach#evidence", status_code=303)
    shown = await case_page(window, visitor, case_no)
    return page(
        request, "desk/case.html", shown | {"fault": done.told}, status=done.status, headers=done.headers
    )


@router.get("/desk/cases/{case_no}/attachments/{no}")
async def read(window: Here, visitor: StaffHere, case_no: str, no: int) -> Response:
    """A paper of a case in sight."""
    await case_and_rules(window, visitor.sight, case_no)
    async with window.questions.connect() as connection:
        events = await papers_of(connection, case_no)
    return await given_back(window, events, no)


@router.post("/case/attachments")
async def attach_own(request: Request, window: Here, visitor: EnterpriseHere) -> Response:
    """The enterprise puts a paper on file of its own case."""
    done = await _attach(request, window, visitor, visitor.case_no, CREDITOR)
    if done is None:
        return RedirectResponse("/case?done=attach#evidence", status_code=303)
    shown = await status(window, visitor.sight) | {"visitor": visitor, "fault": done.told}
    return page(request, "enterprise/case.html", shown, status=done.status, headers=done.headers)


@router.get("/case/attachments/{no}")
async def read_own(window: Here, visitor: EnterpriseHere, no: int) -> Response:
    """A paper that the enterprise itself has put on file."""
    return await _own(window, visitor, no)


@router.post("/debtor/attachments")
async def attach_debtors(request: Request, window: Here, visitor: DebtorHere) -> Response:
    """The debtor puts a paper on file of the case in which it owes."""
    done = await _attach(request, window, visitor, visitor.case_no, DEBTOR)
    if done is None:
        return RedirectResponse("/debtor?done=attach#evidence", status_code=303)
    shown = await debtors_status(window, visitor) | {"fault": done.told}
    return page(request, "debtor/case.html", shown, status=done.status, headers=done.headers)


@router.get("/debtor/attachments/{no}")
async def read_debtors(window: Here, visitor: DebtorHere, no: int) -> Response:
    """A paper that the debtor itself has put on file."""
    return await _own(window, visitor, no)


async def _own(window: Window, party: Enterprise | Debtor, no: int) -> Response:
    async with window.questions.connect() as connection:
        events = own(await papers_of(connection, party.case_no), side_of(party))
    return await given_back(window, events, no)


class _NotDone(NamedTuple):
    """Why a paper is not on file."""

    told: Sentence
    status: int
    headers: Mapping[str, str] | None = None


async def _attach(
    request: Request, window: Window, visitor: Staff | Enterprise | Debtor, case_no: str, by: Actor
) -> _NotDone | None:
    """Take papers in; None when they are on file."""
    try:
        async with form_with_file(request, visitor) as form:
            for _ in files_in(form, "file"):
                if isinstance(visitor, Staff):
                    await let_act(window, "login", visitor.login)
                else:
                    await let_act(window, "debtor" if isinstance(visitor, Debtor) else "case", case_no)
            commands = await commands_with_papers(window, case_no, form, by)
        account = visitor.account if isinstance(visitor, Staff) else None
        for command in commands:
            await window.cases.carry_out(case_no, command.model_copy(update={"account": account}))
    except Refusal as refusal:
        return _NotDone((refusal.message, refusal.detail), problem_of(refusal).status)
    except TooFast as wait:
        return _NotDone((wait.message, wait.detail), wait.status, wait.headers)
    except ServerAway as away:
        return _NotDone(why_away(away), 503)
    return None


def _who(staff: Staff, case: Case, rules: Rules) -> Actor:
    """As whom somebody of an office puts a paper on file: the first of their roles that may."""
    actors = staff.actors()
    may = ORDERS[Attach].who
    return next((actor for actor in actors if may(actor, case, rules)), actors[0])
