"""The decider: which events a command causes in a case, or why it is refused.

`decide` returns events, `evolve` applies them. All refusals happen here, in this order: checks that all commands share, then who may
give the command and when (the table `ORDERS`), then the checks of the command's own handler.
"""

from collections.abc import Callable
from datetime import datetime

from domain import commands as c
from domain import facts as e
from domain.actors import SYSTEM, Role
from domain.calendar import business_date
from domain.case.casefile import Case
from domain.case.checks import Facts, Moment, wrong_stage
from domain.case.duties import changes
from domain.case.evidence import must_be_on_file
from domain.case.evolve import begin, evolve, fold
from domain.case.handling import approval, funding, intake, policy, pressure
from domain.case.happening import Happened, happen
from domain.case.ladder import fallen_due
from domain.case.orders import CLERK, ORDERS, Handler, Order, takes_two_persons
from domain.command_base import is_repeated
from domain.events import Event
from domain.limits import not_too_often, within_sight
from domain.receipt import Receipt, Registrar
from domain.refusal import Code, Refusal
from domain.rules import Rules
from domain.telling import ASKING
from domain.telling.naming import named
from domain.telling.terms import STAGES

__all__ = [
    "begin",
    "carry_out",
    "decide",
    "evolve",
    "fold",
    "receive",
    "take_calendar",
    "take_escalation",
    "take_news",
]


def decide(case: Case, command: c.AnyCommand, rules: Rules, now: datetime) -> list[Event]:
    """The events that a command causes at a business instant; none if the case has carried it out already.

    Raises:
        Refusal: The command may not be carried out; nothing changes.
    """
    return _decide(case, command, rules, now).events


def _decide(case: Case, command: c.AnyCommand, rules: Rules, now: datetime) -> Happened:
    if is_repeated(case.commands, command):
        return Happened([], case)
    within_sight(command, business_date(now))
    moment = Moment(rules, now)
    order = _permitted(case, command, rules)
    if isinstance(command, c.Approve):
        return _approve(case, command, moment)
    happened = happen(case, _facts(case, order.handle, command, moment), moment, command)
    if takes_two_persons(command, case, moment):
        return _submit(case, command, happened.case, moment)
    return happened


def _permitted(case: Case, command: c.AnyCommand, rules: Rules) -> Order:
    """The command's row of `ORDERS`, if its giver may give it now.

    Raises:
        Refusal: The case has ended or is suspended, the giver has not the right, or the stage is wrong.
    """
    order = ORDERS[type(command)]
    if case.ended is not None and not order.after_end:
        end = STAGES[case.ended][0]
        raise Refusal(Code.CASE_ENDED, f"本案已结束({end})", f"the case has ended: {case.ended}")
    if not order.who(command.by, case, rules):
        raise Refusal(
            Code.NOT_YOURS,
            f"{named(command.by, rules.offices)[0]}无权对本案办理“{ASKING[type(command)].zh}”",
            f"{command.by} may not {command.do} this case, which {case.holder} holds",
            "by",
        )
    if command.entered_by is not None and not CLERK(command.entered_by, case, rules):
        raise Refusal(
            Code.NOT_YOURS,
            f"{named(command.entered_by, rules.offices)[0]}不是承办单位的经办人,不能代录",
            f"{command.entered_by} is no clerk of {case.holder}, which holds the case, and enters nothing",
            "entered_by",
        )
    if case.suspended and not order.while_suspended:
        raise Refusal(Code.SUSPENDED, "本案已中止,恢复后再办理", "the case is suspended: resume it first")
    if not order.when(case):
        raise wrong_stage(
            case, f"现在不能办理“{ASKING[type(command)].zh}”", f"{command.do} is not possible now"
        )
    return order


def _facts(case: Case, handle: Handler, command: c.AnyCommand, moment: Moment) -> Facts:
    """The facts that a command's handler returns. A command that ends the case also returns the money that the case holds."""
    facts = handle(case, command, moment)
    not_too_often(case, facts)
    must_be_on_file(case, command, moment.rules)
    if any(fact.ending() for fact in facts):
        facts = [*funding.give_back(case), *facts]
    return facts


def _submit(case: Case, command: c.AnyCommand, after: Case, moment: Moment) -> Happened:
    """Submit a command for approval instead of carrying it out. The giver's duties that it would meet are paused meanwhile.

    Args:
        after: The case as it would be if the command were carried out.
    """
    open_after = {duty.key for duty in after.duties}
    rests = (duty.key for duty in case.duties if duty.owner is command.by.role and duty.key not in open_after)
    facts = approval.submit(case, command, tuple(rests), moment.rules)
    not_too_often(case, facts)
    return happen(case, facts, moment, command)


