"""回访审核 and 销号, appeal and re-opening."""

from datetime import date, timedelta
from typing import Final

from domain import commands as c
from domain import facts as e
from domain.actors import OFFICE_ROLES, Actor, Role
from domain.case.casefile import Case
from domain.case.change import LIVES_AGAIN, Change, change
from domain.case.checks import Facts, Moment, attempted, awaited, wrong_stage
from domain.case.contents import Appeal
from domain.case.handling.payment import denied
from domain.duty import DutyKind
from domain.events import Event
from domain.refusal import Code, Refusal
from domain.rules import overseer
from domain.telling.naming import named
from domain.value import CallBackOutcome, Stage

RATED_WITHIN: Final = timedelta(days=90)
APPEALED_WITHIN: Final = timedelta(days=30)
"""How long after its end an appeal is possible."""


def call_back(case: Case, command: c.CallBack, moment: Moment) -> Facts:
    """Record a call to the creditor. Dissatisfaction about a payment returns the case to payment, about the amount to verification;
    the latter not again once the office has decided on the amount.
    """
    if command.satisfied is CallBackOutcome.UNREACHABLE:
        attempted(case, command.attempts, case.review_since or moment.today, moment)
    is_heard = case.is_determined_anew and command.voucher is None
    if command.satisfied is not CallBackOutcome.NO or is_heard:
        return [e.CalledBack(satisfied=command.satisfied, note=command.note, attempts=command.attempts)]
    disputed = _disputed(case, command.voucher, command.note)
    called_back = e.CalledBack(
        satisfied=CallBackOutcome.NO, note=command.note, back_to="payment" if disputed else "verification"
    )
    return [called_back, *disputed]


def rate(case: Case, command: c.Rate, moment: Moment) -> Facts:
    """Record the creditor's own rating, until some time after the end. It has no effect: the office reads it, and calls back."""
    _in_time(case, RATED_WITHIN, moment)
    return [e.Rated(satisfied=command.satisfied, note=command.note)]


def _in_time(case: Case, within: timedelta, moment: Moment) -> None:
    if case.ended_on is not None and moment.today > case.ended_on + within:
        raise Refusal(
            Code.ALREADY_LAPSED,
            f"本案结束已逾 {within.days} 日",
            f"the case ended more than {within.days} days ago",
        )


def close(case: Case, command: c.Close, moment: Moment) -> Facts:
    """Strike off (销号). The approver must be named, and another person with another account than whoever called the creditor back."""
    if not case.called_back_by:
        raise wrong_stage(case, "尚未回访债权人", "the creditor has not been called back yet")
    callers = [caller for caller in case.called_back_by if caller.person]
    is_second = all(command.by.is_second_person_to(caller) for caller in callers)
    if not callers or not is_second or command.account in case.called_back_accounts:
        raise Refusal(
            Code.FOUR_EYES,
            "回访人不得审批销号,回访和审批须由署名的两个人办理",
            "whoever called back may not strike the case off: two people do so, each by name",
            "by",
        )
    return [e.Closed(report=command.report)]


def appeal(case: Case, command: c.Appeal, moment: Moment) -> Facts:
    """Appeal against an end, once, within a month. The head of the office above answers by `reopen` or `uphold`."""
    if case.has_appealed:
        raise wrong_stage(case, "已就本次办结提出申诉", "there has been an appeal against this end")
    _in_time(case, APPEALED_WITHIN, moment)
    office = overseer(case.holder, moment.rules.offices)
    return [e.Appealed(reason=command.reason, office=office)]


def uphold(case: Case, command: c.Uphold, moment: Moment) -> Facts:
    _answers_the_appeal(case, command, moment)
    return [e.Upheld(reason=command.reason)]


def reopen(case: Case, command: c.Reopen, moment: Moment) -> Facts:
    """Re-open a case: a later check (回头看) found a payment missing or the amount wrong, or an appeal succeeds."""
    if case.appeal is not None:
        _answers_the_appeal(case, command, moment)
    disputed = _disputed(case, command.voucher, command.reason)
    if case.ended is not Stage.CLOSED:
        return [e.Reopened(reason=command.reason), *disputed]
    return [e.Reopened(reason=command.reason, back_to="payment" if disputed else "verification"), *disputed]


def _answers_the_appeal(case: Case, command: c.Uphold | c.Reopen, moment: Moment) -> None:
    """Check who answers an appeal: the head of the office above, or if that is late any head above; never whoever ended the case."""
    first = Actor(Role.HEAD, party=overseer(case.holder, moment.rules.offices))
    has_lapsed = any(duty.duty is DutyKind.APPEAL and duty.due_on < moment.today for duty in case.duties)
    if command.by.party != first.party and not has_lapsed:
        told = {one: named(one, moment.rules.offices)[0] for one in (command.by, first)}
        raise Refusal(
            Code.NOT_YOURS,
            f"{told[command.by]}现在不能答复申诉:先由{told[first]}答复,逾期未答复的,再上级的负责人也可答复",
            f"not by {command.by} yet: {first} answers the appeal, and any head above once that is late",
            "by",
        )
    ended_by = [one for one in case.ended_by if one.role in OFFICE_ROLES]
    if not all(command.by.is_second_person_to(one) for one in ended_by):
        raise Refusal(
            Code.FOUR_EYES,
            "办结的审批人不得答复申诉",
            "whoever ended the case may not answer the appeal against it",
            "by",
        )


def _disputed(case: Case, voucher: str | None, reason: str) -> Facts:
    if voucher is None:
        return []
    return [denied(awaited(case, voucher, "confirmed", "attested"), reason)]


@change.register
def _(fact: e.CalledBack, case: Case, event: Event) -> Change:
    if fact.back_to is None:
        accounts = (*case.called_back_accounts, event.account) if event.account else case.called_back_accounts
        return {
            "called_back_on": case.called_back_on or event.on,
            "called_back_by": (*case.called_back_by, event.by),
            "called_back_accounts": accounts,
        }
    return _put_back(fact.back_to, event.on) | {"was_dissatisfied": fact.back_to == "verification"}


@change.register
def _(fact: e.Appealed, case: Case, event: Event) -> Change:
    return {"appeal": Appeal(office=fact.office, since=event.on), "has_appealed": True}


@change.register
def _(fact: e.Upheld, case: Case, event: Event) -> Change:
    return {"appeal": None}


@change.register
def _(fact: e.Reopened, case: Case, event: Event) -> Change:
    if fact.back_to is None:
        return LIVES_AGAIN | _terms_anew(case, event.on)
    return LIVES_AGAIN | _put_back(fact.back_to, event.on)


def _terms_anew(case: Case, on: date) -> Change:
    """The case resumes where it stood. No term begins before that day, nor does the ceiling."""
    ceiling_since = None if case.ceiling_since is None else on
    return {
        "reopened_on": on,
        "ceiling_since": ceiling_since,
        "ceiling_lapsed_on": None,
        "unanswered_on": None,
        "transfer_since": None if case.transfer_since is None else on,
    }


def _put_back(stage: str, on: date) -> Change:
    if stage == "payment":
        return {}
    return {
        "recognition_stands": False,
        "account": None,
        "verification_since": on,
        "verification_begun_on": on,
        "ceiling_since": on,
        "ceiling_lapsed_on": None,
        "response_since": on,
        "unanswered_on": None,
        "objection_since": None,
        "has_objected_late": False,
        "was_dissatisfied": False,
        "is_determined_anew": False,
    }
