"""转办, 退办, 改派 and 移送: which office handles a case, and serving it on the debtor.

条例 (2025) Art 25: a complaint goes to whoever is in charge (谁主管谁负责), within 10 working days of acceptance, and the result is
due 30 days after that office got it. The duties of the office before end without blame; only the ceiling runs on.
"""

from datetime import date

from domain import commands as c
from domain import facts as e
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment, wrong_stage
from domain.events import Event
from domain.refusal import Code, Refusal
from domain.rules import Rules, is_below, overseer, superior
from domain.telling.naming import office_named
from domain.value import Mode


def forward(case: Case, command: c.Forward, moment: Moment) -> Facts:
    """Forward a case to the debtor, which is possible once, or to an office below the holder."""
    if command.to == "debtor":
        if case.forwarded_on is not None:
            raise wrong_stage(case, "已转交债务人", "the case has been forwarded to the debtor already")
        return [e.Forwarded(to=command.to)]
    if command.to not in moment.rules.offices or not is_below(command.to, case.holder):
        raise Refusal(
            Code.MALFORMED,
            "{}不是{}的下级办公室".format(*_called(moment, command.to, case.holder)),
            f"{command.to} is no office below {case.holder}",
            "to",
        )
    return [e.Forwarded(to=command.to, above=overseer(command.to, moment.rules.offices))]


def _called(moment: Moment, *codes: str | None) -> list[str]:
    return [office_named(code, moment.rules.offices) for code in codes]


def return_up(case: Case, command: c.ReturnUp, moment: Moment) -> Facts:
    """退办: return a case to the office that forwarded it, or 上报: report it to the one above if it was registered here. Each office
    may do so once.
    """
    if case.holder in case.taken_over_by:
        raise wrong_stage(case, "提级办理的案件不得退办", "an office does not return what it has taken over")
    if case.holder in case.returned_by:
        raise wrong_stage(case, "本办公室已退办过一次", f"{case.holder} has returned the case once already")
    above = _came_from(case, moment.rules)
    if above is None:
        raise wrong_stage(case, "没有上级办公室可退办", "there is no office above to return the case to")
    return [e.ReturnedUp(to=above, above=overseer(above, moment.rules.offices), reason=command.reason)]


def _came_from(case: Case, rules: Rules) -> str | None:
    """The office that a return goes to: the one above that forwarded the case, if it still exists; otherwise the superior."""
    first = case.route.index(case.holder)
    before = case.route[first - 1] if first else None
    is_from_above = before is not None and before in rules.offices and is_below(case.holder, before)
    return before if is_from_above else superior(case.holder, rules.offices)


def reassign(case: Case, command: c.Reassign, moment: Moment) -> Facts:
    """改派: reassign a case to an office that is neither above nor below the holder. Only a head of an office above both may."""
    offices, head_of = moment.rules.offices, command.by.party
    is_above_both = head_of is not None and is_below(case.holder, head_of) and is_below(command.to, head_of)
    is_beside = not (is_below(command.to, case.holder) or is_below(case.holder, command.to))
    if command.to not in offices or command.to == case.holder or not (is_above_both and is_beside):
        raise Refusal(
            Code.MALFORMED,
            "{}不是{}下面与承办办公室并列的办公室".format(*_called(moment, command.to, head_of)),
            f"{command.to} is no office below {head_of} beside the one that handles the case",
            "to",
        )
    return [
        e.Reassigned(to=command.to, above=overseer(command.to, moment.rules.offices), reason=command.reason)
    ]


def hand_out(case: Case, command: c.HandOut, moment: Moment) -> Facts:
    """Hand the case to another province, a ministry or another authority: Art 25 sends a complaint to whoever is in charge."""
    return [e.HandedOut(to=command.to, of=command.kind, reference=command.reference)]


def acknowledge(case: Case, command: c.Acknowledge, moment: Moment) -> Facts:
    """Record that the debtor has received the forwarding letter. No duty depends on it."""
    if case.acknowledged_on is not None:
        raise wrong_stage(case, "已签收", "the debtor has acknowledged it already")
    return [e.Acknowledged()]


@change.register
def _(fact: e.Forwarded, case: Case, event: Event) -> Change:
    if fact.to != "debtor":
        return _in_hands_of(fact, case, event.on) | _verification_from(event.on, event.on, case)
    served: Change = {"forwarded_on": event.on, "response_since": event.on}
    if case.verification_since is None:
        served |= _verification_from(case.transfer_since or event.on, event.on, case)
    return served


@change.register
def _(fact: e.ReturnedUp, case: Case, event: Event) -> Change:
    moved = _in_hands_of(fact, case, event.on) | _anew(case, event.on)
    return moved | {"mode": case.mode, "returned_by": (*case.returned_by, case.holder)}


@change.register
def _(fact: e.Reassigned, case: Case, event: Event) -> Change:
    mode = Mode.REFERRED if case.mode is Mode.REFERRED else Mode.TRANSFERRED
    return _in_hands_of(fact, case, event.on) | _anew(case, event.on) | {"mode": mode}


def _in_hands_of(fact: e.Forwarded | e.ReturnedUp | e.Reassigned, case: Case, on: date) -> Change:
    """The changes when another office gets the case. Steps proposed against the office before are dropped; the new holder's superior
    decides on the others.
    """
    gates = (gate for gate in case.gates if gate.against is None)
    return {
        "route": (*case.route, fact.to),
        "region": fact.to,
        "handed_on": on,
        "taken_over_from": None,
        "assigned_to": None,
        "mode": Mode.TRANSFERRED if case.mode is Mode.TAKEN_OVER else case.mode,
        "gates": tuple(gate.model_copy(update={"office": fact.above or gate.office}) for gate in gates),
    }


def _anew(case: Case, on: date) -> Change:
    """Restart the terms of what the new holder owes on that day: the intake, the transfer, or the verification of a case that has been
    served, and whatever follows from an established account.
    """
    owed_since = ("objection_since", "dispute_since", "court_since", "dating_since", "bonding_since")
    follows = {name: on for name in owed_since if getattr(case, name) is not None}
    if case.account is not None:
        return follows
    if case.accepted_on is None:
        return {"intake_since": on}
    if case.forwarded_on is None:
        return {"transfer_since": on, "verification_since": None}
    return _verification_from(on, on, case)


def _verification_from(since: date, on: date, case: Case) -> Change:
    """Begin the verification's term on `since`, as handled since `on`. The ceiling runs from the first office's day zero."""
    return {
        "verification_since": since,
        "verification_begun_on": on,
        "ceiling_since": case.ceiling_since or since,
    }
