"""The debtor's page of a case: what it sees, and its commands. It signs in with the access code from the office, or comes from the
page of its unit (`portal.pages.unit`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Request, Response
from starlette.datastructures import FormData

from domain.actors import Role
from domain.case.casefile import Case
from domain.case.decider import begin, fold
from domain.events import Event
from domain.facts import Substituted
from domain.money import format_money
from domain.rules import Rules
from domain.value import PartySide
from portal import evidence
from portal.forms.acting import GOES_ON, NOT_DONE, NotDone, Sent, actions_of, not_done
from portal.forms.commands import FORMS
from portal.forms.form import command_of
from portal.gate.pace import let_act
from portal.gate.parties import HOMES, Party
from portal.gate.router import PageRouter
from portal.gate.visitors import PartyHere
from portal.outcome import led_to, outcome_after, outcome_of
from portal.reading import case_and_rules, letters_to, supervisor
from portal.showing.live import version
from portal.showing.story import StoryLine, told
from portal.templating import page
from portal.window import Here, Window

router = PageRouter()

SEEN: Final = frozenset(
    {
        *("case_no", "title", "project", "debtor", "holder", "received_on", "ended_on"),
        *("stage", "stages", "suspended", "account", "owed_since", "claimed_fen", "verified"),
        *("settled_fen", "paid_before_fen", "undisputed_fen", "disputed_fen"),
        *("not_yet_due_fen", "judicial_fen", "rejected_fen", "discounted_fen", "deducted_fen"),
        *("included_fen", "available_fen", "in_transit_fen", "cleared_fen", "outstanding_fen"),
        *("parts", "sources", "instalments", "payments", "interest", "promises"),
    }
)
"""The fields of a case's JSON that its debtor sees: its own account, and of the creditor only the name."""

_TOLD: Final = frozenset(
    {
        *("forwarded", "acknowledged", "recognised", "endorsed", "endorsement_deemed", "objected"),
        *("determined", "found_unfounded", "adjusted", "dispute_resolved", "fell_due", "planned"),
        *("bond_included", "bond_funds_arrived", "funds_arrived", "payment_reported"),
        *("receipt_confirmed", "receipt_disputed", "receipt_attested", "payment_honoured"),
        *("payment_bounced", "payment_reversed", "answered", "interest_fixed", "interest_waived"),
        *("extended", "time_asked", "suspended", "resumed", "escalated", "relieved"),
        *("went_judicial", "judgment_entered", "closed", "reopened"),
    }
)
"""The entries that its debtor sees: what happens between the parties and the office, but not what the office and the creditor tell
each other.
"""


@router.get("/debtor")
@router.get("/unit/cases/{case_no}")
async def show(request: Request, visitor: PartyHere, window: Here) -> Response:
    """Show the case, and the outcome of the last command."""
    outcome = outcome_of(request)
    done = {"done": FORMS.get(outcome.done), "is_submitted": outcome.waits}
    return page(request, "debtor/case.html", await status(window, visitor) | done)


async def status(window: Window, debtor: Party, sent: Sent | None = None) -> dict[str, Any]:
    """The variables of the page: the case as its debtor may see it, and the possible commands.

    Raises:
        NotFound: The case no longer exists.
    """
    case, rules, says = await _said(window, debtor)
    today = window.today()
    return says | {
        "visitor": debtor,
        "actions": actions_of(debtor.actor, case, rules, window.clock(), today, sent),
        "version": version(repr(says)),
        "offices": rules.offices,
        "today": today,
        "is_told_outside": bool(window.ways) and debtor.home == HOMES[PartySide.DEBTOR],
        "here": debtor.home,
    }


async def version_shown(window: Window, debtor: Party) -> str:
    """The version of the state that the page shows. Computed without the possible commands, which takes less time.

    Raises:
        NotFound: The case no longer exists.
    """
    *_, says = await _said(window, debtor)
    return version(repr(says))


