"""受理 and 转办: from receipt until the debtor has taken note.

条例 (2025) Art 25: a complaint formally accepted is transferred within 10 working days. 投诉处理暂行办法 (2021): it is reviewed
within 10 working days of receipt; while a correction is awaited that clock stands still.
"""

from domain import commands as c
from domain import facts as e
from domain.calendar import Pause
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment, wrong_stage
from domain.events import Event
from domain.refusal import Code, Refusal
from domain.rules import is_below


def accept(case: Case, command: c.Accept, moment: Moment) -> Facts:
    return [e.Accepted()]


def refuse(case: Case, command: c.Refuse, moment: Moment) -> Facts:
    return [e.Refused(ground=command.ground)]


def request_correction(case: Case, command: c.RequestCorrection, moment: Moment) -> Facts:
    if case.correction_since is not None:
        raise wrong_stage(case, "已要求补正,尚未答复", "a correction has been asked for already")
    return [e.CorrectionRequested(items=command.items)]


def supply_correction(case: Case, command: c.SupplyCorrection, moment: Moment) -> Facts:
    if case.correction_since is None:
        raise wrong_stage(case, "没有待补正事项", "no correction is awaited")
    return [e.CorrectionSupplied(note=command.note)]


def forward(case: Case, command: c.Forward, moment: Moment) -> Facts:
    """To the debtor, or down to an office below the holder."""
    if case.forwarded_on is not None:
        raise wrong_stage(case, "已转交债务人", "the case has been forwarded to the debtor already")
    if command.to != "debtor" and not (
        command.to in moment.rules.offices and is_below(command.to, case.holder)
    ):
        raise Refusal(
            Code.MALFORMED,
            f"{command.to} 不是 {case.holder} 的下级办公室",
            f"{command.to} is no office below {case.holder}",
            "to",
        )
    return [e.Forwarded(to=command.to)]


def hand_out(case: Case, command: c.HandOut, moment: Moment) -> Facts:
    """Another province, a ministry or another authority takes the case: Art 25 sends a complaint to whoever is in charge."""
    return [e.HandedOut(to=command.to, of=command.kind, reference=command.reference)]


def acknowledge(case: Case, command: c.Acknowledge, moment: Moment) -> Facts:
    if case.forwarded_on is None:
        raise wrong_stage(case, "尚未转交债务人", "the case has not been forwarded to the debtor yet")
    return [e.Acknowledged()]


@change.register
def _(fact: e.Accepted, case: Case, event: Event) -> Change:
    return {"accepted_on": event.on, "correction_since": None}


@change.register
def _(fact: e.CorrectionRequested, case: Case, event: Event) -> Change:
    return {"correction_since": event.on}


@change.register
def _(fact: e.CorrectionSupplied, case: Case, event: Event) -> Change:
    pause = Pause(case.correction_since or event.on, event.on)
    return {"correction_since": None, "corrections": (*case.corrections, pause)}


@change.register
def _(fact: e.Forwarded, case: Case, event: Event) -> Change:
    if fact.to == "debtor":
        return {"forwarded_on": event.on}
    return {"route": (*case.route, fact.to)}


@change.register
def _(fact: e.Acknowledged, case: Case, event: Event) -> Change:
    return {"acknowledged_on": event.on, "verification_since": event.on}
