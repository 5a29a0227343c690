"""延期, 中止 and 恢复: more time for a duty, and a case that stands still.

条例 (2025) Art 25: an extension is approved by the department's head before the term lapses, 90 days in all at most.
"""

from domain import commands as c
from domain import facts as e
from domain.calendar import Pause
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment
from domain.case.contents import Suspension
from domain.duty import OF_HEADS, Duty
from domain.events import Event
from domain.limits import MOST_EXTENSION
from domain.refusal import Code, Refusal


def extend(case: Case, command: c.Extend, moment: Moment) -> Facts:
    """More time for an open duty, granted before it lapses."""
    duty = _one_open(case, command)
    if moment.today > duty.due_on:
        raise Refusal(
            Code.ALREADY_LAPSED,
            f"该事项已于 {duty.due_on} 到期,不得再延期",
            f"it lapsed on {duty.due_on}; only a term that still runs can be extended",
            "duty",
        )
    ceiling = moment.rules.duties[duty.duty].ceiling
    if ceiling is not None and duty.term is not None and duty.term.days + command.days > ceiling.days:
        raise Refusal(
            Code.BEYOND_CEILING,
            f"合计不得超过 {ceiling.days} 日,现为 {duty.term.days} 日",
            f"at most {ceiling} in all; the term is {duty.term} now",
            "days",
        )
    if case.extensions.get(str(duty.key), 0) + command.days > MOST_EXTENSION:
        raise Refusal(
            Code.BEYOND_CEILING,
            f"同一事项延期合计不得超过 {MOST_EXTENSION} 日",
            f"one duty is extended by at most {MOST_EXTENSION} days in all",
            "days",
        )
    return [
        e.Extended(
            duty=duty.duty,
            subject=duty.subject,
            opened_on=duty.opened_on,
            days=command.days,
            reason=command.reason,
        )
    ]


def _one_open(case: Case, command: c.Extend) -> Duty:
    found = [
        duty for duty in case.duties if duty.duty is command.duty and command.subject in (None, duty.subject)
    ]
    if command.duty in OF_HEADS:
        raise Refusal(
            Code.NOT_YOURS,
            "审批事项不得延期",
            "what awaits a head's decision is not extended",
            "duty",
        )
    if len(found) != 1:
        subjects = ", ".join(duty.subject or "" for duty in found)
        raise Refusal(
            Code.MALFORMED,
            f"该事项有多项({subjects}),须注明 subject" if found else f"本案没有待办的 {command.duty}",
            f"several are open ({subjects}); name the subject" if found else f"no {command.duty} is owed",
            "subject" if found else "duty",
        )
    return found[0]


def suspend(case: Case, command: c.Suspend, moment: Moment) -> Facts:
    """All clocks stop, until somebody resumes the case or the day comes."""
    if command.until is not None and command.until <= moment.today:
        raise Refusal(
            Code.MALFORMED,
            f"恢复日 {command.until} 须在今天之后",
            f"{command.until} is not after today, {moment.today}",
            "until",
        )
    return [e.Suspended(reason=command.reason, until=command.until)]


def resume(case: Case, command: c.Resume, moment: Moment) -> Facts:
    if case.suspension is None:
        raise Refusal(Code.NOT_SUSPENDED, "本案未中止", "the case is not suspended")
    return [e.Resumed(reason=command.reason)]


@change.register
def _(fact: e.Extended, case: Case, event: Event) -> Change:
    key = str(fact.key)
    return {"extensions": {**case.extensions, key: case.extensions.get(key, 0) + fact.days}}


@change.register
def _(fact: e.Suspended, case: Case, event: Event) -> Change:
    return {"suspension": Suspension(since=event.on, until=fact.until)}


@change.register
def _(fact: e.Resumed, case: Case, event: Event) -> Change:
    return resumed(case, event)


def resumed(case: Case, event: Event) -> Change:
    """A case that stood still goes on."""
    if case.suspension is None:
        return {}
    pause = Pause(case.suspension.since, event.on)
    return {"suspension": None, "suspensions": (*case.suspensions, pause)}