def _approve(case: Case, command: c.Approve, moment: Moment) -> Happened:
    """Approve a submission: the submitted command is decided again, as of today."""
    facts = approval.approve(case, command, moment)
    submitted = approval.submitted(case, command)
    order = _permitted(case, submitted, moment.rules)
    facts += _facts(case, order.handle, submitted, moment)
    return happen(case, facts, moment, command, submitted=submitted)


def carry_out(
    case: Case, command: c.AnyCommand, rules: Rules, now: datetime, other: Rules | None = None
) -> Happened:
    """Decide a command in its place in time: first whatever fell due before it, then the command, then what follows from it at once.

    Args:
        other: The rules that the command introduces, if any.

    Raises:
        Refusal: The command may not be carried out; nothing changes.
    """
    return _in_time(case, rules, other or rules, now, lambda case, rules: _decide(case, command, rules, now))


def _in_time(
    case: Case,
    rules: Rules,
    then: Rules,
    now: datetime,
    decided: Callable[[Case, Rules], Happened],
) -> Happened:
    before = fallen_due(case, rules, now)
    happened = decided(before.case, then)
    if not happened.events:
        return Happened([], case)
    after = fallen_due(happened.case, then, now)
    return Happened([*before.events, *happened.events, *after.events], after.case)


def receive(
    case_no: str, receipt: Receipt, rules: Rules, now: datetime, registrar: Registrar | None = None
) -> list[Event]:
    """The first events of a case: its receipt; for a backlog case also the state it had reached elsewhere, and what was late by then.

    Args:
        registrar: Who enters the case; by default an unnamed clerk of the office.
    """
    who = registrar or Registrar.of_office(receipt.office)
    fact = e.Received(receipt=receipt, policy=rules.pack, calendar=rules.calendar.version)
    received = Event(at=now, on=business_date(now), by=who.by, account=who.account, fact=fact)
    told = [received.model_copy(update={"fact": fact}) for fact in intake.brought_in(receipt)]
    case = begin(case_no, [received, *told])
    opened = changes(case, rules, received.on)
    by_itself = received.model_copy(update={"by": SYSTEM, "account": None})
    late = [by_itself.model_copy(update={"fact": fact}) for fact in intake.late_on_entry(opened.opened)]
    *before, last = [received, *told, *late]
    return [*before, last.model_copy(update=opened._asdict())]


def take_news(case: Case, news: c.TakeBondNews, rules: Rules, now: datetime) -> Happened:
    """Take news from a bond batch, in its place in time; no events if the case has taken it already. Never refuses."""

    def decided(case: Case, rules: Rules) -> Happened:
        if is_repeated(case.commands, news):
            return Happened([], case)
        facts = funding.take_bond_news(case, news)
        return happen(case, facts, Moment(rules, now), news) if facts else Happened([], case)

    return _in_time(case, rules, rules, now, decided)


def take_escalation(case: Case, command: c.Escalate, rules: Rules, now: datetime) -> Happened:
    """Take an escalation that came by signal, from a superior office or from the system on behalf of a hotline.

    A signal cannot be answered, so this never refuses. There are no events if the escalation was taken before, is not allowed, or
    would not raise the case.
    """

    def decided(case: Case, rules: Rules) -> Happened:
        if command.by.role is not Role.SYSTEM:
            return _decide(case, command, rules, now)
        if case.ended is not None or is_repeated(case.commands, command):
            return Happened([], case)
        moment = Moment(rules, now)
        return happen(case, _facts(case, pressure.escalate, command, moment), moment, command)

    try:
        return _in_time(case, rules, rules, now, decided)
    except Refusal:
        return Happened([], case)


def take_calendar(case: Case, command: c.Redate, rules: Rules, other: Rules, now: datetime) -> Happened:
    """Count days by the calendar of a notice, which `other` contains. No events if the case does so already, or is over."""
    if case.is_over or case.calendar == command.notice or is_repeated(case.commands, command):
        return Happened([], case)

    def decided(case: Case, rules: Rules) -> Happened:
        moment = Moment(rules, now)
        return happen(case, policy.redate(case, command, moment), moment, command)

    return _in_time(case, rules, other, now, decided)
