"""受理: from receipt to acceptance.

投诉处理暂行办法 (2021): a complaint is reviewed within 10 working days of receipt; while a correction is awaited that clock stands
still.
"""

from domain import commands as c
from domain import facts as e
from domain.calendar import Pause
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment, wrong_stage
from domain.events import Event


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


@change.register
def _(fact: e.Accepted, case: Case, event: Event) -> Change:
    return {"accepted_on": event.on, "transfer_since": event.on, "correction_since": None}


@change.register
def _(fact: e.CorrectionRequested, case: Case, event: Event) -> Change:
    return {"correction_since": event.on}


@change.register
def _(fact: e.CorrectionSupplied, case: Case, event: Event) -> Change:
    pause = Pause(case.correction_since or event.on, event.on)
    return {"correction_since": None, "corrections": (*case.corrections, pause)}
