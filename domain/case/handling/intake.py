"""受理: from receipt to acceptance.

投诉处理暂行办法 (2021): a complaint is reviewed within 10 working days of receipt. While a correction is awaited, that term pauses.
"""

from collections.abc import Iterable

from domain import commands as c
from domain import facts as e
from domain.actors import Role
from domain.calendar import Pause
from domain.case.account import amounts_of, instalments_of
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment, wrong_stage
from domain.case.contents import Account, Plan, Recognition
from domain.duty import Duty
from domain.events import Event
from domain.receipt import Receipt
from domain.refusal import Code, Refusal
from domain.telling.naming import named
from domain.value import Mode, Stage


def accept(case: Case, command: c.Accept, moment: Moment) -> Facts:
    """Accept a case. A clerk may; the mode in which it begins is for a head to set."""
    is_head = command.by.role is Role.HEAD
    if is_head is (command.mode is None):
        raise Refusal(
            Code.NOT_YOURS,
            f"{named(command.by, moment.rules.offices)[0]}不能这样受理:受理由经办人办理,即列入督办的由负责人决定",
            f"not by {command.by}: a clerk accepts a case, a head does so to have it supervised from the beginning",
            "by" if is_head else "mode",
        )
    return [e.Accepted(mode=Mode(command.mode) if command.mode else None)]


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


def brought_in(receipt: Receipt) -> Facts:
    """接入: the facts of a case that was kept elsewhere before."""
    known = receipt.taken_in
    if known is None:
        return []
    plan = known.plan
    return [
        e.TakenIn(
            source=known.source,
            as_of=known.as_of,
            stage=known.reached,
            mode=known.pressed,
            acknowledged_on=known.acknowledged_on,
            recognition=amounts_of(known.recognition) if known.recognition else None,
            sources=tuple(e.Source(kind=one.kind, planned_fen=one.amount) for one in plan.sources)
            if plan
            else (),
            instalments=instalments_of(plan.instalments) if plan else (),
            cleared_fen=known.cleared,
        )
    ]


def late_on_entry(duties: Iterable[Duty]) -> Facts:
    """The facts about duties that had lapsed before the day of entry."""
    return [
        e.LateOnEntry(duty=duty.duty, subject=duty.subject, due_on=duty.was_due_on)
        for duty in duties
        if duty.was_due_on is not None
    ]


@change.register
def _(fact: e.TakenIn, case: Case, event: Event) -> Change:
    """Every term begins on the day of entry."""
    changed: Change = {"accepted_on": event.on, "transfer_since": event.on, "mode": fact.mode}
    if fact.mode is Mode.TAKEN_OVER:
        changed["taken_over_by"] = case.route
    if fact.stage is Stage.TRANSFER:
        return changed
    changed |= {
        "forwarded_on": event.on,
        "acknowledged_on": fact.acknowledged_on,
        "verification_since": event.on,
        "verification_begun_on": event.on,
        "ceiling_since": event.on,
    }
    if fact.recognition is None:
        return changed | {"response_since": event.on}
    known = fact.recognition
    changed |= {
        "recognition": Recognition(on=event.on, **dict(known)),
        "recognition_stands": True,
        "dated_parts": len(known.dues),
    }
    if fact.stage is Stage.VERIFICATION:
        return changed
    changed |= {"account": Account(by="taken_in", on=event.on, as_of=known.as_of)}
    changed |= {"cleared_fen": fact.cleared_fen, "taken_in_fen": fact.cleared_fen}
    if fact.instalments:
        plan = Plan(
            on=event.on,
            sources=fact.sources,
            instalments=fact.instalments,
            cleared_before_fen=fact.cleared_fen,
        )
        changed["plan"] = plan
    return changed


@change.register
def _(fact: e.Accepted, case: Case, event: Event) -> Change:
    mode = case.mode if fact.mode is None else max(fact.mode, case.mode, key=lambda one: one.rank)
    return {"accepted_on": event.on, "transfer_since": event.on, "correction_since": None, "mode": mode}


@change.register
def _(fact: e.CorrectionRequested, case: Case, event: Event) -> Change:
    return {"correction_since": event.on}


@change.register
def _(fact: e.CorrectionSupplied, case: Case, event: Event) -> Change:
    pause = Pause(case.correction_since or event.on, event.on)
    return {"correction_since": None, "corrections": (*case.corrections, pause)}
