"""The decider: what a command makes happen to a case, or why it is refused.

`decide` says what happens, `evolve` what becomes of the case. Everything that can be refused is refused here. `ORDERS` is the
table of who may do what and when; a handler checks only what is particular to its command.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from domain import commands as c
from domain import facts as e
from domain.actors import SYSTEM, Actor, Role
from domain.calendar import business_date
from domain.case import clearing, intake, pressure, recognition, review
from domain.case.casefile import Case
from domain.case.duties import changes
from domain.case.evolve import begin, evolve, fold
from domain.case.ladder import fallen_due
from domain.case.orders import Facts, Moment, enveloped, is_repeated, wrong_stage
from domain.events import ENDS, Event
from domain.limits import not_too_often, within_sight
from domain.receipt import Receipt
from domain.refusal import Code, Refusal
from domain.rules import Rules, superior, superiors
from domain.value import Stage

__all__ = ["ORDERS", "begin", "decide", "evolve", "fold", "receive", "take_news"]

Who = Callable[[Actor, Case, Rules], bool]
When = Callable[[Case], bool]
Handler = Callable[[Case, Any, Moment], Facts]


class Order(NamedTuple):
    """Who may give a command, when, and what it does."""

    who: Who
    when: When
    handle: Handler


def _of_holder(role: Role) -> Who:
    return lambda by, case, rules: by.role is role and by.party == case.holder


def _finance(by: Actor, case: Case, rules: Rules) -> bool:
    return by.role is Role.FINANCE and by.party in case.route


def _superior_head(by: Actor, case: Case, rules: Rules) -> bool:
    """The head of the office above the holder; at the top, where there is none, the holder's own."""
    return by.role is Role.HEAD and by.party == (superior(case.holder, rules.offices) or case.holder)


def _head_above(by: Actor, case: Case, rules: Rules) -> bool:
    """The head of any office above the holder; at the top, where there is none, the holder's own."""
    return by.role is Role.HEAD and by.party in (superiors(case.holder, rules.offices) or (case.holder,))


def _gatekeeper(by: Actor, case: Case, rules: Rules) -> bool:
    """The head for whom a proposed step waits; where none does, the superior's."""
    return by.role is Role.HEAD and by.party in {gate.office for gate in case.gates} | {
        superior(case.holder, rules.offices) or case.holder
    }


def _debtor(by: Actor, case: Case, rules: Rules) -> bool:
    debtor = case.receipt.debtor
    return by.role is Role.DEBTOR and by.speaks_for(debtor.name, debtor.code)


def _creditor(by: Actor, case: Case, rules: Rules) -> bool:
    creditor = case.receipt.creditor
    return by.role is Role.CREDITOR and by.speaks_for(creditor.name, creditor.code)


def _either(*whos: Who) -> Who:
    return lambda by, case, rules: any(who(by, case, rules) for who in whos)


def _at(*stages: Stage) -> When:
    return lambda case: case.stage in stages


def _endorsed(case: Case) -> bool:
    return case.endorsed_on is not None and not case.is_clear


def _planned(case: Case) -> bool:
    return case.plan is not None and not case.is_clear


def _verified(case: Case) -> bool:
    return case.acknowledged_on is not None


def _before_review(case: Case) -> bool:
    return case.stage is not Stage.REVIEW


def _any_time(case: Case) -> bool:
    return True


_CLERK, _HEAD = _of_holder(Role.CLERK), _of_holder(Role.HEAD)

ORDERS: dict[type[c.Asked], Order] = {
    c.Accept: Order(_CLERK, _at(Stage.INTAKE), intake.accept),
    c.Refuse: Order(_CLERK, _at(Stage.INTAKE), intake.refuse),
    c.RequestCorrection: Order(_CLERK, _at(Stage.INTAKE), intake.request_correction),
    c.SupplyCorrection: Order(_creditor, _at(Stage.INTAKE), intake.supply_correction),
    c.Forward: Order(_CLERK, _at(Stage.TRANSFER), intake.forward),
    c.Acknowledge: Order(_debtor, _at(Stage.TRANSFER), intake.acknowledge),
    c.Recognise: Order(_debtor, _at(Stage.VERIFICATION), recognition.recognise),
    c.Endorse: Order(_creditor, _at(Stage.VERIFICATION), recognition.endorse),
    c.Object: Order(_creditor, _at(Stage.VERIFICATION), recognition.object_to),
    c.Unfounded: Order(_CLERK, _at(Stage.VERIFICATION), recognition.unfounded),
    c.ResolveDispute: Order(_CLERK, _verified, recognition.resolve_dispute),
    c.MakePlan: Order(_debtor, _endorsed, clearing.plan),
    c.Fund: Order(_finance, _planned, clearing.fund),
    c.ReportPayment: Order(_debtor, _planned, clearing.report_payment),
    c.ConfirmReceipt: Order(_creditor, _planned, clearing.confirm_receipt),
    c.DisputeReceipt: Order(_creditor, _planned, clearing.dispute_receipt),
    c.Bounce: Order(_either(_debtor, _finance), _planned, clearing.bounce),
    c.Rate: Order(_creditor, _at(Stage.REVIEW), review.rate),
    c.CallBack: Order(_CLERK, _at(Stage.REVIEW), review.call_back),
    c.Close: Order(_HEAD, _at(Stage.REVIEW), review.close),
    c.Withdraw: Order(_creditor, _before_review, review.withdraw),
    c.GoJudicial: Order(_either(_CLERK, _creditor), _any_time, review.go_judicial),
    c.Reopen: Order(_superior_head, _at(Stage.CLOSED), review.reopen),
    c.Extend: Order(_HEAD, _any_time, pressure.extend),
    c.Suspend: Order(_CLERK, _any_time, pressure.suspend),
    c.Resume: Order(_CLERK, _any_time, pressure.resume),
    c.Escalate: Order(_head_above, _any_time, pressure.escalate),
    c.ApproveStep: Order(_gatekeeper, _any_time, pressure.approve_step),
    c.DeclineStep: Order(_gatekeeper, _any_time, pressure.decline_step),
    c.Relieve: Order(_HEAD, _any_time, pressure.relieve),
    c.AdoptPolicy: Order(_HEAD, _any_time, pressure.adopt_policy),
}

