"""The enterprise's page of its case: what it sees, and its commands. It signs in with the case number and the access code, without an
account.
"""

import unicodedata
from typing import Annotated, Any, Final

import structlog
from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from domain.actors import Actor, Role
from domain.case.possible import possible
from domain.value import Light, Mode, PartySide
from portal import evidence
from portal.forms.acting import NOT_DONE, NotDone, Sent, not_done
from portal.forms.form import command_of
from portal.gate import guard
from portal.gate.pace import let_act
from portal.gate.parties import HOMES, UNITS, OfUnit, Party
from portal.gate.router import PageRouter
from portal.gate.visitors import PartyHere, Visitor, begin_session
from portal.inputs import Line
from portal.outcome import led_to, outcome_after, outcome_of
from portal.reading import case_and_rules, letters_to, supervisor
from portal.showing.live import version
from portal.showing.story import HIDDEN_DUTIES, told
from portal.templating import page
from portal.window import Here, Window
from schema.seen.sight import Sight

log = structlog.get_logger("security")

router = PageRouter()

CREDITOR: Final = Actor(Role.CREDITOR)

HIDDEN: Final = frozenset(
    {
        "note",
        "contact",
        "debtor_contact",
        "route",
        "policy",
        "seq",
        "merged_into",
        "suspension",
        "submissions",
        "promises",
        "assigned_to",
    }
)
"""The fields of a case's JSON that only offices see."""


@router.get("/")
async def ask(
    request: Request, visitor: Visitor, case_no: Annotated[str, Query(alias="case", max_length=40)] = ""
) -> Response:
    """The first page, which asks for a case number and its access code. The link on a slip fills in the number."""
    if isinstance(visitor, Party):
        return RedirectResponse(visitor.home, status_code=303)
    if isinstance(visitor, OfUnit):
        return RedirectResponse(UNITS, status_code=303)
    return page(request, "enterprise/ask.html", {"visitor": visitor, "fault": None, "case_no": case_no})


@router.post("/enquiries")
async def enquire(request: Request, window: Here, case_no: Line = "", code: Line = "") -> Response:
    """Sign in as the party to which the access code belongs. A wrong number and a wrong code are answered alike."""
    number, address = as_typed(case_no), guard.address_of(request)
    side = await guard.whose_code(window, address, number, as_typed(code))
    if side is None:
        log.warning("enquiry_refused", program=False)
        fault = ("案号或查询码不对", "The case number or the access code is wrong")
        shown = {"visitor": None, "here": "/", "fault": fault, "case_no": case_no}
        return page(request, "enterprise/ask.html", shown, status=401)
    response = RedirectResponse(HOMES[side], status_code=303)
    await begin_session(window, response, case_no=number, side=side)
    return response


def as_typed(written: str) -> str:
    """A case number or code in its normal form: lower case and full-width characters are accepted."""
    return unicodedata.normalize("NFKC", written).strip().upper()


@router.get("/case")
async def show(request: Request, visitor: PartyHere, window: Here) -> Response:
    """Show the enterprise's case, and the outcome of the last command."""
    shown = await status(window, visitor.sight) | {"visitor": visitor, "done": outcome_of(request).done}
    return page(request, "enterprise/case.html", shown)


async def status(window: Window, sight: Sight) -> dict[str, Any]:
    """The variables of the page, without internal notes, gates, the referral, or other cases.

    Returns:
        `case`, its JSON for an enterprise; `possible`, the commands that it may give now; `story`, what has happened; and further
            details: the items of a requested correction, the day of the recognised amounts, its own rating, the results of call-backs.
    """
    assert sight.case_no is not None
    case, rules, shown = await case_and_rules(window, sight, sight.case_no)
    events = [entry.event for entry in await window.cases.entries(case.case_no)]
    facts = [event.fact for event in events]
    items = [fact.items for fact in facts if fact.kind == "correction_requested"]
    says = {
        "case": for_enterprise(shown, supervisor(case, rules)),
        "possible": sorted(one.do for one in possible(case, CREDITOR, rules, window.clock())),
        "story": told(events, rules.offices),
        "correction": items[-1] if items else (),
        "recognition": case.recognition,
        "ratings": [
            (event.on, fact.satisfied, fact.note) for event in events if (fact := event.fact).kind == "rated"
        ],
        "call_backs": [
            (event.on, event.fact.satisfied) for event in events if event.fact.kind == "called_back"
        ],
        "papers": evidence.shown(evidence.own(events, PartySide.CREDITOR), rules.offices),
        "own_papers": evidence.own_of(case, CREDITOR),
        "letters": letters_to(events, PartySide.CREDITOR),
        "vouchers": [payment.voucher for payment in case.payments],
    }
    return says | {
        "offices": rules.offices,
        "today": window.today(),
        "is_told_outside": bool(window.ways),
        "version": version(repr(says)),
        "here": "/case",
        "sent": {},
    }


def for_enterprise(shown: dict[str, Any], supervised_by: str | None) -> dict[str, Any]:
    """A case's JSON without what only offices see. The enterprise learns which office supervises the case, and no more."""
    seen = {name: value for name, value in shown.items() if name not in HIDDEN}
    seen["supervised_by"] = supervised_by
    seen["duties"] = [
        duty | {"level": None, "asked_days": None}
        for duty in shown["duties"]
        if duty["duty"] not in HIDDEN_DUTIES
    ]
    lights = [Light(duty["light"]) for duty in seen["duties"]]
    seen["instalments"] = [one | {"level": None} for one in shown["instalments"]]
    seen["payments"] = [one | {"entered_by": None} for one in shown["payments"]]
    seen["light"] = max(lights, key=lambda light: light.severity, default=Light.NONE).value
    if seen["mode"] != Mode.TRANSFERRED:
        seen["mode"] = Mode.SUPERVISED.value
    return seen


@router.post("/case/commands")
async def act(request: Request, visitor: PartyHere, window: Here) -> Response:
    """Give a command of the creditor's: confirm, object, correct, withdraw. If it is refused, the form is shown again as it was filled
    in.
    """
    form = await request.form()
    try:
        command = command_of(form, visitor.actor)
        await let_act(window, "case", str(visitor))
        after = await window.cases.act(visitor.case_no, command)
    except NOT_DONE as error:
        return await _again(request, visitor, window, Sent.of(form, error), not_done(error))
    return led_to(window, visitor.home, outcome_after(command, after))


async def _again(request: Request, visitor: Party, window: Window, sent: Sent, why: NotDone) -> Response:
    """Show the page again, with the form as it was filled in."""
    again = {"sent": {**sent.typed, "command_id": sent.command_id}}
    shown = await status(window, visitor.sight) | {"visitor": visitor, "fault": why.told} | again
    return page(request, "enterprise/case.html", shown, status=why.status, headers=why.headers)
