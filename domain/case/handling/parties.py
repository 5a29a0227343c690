"""变更当事人: an assignee, a successor or a reorganised body takes a party's place.

民法典 Art 546, 551: an assignment binds the debtor once it has been notified; a debt passes on with the creditor's consent. The papers
on file show it. History and limitation remain. The duties of the old party are owed by the new one, from that day on; before the
account is established, a new debtor is served again.
"""

from datetime import date

from domain import commands as c
from domain import facts as e
from domain.actors import SYSTEM
from domain.calendar import Pause
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment
from domain.case.contents import Payment, Plan
from domain.case.handling.correction import keeps_its_bonds
from domain.case.levels import but_instalments, of_present_debtor
from domain.events import Event
from domain.refusal import Code, Refusal
from domain.value import PartySide


def substitute(case: Case, command: c.Substitute, moment: Moment) -> Facts:
    was = case.receipt.debtor if command.side is PartySide.DEBTOR else case.receipt.creditor
    now = command.successor
    if (was.name, was.code) == (now.name, now.code):
        raise Refusal(
            Code.MALFORMED,
            "变更后的当事人与现在的相同",
            "the party that takes the place is the one that has it",
            "party.name",
        )
    if command.side is PartySide.DEBTOR:
        keeps_its_bonds(case, case.receipt.model_copy(update={"debtor": now}), "party.kind")
    return [e.Substituted(side=command.side, was=was, now=now, why=command.why, reference=command.reference)]


@change.register
def _(fact: e.Substituted, case: Case, event: Event) -> Change:
    receipt = case.receipt.model_copy(update={fact.side.value: fact.now})
    anew = _creditor_anew if fact.side is PartySide.CREDITOR else _debtor_anew
    papers = tuple(
        paper.model_copy(update={"by": SYSTEM}) if paper.by.role.value == fact.side else paper
        for paper in case.papers
    )
    attached_by = {role: count for role, count in case.attached_by.items() if role != fact.side.value}
    changed = {"receipt": receipt, "papers": papers, "attached_by": attached_by}
    return changed | anew(case, event.on)


def _creditor_anew(case: Case, on: date) -> Change:
    """The terms of the new creditor to endorse and to confirm begin on that day."""
    changed: Change = {
        "first_creditor": case.first_creditor or case.receipt.creditor,
        "withdrawal": None,
        "payments": tuple(_reported(payment, on) for payment in case.payments),
    }
    if case.correction_since is not None:
        changed["corrections"] = (*case.corrections, Pause(case.correction_since, on))
        changed["correction_since"] = on
    if case.recognition is not None and case.recognition_stands and case.account is None:
        heard = {"on": on, "silent_on": None}
        changed["recognition"] = case.recognition.model_copy(update=heard)
    return changed


def _reported(payment: Payment, on: date) -> Payment:
    if payment.state != "reported":
        return payment
    return payment.model_copy(update={"since": on, "silent_on": None})


def _debtor_anew(case: Case, on: date) -> Change:
    """The debtor's terms begin again on that day; before the account is established the holder serves the new debtor first. Promises,
    orders, interviews and steps proposed against the debtor concerned the old one, and are dropped.
    """
    changed: Change = {
        "funding_since": on if case.funding_since else None,
        "interest_since": on if case.interest_since else None,
        "payments": tuple(
            payment.model_copy(update={"since": on}) if payment.state == "disputed" else payment
            for payment in case.payments
        ),
        "promises": tuple(one for one in case.promises if one.met_on),
        "debtor_ordered_on": None,
        "called_in": None,
        "gates": tuple(gate for gate in case.gates if gate.against is not None),
    }
    if case.plan is not None:
        changed |= _plan_anew(case, case.plan, on)
    if case.account is not None or case.forwarded_on is None:
        return changed
    return changed | {
        "transfer_since": on,
        "forwarded_on": None,
        "acknowledged_on": None,
        "verification_since": None,
        "verification_begun_on": None,
        "response_since": None,
        "unanswered_on": None,
        "recognition_stands": False,
    }


def _plan_anew(case: Case, plan: Plan, on: date) -> Change:
    """The new debtor owes the instalments of the plan, is late with none of them yet, and climbs the ladder from its foot."""
    return {
        "plan": plan.model_copy(update={"taken_on": on}),
        "levels": but_instalments(case.levels),
        "unwritten": but_instalments(case.unwritten),
        "extensions": of_present_debtor(case.extensions, plan, on),
        "met_on": of_present_debtor(case.met_on, plan, on),
        "rests": of_present_debtor(case.rests, plan, on),
    }