WHILE_SUSPENDED = (c.Resume, c.Escalate, c.Withdraw, c.GoJudicial)
"""The commands that a suspended case takes."""


def decide(case: Case, command: c.Ordered, rules: Rules, now: datetime) -> list[Event]:
    """What a command makes happen at a business instant: nothing, when the case has carried it out already.

    Raises:
        Refusal: It may not be carried out; nothing changes.
    """
    if is_repeated(case.commands, command):
        return []
    within_sight(command, now)
    order = ORDERS[type(command)]
    if case.ended is not None and not isinstance(command, c.Reopen):
        raise Refusal(Code.CASE_ENDED, f"本案已结束({case.ended})", f"the case has ended: {case.ended}")
    if not order.who(command.by, case, rules):
        raise Refusal(
            Code.NOT_YOURS,
            f"{command.by} 无权对本案执行 {command.do}",
            f"{command.by} may not {command.do} this case, which {case.holder} holds",
            "by",
        )
    if command.entered_by is not None and not _CLERK(command.entered_by, case, rules):
        raise Refusal(
            Code.NOT_YOURS,
            f"{command.entered_by} 不是承办单位的经办人,不能代录",
            f"{command.entered_by} is no clerk of {case.holder}, which holds the case, and enters nothing",
            "entered_by",
        )
    if case.suspended and not isinstance(command, WHILE_SUSPENDED):
        raise Refusal(Code.SUSPENDED, "本案已中止,恢复后再办理", "the case is suspended: resume it first")
    if not order.when(case):
        raise wrong_stage(case, f"现在不能执行 {command.do}", f"{command.do} is not possible now")
    return _enveloped(case, order.handle, command, Moment(rules, now))


def _enveloped(case: Case, handle: Handler, command: c.Ordered, moment: Moment) -> list[Event]:
    """What a handler makes of a command, as far as the case takes it. Whoever ends a case lets go of what it holds."""
    facts = handle(case, command, moment)
    not_too_often(case, facts)
    if any(fact.kind in ENDS for fact in facts):
        facts = [*clearing.give_back(case), *facts]
    return enveloped(case, facts, moment, command)


def carry_out(
    case: Case, command: c.Ordered, rules: Rules, now: datetime, other: Rules | None = None
) -> list[Event]:
    """A command in its time: first everything that fell due before it, then what it makes happen, and what follows at once.

    Args:
        other: The rules that the command brings, if it brings any.

    Raises:
        Refusal: It may not be carried out; nothing changes.
    """
    return _in_time(case, rules, other or rules, now, lambda case, rules: decide(case, command, rules, now))


def _in_time(
    case: Case,
    rules: Rules,
    then: Rules,
    now: datetime,
    decided: Callable[[Case, Rules], list[Event]],
) -> list[Event]:
    before = fallen_due(case, rules, now)
    case = fold(case, before)
    events = decided(case, then)
    if not events:
        return []
    return [*before, *events, *fallen_due(fold(case, events), then, now)]


def receive(case_no: str, receipt: Receipt, rules: Rules, now: datetime) -> Event:
    """The first event of a case."""
    fact = e.Received(receipt=receipt, policy=rules.pack, calendar=rules.calendar.version)
    bare = Event(at=now, on=business_date(now), by=SYSTEM, fact=fact)
    return bare.model_copy(update=changes(begin(case_no, bare), rules, bare.on)._asdict())


def take_news(case: Case, news: c.TakeBondNews, rules: Rules, now: datetime) -> list[Event]:
    """What a bond batch's news makes happen in its time. Nothing, when the case has it already."""

    def decided(case: Case, rules: Rules) -> list[Event]:
        if is_repeated(case.commands, news):
            return []
        facts = clearing.take_bond_news(case, news)
        return enveloped(case, facts, Moment(rules, now), news) if facts else []

    return _in_time(case, rules, rules, now, decided)


def take_escalation(case: Case, command: c.Escalate, rules: Rules, now: datetime) -> list[Event]:
    """A superior office, or the system on behalf of a hotline, escalates by signal: what cannot be answered is not refused.

    Nothing, when it has happened already, may not happen, or would not raise the case.
    """

    def decided(case: Case, rules: Rules) -> list[Event]:
        if command.by.role is not Role.SYSTEM:
            return decide(case, command, rules, now)
        if case.ended is not None or is_repeated(case.commands, command):
            return []
        return _enveloped(case, pressure.escalate, command, Moment(rules, now))

    try:
        return _in_time(case, rules, rules, now, decided)
    except Refusal:
        return []


def take_calendar(case: Case, command: c.Redate, rules: Rules, other: Rules, now: datetime) -> list[Event]:
    """The calendar that a notice brought, in `other`. Nothing, when the case counts by it already, or has ended."""
    if case.ended is not None or case.calendar == command.notice or is_repeated(case.commands, command):
        return []

    def decided(case: Case, rules: Rules) -> list[Event]:
        moment = Moment(rules, now)
        return enveloped(case, pressure.redate(case, command, moment), moment, command)

    return _in_time(case, rules, other, now, decided)
