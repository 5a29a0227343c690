"""The page of a case on the desk: everything that an office may know of it, and the commands that the visitor may give now."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Depends, Form, Request, Response
from sqlalchemy import Row

from domain.case.casefile import Case
from domain.case.evidence import missing
from domain.case.ladder import forecast
from domain.case.orders import ORDERS
from domain.case.papers import served
from domain.commands import Attach
from domain.events import Event
from domain.rights import handles, may_reissue_code, may_see_contact
from domain.rules import Rules
from domain.telling.commands import CALLED
from domain.telling.naming import named
from domain.telling.news import WAYS
from domain.value import PartySide, Way
from portal import evidence
from portal.forms.acting import GOES_ON, NOT_DONE, NotDone, Sent, actions_on, command_by, not_done
from portal.forms.commands import FORMS
from portal.gate import access
from portal.gate.pace import let_act
from portal.gate.router import PageRouter
from portal.gate.visitors import Staff, StaffHere
from portal.inputs import InAddress
from portal.outcome import led_to, outcome_after, outcome_of
from portal.reading import case_and_rules, contacts_seen, deliveries_of
from portal.showing.live import version
from portal.showing.registered import noted, registered
from portal.showing.slip import slip_of
from portal.showing.submissions import waiting
from portal.showing.timeline import lines
from portal.templating import page
from portal.window import Here, Window
from schema.seen.papers import notices_of_case_seen
from schema.window.contacts import ways_of_parties
from schema.window.readings import codes_read

router = PageRouter()


class Room(NamedTuple):
    """How many items the page shows of each: the latest documents, notes and entries, and the next expected events."""

    documents: int
    notes: int
    entries: int
    foreseen: int


FIRST: Final = Room(documents=10, notes=3, entries=10, foreseen=3)
WHOLE: Final = Room(documents=10_000, notes=10_000, entries=10_000, foreseen=10_000)
"""Enough for everything: no case has more (`domain.limits`)."""


class CaseQuery(NamedTuple):
    """The parameters in the page's address: the form to open, by role and command (`clerk-remark`), and whether long lists are shown
    in full.
    """

    form: str = ""
    room: Room = FIRST


async def case_query(form: InAddress = "", whole: InAddress = "") -> CaseQuery:
    """Read the parameters from the address."""
    return CaseQuery(form, WHOLE if whole else FIRST)


@router.get("/desk/cases/{case_no}")
async def show(
    request: Request,
    window: Here,
    visitor: StaffHere,
    case_no: str,
    asked: Annotated[CaseQuery, Depends(case_query)],
) -> Response:
    """Show a case, and the outcome of the last command."""
    shown = await case_page(window, visitor, case_no, asked=asked)
    shown["page"] = f"{shown['here']}?{request.url.query}" if request.url.query else shown["here"]
    outcome = outcome_of(request)
    shown |= {"done": FORMS.get(outcome.done), "is_submitted": outcome.waits}
    return page(request, "desk/case.html", shown)


async def case_page(
    window: Window, staff: Staff, case_no: str, sent: Sent | None = None, asked: CaseQuery = CaseQuery()
) -> dict[str, Any]:
    """The variables of the page of a case.

    Raises:
        NotFound: No such case may be seen.
    """
    room = asked.room
    case, rules, shown = await case_and_rules(window, staff.sight, case_no)
    entries = await window.cases.entries(case_no)
    async with window.engine.connect() as connection:
        notices = await notices_of_case_seen(connection, staff.sight, case_no, room.documents + 1)
        known = await codes_read(connection, staff.login, case_no)
        told_by = await ways_of_parties(connection, case_no)
    events = [entry.event for entry in entries]
    return {
        "visitor": staff,
        "case": shown,
        "offices": rules.offices,
        "rules_title": rules.title,
        "today": window.today(),
        "missing": [(CALLED[do], one) for do, one in missing(case, rules) if one.of],
        "may_attach": any(ORDERS[Attach].who(actor, case, rules) for actor in staff.actors()),
        "vouchers": [payment.voucher for payment in case.payments],
        "actions": [
            action._replace(is_open=True) if action.id == asked.form else action
            for action in actions_on(staff, case, rules, window.clock(), window.today(), sent)
        ],
        "version": version(entries[case.seq - 1].hash),
        "here": f"/desk/cases/{case_no}",
        "page": f"/desk/cases/{case_no}",
        **_standing(case, rules),
        **_parties(staff, case, known, told_by),
        **_letters(notices, events, room),
        **_ahead(forecast(case, rules, window.clock()), rules, room),
        **_told(case, events, rules.offices, room),
    }


def _standing(case: Case, rules: Rules) -> dict[str, Any]:
    """What awaits a decision, whether the case is suspended, and the sources of its plan."""
    return {
        "gates": case.gates,
        "submissions": waiting(case, rules.offices),
        "suspension": case.suspension,
        "sources": case.plan.sources if case.plan else (),
    }


def _letters(notices: Sequence[Row[Any]], events: Sequence[Event], room: Room) -> dict[str, Any]:
    """The latest documents, whether older ones exist, and how each was delivered and served."""
    return {
        "notices": notices[: room.documents],
        "has_older_notices": len(notices) > room.documents,
        "deliveries": deliveries_of(notices),
        "services": served(event.fact for event in events),
    }


def _ahead(foreseen: Sequence[Event], rules: Rules, room: Room) -> dict[str, Any]:
    """The next expected events, and how many are foreseen in all."""
    return {
        "forecast": lines(foreseen[: room.foreseen], rules.offices, rules.calendar.horizon),
        "foreseen": len(foreseen),
    }


def _parties(
    staff: Staff, case: Case, known: Collection[PartySide], told_by: Sequence[tuple[PartySide, Way]]
) -> dict[str, Any]:
    """The addresses and access codes of the parties.

    Args:
        known: The parties whose codes this person has seen.
        told_by: The ways in which each party gets news. The addresses themselves are not shown to offices.
    """
    return {
        "told_by": [(side, WAYS[way]) for side, way in told_by],
        "may_ask": may_see_contact(staff.office, case.receipt.office, case.holder),
        "may_invite": staff.is_head() and case.is_known_to_debtor and handles(staff.office, case.holder),
        "may_reissue": may_reissue_code(staff.office, staff.roles, case.receipt.office, case.holder),
        "sides": {side: not set(known) - {side} for side in PartySide if _has_code(case, side)},
        "OF_TWO_PERSONS": access.OF_TWO_PERSONS,
    }


def _has_code(case: Case, side: PartySide) -> bool:
    """Whether a party may have an access code. The debtor may once it has been told of the case."""
    return side is PartySide.CREDITOR or case.is_known_to_debtor


def _told(case: Case, events: Sequence[Event], offices: Mapping[str, str], room: Room) -> dict[str, Any]:
    """The registration, and the latest notes, papers and entries."""
    notes = noted(events, offices)
    return {
        "registered": registered(case),
        "registrar": named(events[0].by, offices),
        "notes": notes[: room.notes],
        "older_notes": max(0, len(notes) - room.notes),
        "papers": evidence.shown(events, offices),
        "timeline": lines(list(reversed(events))[: room.entries], offices),
        "earlier": max(0, len(events) - room.entries),
    }


@router.post("/desk/cases/{case_no}/commands")
async def act(request: Request, window: Here, visitor: StaffHere, case_no: str) -> Response:
    """Give a command of this person's, or of a party's that this person enters. If it is refused, the form is shown again as it was
    filled in.
    """
    form = await request.form()
    if form.get("more"):
        return await _again(request, window, visitor, case_no, Sent.of(form))
    case, _, _ = await case_and_rules(window, visitor.sight, case_no)
    try:
        command = command_by(visitor, case, form)
        await let_act(window, "login", visitor.login)
        after = await window.cases.act(case_no, command)
    except NOT_DONE as error:
        return await _again(request, window, visitor, case_no, Sent.of(form, error), not_done(error))
    if issued := await access.issue_to_successor(window, case_no, visitor, command):
        return _code_page(request, window, visitor, *issued)
    return led_to(window, f"/desk/cases/{case_no}", outcome_after(command, after))


async def _again(
    request: Request,
    window: Window,
    staff: Staff,
    case_no: str,
    sent: Sent,
    why: NotDone = GOES_ON,
) -> Response:
    """Show the page again, with the form as it was filled in."""
    shown = await case_page(window, staff, case_no, sent) | {"fault": why.told}
    return page(request, "desk/case.html", shown, status=why.status, headers=why.headers)


@router.post("/desk/cases/{case_no}/contact")
async def show_contacts(request: Request, window: Here, visitor: StaffHere, case_no: str) -> Response:
    """Show the parties' contacts to an office that registered or holds the case. The access is logged.

    Raises:
        Forbidden: Another office works on the case.
    """
    shown = await case_page(window, visitor, case_no)
    contacts = await contacts_seen(window, visitor.sight, case_no, visitor.login)
    return page(request, "desk/case.html", shown | {"contacts": contacts})


@router.post("/desk/cases/{case_no}/code")
async def reissue_code(
    request: Request,
    window: Here,
    visitor: StaffHere,
    case_no: str,
    side: Annotated[PartySide, Form()] = PartySide.CREDITOR,
) -> Response:
    """Issue another access code for a party, and show it once."""
    case, code = await access.reissue(window, case_no, visitor, side)
    return _code_page(request, window, visitor, case, side, code)


def _code_page(
    request: Request, window: Window, visitor: Staff, case: Case, side: PartySide, code: str
) -> Response:
    """The slip with a party's code, which is shown this once."""
    slip = slip_of(request, window, case.case_no, case.receipt, side, visitor.office)
    shown = {"visitor": visitor, "code": code, "here": f"/desk/cases/{case.case_no}"}
    return page(request, "desk/code.html", shown | {"slip": slip})
