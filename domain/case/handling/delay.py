"""延期, 中止 and 恢复: extending a duty, and suspending a whole case.

条例 (2025) Art 25: the department's head approves an extension before the term lapses; 90 days in all at most. Only a court moves that
ceiling.
"""

from datetime import date, timedelta
from typing import Final

from domain import commands as c
from domain import facts as e
from domain.actors import Role
from domain.calendar import Pause
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment
from domain.case.contents import Extension, Suspension
from domain.case.lastday import ceiling, verification_ends
from domain.duty import FIXED, OF_HEADS, Duty, DutyKind
from domain.events import Event
from domain.refusal import Code, Refusal
from domain.telling.terms import DUTIES
from domain.value import Ground

LONGEST_SUSPENSION: Final = timedelta(days=180)
"""The longest suspension at a time, unless a court has the case."""

MOST_LONGER: Final = 90
"""The most days by which an instalment may be extended in all. Other duties may at most double their term."""


def extend(case: Case, command: c.Extend, moment: Moment) -> Facts:
    """Extend an open duty that has not lapsed. Extending the verification also extends the debtor's response by as much, if that is
    still open.
    """
    duty = _one_open(case, command)
    if duty.owner is Role.CREDITOR or duty.duty in OF_HEADS:
        raise Refusal(
            Code.NOT_YOURS,
            "债权人的事项和审批事项不得延期",
            "what a creditor owes, and what awaits a head's decision, is not extended",
            "duty",
        )
    if duty.duty in FIXED:
        raise Refusal(
            Code.BEYOND_CEILING,
            "该事项的期限由法规或者合同确定,不得延期",
            "its day is set by law, or by the contract, and is not extended",
            "duty",
        )
    if moment.today > duty.due_on:
        raise Refusal(
            Code.ALREADY_LAPSED,
            f"该事项已于 {duty.due_on} 到期,不得再延期",
            f"it lapsed on {duty.due_on}; only a term that still runs can be extended",
            "duty",
        )
    _within_bounds(case, duty, command.days, moment)
    extended = [_extended(duty, command)]
    if duty.duty is DutyKind.VERIFICATION:
        response = next((one for one in case.duties if one.duty is DutyKind.RESPONSE), None)
        if response is not None and moment.today <= response.due_on:
            extended.append(_extended(response, command))
    return [*extended]


def ask_time(case: Case, command: c.AskTime, moment: Moment) -> Facts:
    """Record the debtor's request for more time for one of its duties. It has no effect until a head extends the duty."""
    duty = _one_open(case, command)
    if duty.owner is not Role.DEBTOR or duty.duty in FIXED:
        raise Refusal(
            Code.NOT_YOURS,
            "只能就本单位待办且可以延期的事项申请延期",
            "a debtor asks for time for what it owes itself, where that may be extended",
            "duty",
        )
    return [
        e.TimeAsked(
            duty=duty.duty,
            subject=duty.subject,
            opened_on=duty.opened_on,
            days=command.days,
            reason=command.reason,
        )
    ]


def _extended(duty: Duty, command: c.Extend) -> e.Extended:
    return e.Extended(
        duty=duty.duty,
        subject=duty.subject,
        opened_on=duty.opened_on,
        days=command.days,
        reason=command.reason,
    )


def _within_bounds(case: Case, duty: Duty, days: int, moment: Moment) -> None:
    """Refuse an extension of a verification beyond its ceiling, or of another duty beyond its most days."""
    rule, key = moment.rules.duties[duty.duty], str(duty.key)
    granted = case.extensions.get(key, ())
    had = sum(one.days for one in granted)
    if duty.duty is DutyKind.VERIFICATION:
        last = ceiling(case, moment.rules)
        extended = {**case.extensions, key: (*granted, Extension(moment.today, days))}
        longer = case.model_copy(update={"extensions": extended})
        if last is not None and verification_ends(longer, moment.rules).raw > last:
            raise Refusal(
                Code.BEYOND_CEILING,
                f"核实最迟至 {last},现为 {duty.due_on}",
                f"the verification ends by {last} at the latest, whatever is suspended or extended; it is due {duty.due_on} now",
                "days",
            )
        return
    most = MOST_LONGER if rule.term is None else rule.term.days
    if rule.term is not None and rule.ceiling is not None:
        most = min(most, rule.ceiling.days - rule.term.days)
    if had + days > most:
        raise Refusal(
            Code.BEYOND_CEILING,
            f"延期合计不得超过 {most} 日,已延 {had} 日",
            f"at most {most} days more in all; it has had {had}",
            "days",
        )