async def _said(window: Window, debtor: Party) -> tuple[Case, Rules, dict[str, Any]]:
    """A case, its rules, and what its debtor may read of it."""
    case, rules, shown = await case_and_rules(window, debtor.sight, debtor.case_no)
    events = [entry.event for entry in await window.cases.entries(case.case_no)]
    says = {
        "case": for_debtor(shown, supervisor(case, rules)),
        "creditor": case.receipt.creditor.name,
        "targets": targets(case),
        "waiting": [one for one in case.waiting if one.by.role is Role.DEBTOR],
        "story": story(case.case_no, events, rules.offices),
        "papers": evidence.shown(evidence.own(events, PartySide.DEBTOR), rules.offices),
        "own_papers": evidence.own_of(case, debtor.actor),
        "letters": letters_to(events, PartySide.DEBTOR),
        "vouchers": [payment.voucher for payment in case.payments],
    }
    return case, rules, says


def for_debtor(shown: Mapping[str, Any], supervised_by: str | None) -> dict[str, Any]:
    """A case's JSON reduced to what its debtor may see: its account, its own duties and days, and which office supervises it, but
    neither the mode nor the name of anybody at an office.
    """
    seen = {name: value for name, value in shown.items() if name in SEEN}
    seen["creditor"] = {"name": shown["creditor"]["name"]}
    seen["duties"] = [
        duty | {"level": None} for duty in shown["duties"] if duty["owner"] == Role.DEBTOR.value
    ]
    seen["instalments"] = [one | {"level": None} for one in shown["instalments"]]
    seen["payments"] = [one | {"entered_by": None} for one in shown["payments"]]
    seen |= {"is_supervised": supervised_by is not None, "supervised_by": supervised_by}
    return seen


def targets(case: Case) -> dict[str, str]:
    """The sum that the amounts of a form must have, by the command."""
    to_plan_fen = case.outstanding_fen - case.direct_in_transit_fen
    return {"plan": format_money(to_plan_fen)} if case.account is not None and to_plan_fen > 0 else {}


def story(case_no: str, events: Sequence[Event], offices: Mapping[str, str]) -> list[StoryLine]:
    """The story since this debtor was told of the case, the latest entry first."""
    first = _told_from(case_no, events)
    seen = [] if first is None else [event for event in events[first:] if event.kind in _TOLD]
    return told(seen, offices)[::-1]


def _told_from(case_no: str, events: Sequence[Event]) -> int | None:
    """After which entry the present debtor knew of the case; None if it does not yet. A successor begins anew."""
    case, first = begin(case_no, events[:1]), None
    for no, event in enumerate(events):
        case = fold(case, [event]) if no else case
        if isinstance(event.fact, Substituted) and event.fact.side is PartySide.DEBTOR:
            first = None
        if first is None and case.is_known_to_debtor:
            first = no
    return first


@router.post("/debtor/commands")
@router.post("/unit/cases/{case_no}/commands")
async def act(request: Request, visitor: PartyHere, window: Here) -> Response:
    """Give a command of the debtor's: state the account, plan, report a payment, answer, ask for time. If it is refused, the form is
    shown again as it was filled in.
    """
    form = await request.form()
    if form.get("more"):
        return await _again(request, window, visitor, _sent(form))
    try:
        command = command_of(form, visitor.actor)
        await let_act(window, "case", str(visitor))
        command = command.model_copy(update={"account": visitor.account})
        after = await window.cases.act(visitor.case_no, command)
    except NOT_DONE as error:
        return await _again(request, window, visitor, _sent(form, error), not_done(error))
    return led_to(window, visitor.home, outcome_after(command, after))


def _sent(form: FormData, error: Exception | None = None) -> Sent:
    return Sent.of(form, error)._replace(by=Role.DEBTOR.value)


async def _again(
    request: Request, window: Window, debtor: Party, sent: Sent, why: NotDone = GOES_ON
) -> Response:
    """Show the page again, with the form as it was filled in."""
    shown = await status(window, debtor, sent) | {"fault": why.told}
    return page(request, "debtor/case.html", shown, status=why.status, headers=why.headers)