def _one_open(case: Case, command: c.Extend | c.AskTime) -> Duty:
    found = [
        duty for duty in case.duties if duty.duty is command.duty and command.subject in (None, duty.subject)
    ]
    if len(found) != 1:
        subjects = ", ".join(duty.subject or "" for duty in found)
        raise Refusal(
            Code.MALFORMED,
            f"该事项有多项({subjects}),请注明是哪一项"
            if found
            else f"本案没有待办的{DUTIES[command.duty][0]}",
            f"several are open ({subjects}); name the subject" if found else f"no {command.duty} is owed",
            "subject" if found else "duty",
        )
    return found[0]


def suspend(case: Case, command: c.Suspend, moment: Moment) -> Facts:
    """Suspend a case: no term runs until somebody resumes it or its day comes."""
    until = _until(command, moment)
    if until <= moment.today:
        raise Refusal(
            Code.MALFORMED,
            f"恢复日 {until} 须在今天之后",
            f"{until} is not after today, {moment.today}",
            "until",
        )
    if command.ground is not Ground.COURT and until - moment.today > LONGEST_SUSPENSION:
        raise Refusal(
            Code.BEYOND_CEILING,
            f"除司法程序外,一次中止不得超过 {LONGEST_SUSPENSION.days} 日",
            f"but for a court, a case is suspended for at most {LONGEST_SUSPENSION.days} days at a time",
            "until",
        )
    return [e.Suspended(reason=command.reason, ground=command.ground, until=until)]


def _until(command: c.Suspend, moment: Moment) -> date:
    return command.until or moment.today + timedelta(days=moment.rules.single_suspension.days)


def is_long(command: c.Suspend, case: Case, moment: Moment) -> bool:
    """Whether the case would be suspended longer in all than one person may decide."""
    had = sum((pause.until - pause.since for pause in case.suspensions), timedelta())
    more = _until(command, moment) - moment.today
    return (had + more).days > moment.rules.single_suspension.days


def resume(case: Case, command: c.Resume, moment: Moment) -> Facts:
    if case.suspension is None:
        raise Refusal(Code.NOT_SUSPENDED, "本案未中止", "the case is not suspended")
    return [e.Resumed(reason=command.reason)]


@change.register
def _(fact: e.Extended, case: Case, event: Event) -> Change:
    key = str(fact.key)
    granted = (*case.extensions.get(key, ()), Extension(event.on, fact.days))
    asked = {other: days for other, days in case.time_asked.items() if other != key}
    return {"extensions": {**case.extensions, key: granted}, "time_asked": asked}


@change.register
def _(fact: e.TimeAsked, case: Case, event: Event) -> Change:
    return {"time_asked": {**case.time_asked, str(fact.key): fact.days}}


@change.register
def _(fact: e.Suspended, case: Case, event: Event) -> Change:
    return {"suspension": Suspension(since=event.on, until=fact.until, ground=fact.ground)}


@change.register
def _(fact: e.Resumed, case: Case, event: Event) -> Change:
    return resumed(case, event)


def resumed(case: Case, event: Event) -> Change:
    """Apply the end of a suspension, if there is one."""
    if case.suspension is None:
        return {}
    pause = Pause(case.suspension.since, event.on)
    stays = (*case.court_stays, pause) if case.suspension.ground is Ground.COURT else case.court_stays
    return {"suspension": None, "suspensions": (*case.suspensions, pause), "court_stays": stays}
