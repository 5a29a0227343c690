"""The table of commands, `ORDERS`: who may give each, when, and which handler decides it. A handler checks what is special to it."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from domain import commands as c
from domain.actors import OFFICE_ROLES, Actor, Role
from domain.case.casefile import Case
from domain.case.checks import Facts, Moment
from domain.case.handling import (
    approval,
    correction,
    courts,
    delay,
    desk,
    evidence,
    funding,
    handover,
    intake,
    interest,
    interview,
    merging,
    parties,
    payment,
    planning,
    policy,
    pressure,
    recognition,
    review,
    withdrawal,
)
from domain.command_base import CommandBase, name_of
from domain.interest import InterestRule
from domain.rules import Rules, overseer, superiors
from domain.value import InCourt, Stage

Who = Callable[[Actor, Case, Rules], bool]
When = Callable[[Case], bool]
Two = Callable[[Any, Case, Moment], bool]
Handler = Callable[[Case, Any, Moment], Facts]


def _never(command: CommandBase, case: Case, moment: Moment) -> bool:
    return False


def _always(command: CommandBase, case: Case, moment: Moment) -> bool:
    return True


def _ends_by_staff(command: c.GoJudicial, case: Case, moment: Moment) -> bool:
    """A clerk takes the whole case to court, which ends it, or enters that the creditor does. A creditor may do so alone, because the
    claim is its own.
    """
    return command.part is InCourt.ALL and (
        command.by.role in OFFICE_ROLES or interest.is_on_paper(command, case, moment)
    )


class Order(NamedTuple):
    """A row of the table.

    Attributes:
        who: Whether an actor may give the command.
        when: Whether the state of the case allows it.
        handle: Returns the facts that it causes, or raises `Refusal`.
        while_suspended: Whether it is possible in a suspended case.
        after_end: Whether it is possible in a case that has ended.
        two_persons: Whether it needs a second person's approval. A rule pack may require that of further commands.
    """

    who: Who
    when: When
    handle: Handler
    while_suspended: bool = False
    after_end: bool = False
    two_persons: Two = _never


def _of_holder(role: Role) -> Who:
    return lambda by, case, rules: by.role is role and by.party == case.holder


def _finance(by: Actor, case: Case, rules: Rules) -> bool:
    """Of the holder, or of an office that the case came through and that did not return it."""
    came_through = set(case.route) - set(case.returned_by) | {case.holder}
    return by.role is Role.FINANCE and by.party in came_through


def _superior_head(by: Actor, case: Case, rules: Rules) -> bool:
    """The head of the office above the holder; at the top, where there is none, the holder's own."""
    return by.role is Role.HEAD and by.party == overseer(case.holder, rules.offices)


def _answerer(by: Actor, case: Case, rules: Rules) -> bool:
    """The head of the office above the holder; of an appeal that one lets lapse, any head above."""
    return _superior_head(by, case, rules) or (case.appeal is not None and _head_above(by, case, rules))


def _head_above(by: Actor, case: Case, rules: Rules) -> bool:
    """The head of any office above the holder; at the top, where there is none, the holder's own."""
    return by.role is Role.HEAD and by.party in (superiors(case.holder, rules.offices) or (case.holder,))


def _approver(by: Actor, case: Case, rules: Rules) -> bool:
    """The head of the holder, or of any office above it; of a case that was closed, of those above alone."""
    above = superiors(case.holder, rules.offices)
    own = () if case.ended is Stage.CLOSED and above else (case.holder,)
    return by.role is Role.HEAD and by.party in (*own, *above)


def _submitter(by: Actor, case: Case, rules: Rules) -> bool:
    return any(by in (one.by, one.entered_by) for one in case.waiting)


def _gatekeeper(by: Actor, case: Case, rules: Rules) -> bool:
    """The head for whom a proposed step waits; where none does, the superior's."""
    return by.role is Role.HEAD and by.party in {
        *(gate.office for gate in case.gates),
        overseer(case.holder, rules.offices),
    }


def _debtor(by: Actor, case: Case, rules: Rules) -> bool:
    debtor = case.receipt.debtor
    return by.role is Role.DEBTOR and by.speaks_for(debtor.name, debtor.code)


def _creditor(by: Actor, case: Case, rules: Rules) -> bool:
    creditor = case.receipt.creditor
    return by.role is Role.CREDITOR and by.speaks_for(creditor.name, creditor.code)


def _of_its_offices(by: Actor, case: Case, rules: Rules) -> bool:
    """Anybody of the offices that the case came through."""
    return by.role in OFFICE_ROLES and by.party in case.route


def _either(*whos: Who) -> Who:
    return lambda by, case, rules: any(who(by, case, rules) for who in whos)


def _at(*stages: Stage) -> When:
    return lambda case: case.stage in stages


def _has_unpaid_account(case: Case) -> bool:
    return case.account is not None and not case.is_clear


def _has_account(case: Case) -> bool:
    return case.account is not None


def _in_court(case: Case) -> bool:
    is_part = case.judicial_fen > 0 and case.account is not None and case.ended is not Stage.MERGED
    return is_part or case.ended is Stage.JUDICIAL


def _is_forwarded_and_unpaid(case: Case) -> bool:
    return case.forwarded_on is not None and not case.is_clear


def _has_unconfirmed_payments(case: Case) -> bool:
    return any(one.awaited_fen for one in case.payments) or (
        case.ended is None and bool(case.payments) and not case.is_clear
    )


def _has_deniable_payments(case: Case) -> bool:
    return _has_unconfirmed_payments(case) or any(one.state == "attested" for one in case.payments)


def _bears_interest(case: Case) -> bool:
    """Whether there is interest to waive, now or later."""
    fixed = case.interest
    is_left = fixed is not None and fixed.rule is not InterestRule.NONE and not fixed.is_waived
    return is_left and case.account is not None and not case.is_clear


def _has_reversible_payments(case: Case) -> bool:
    return bool(case.payments) and case.ended in (None, Stage.CLOSED)


def _has_unpaid_plan(case: Case) -> bool:
    return case.plan is not None and not case.is_clear


def _is_forwarded(case: Case) -> bool:
    return case.forwarded_on is not None


def _waits_for_approval(case: Case) -> bool:
    return bool(case.waiting)


def _objectable(case: Case) -> bool:
    return case.stage is Stage.VERIFICATION or (case.account is not None and case.account.by == "deemed")


def _rateable(case: Case) -> bool:
    return case.ended is not None or case.stage is Stage.REVIEW


def _appealable(case: Case) -> bool:
    return case.ended in (Stage.REFUSED, Stage.UNFOUNDED, Stage.WITHDRAWN, Stage.CLOSED)


def _is_appealed(case: Case) -> bool:
    return case.ended is not None and case.appeal is not None


def _is_reopenable(case: Case) -> bool:
    """A merged case is not: it goes on in another one already."""
    return case.ended not in (None, Stage.MERGED)


def _before_payment(case: Case) -> bool:
    """Whether nothing of the debt is paid, and no money for it is available or on its way."""
    return case.provided_fen == 0 and case.stage not in (Stage.PAYMENT, Stage.REVIEW)


def _before_review(case: Case) -> bool:
    return case.stage is not Stage.REVIEW


def _asked_to_withdraw(case: Case) -> bool:
    return case.withdrawal is not None


def _has_papers(case: Case) -> bool:
    return bool(case.papers)


def _has_documents(case: Case) -> bool:
    return bool(case.documents)


def _debtor_owes(case: Case) -> bool:
    return any(duty.owner is Role.DEBTOR for duty in case.duties)


def _has_promises(case: Case) -> bool:
    return any(one.met_on is None for one in case.promises)


def _debtor_was_ordered(case: Case) -> bool:
    return case.debtor_ordered_on is not None


def _any_time(case: Case) -> bool:
    return True


CLERK, _HEAD = _of_holder(Role.CLERK), _of_holder(Role.HEAD)
_head_at_or_above = _either(_HEAD, _head_above)
_anybody_of_it = _either(_of_its_offices, _head_above, _creditor, _debtor)

ORDERS: Final[Mapping[type[CommandBase], Order]] = {
    c.Accept: Order(_either(CLERK, _HEAD), _at(Stage.INTAKE), intake.accept),
    c.Refuse: Order(CLERK, _at(Stage.INTAKE), intake.refuse, two_persons=_always),
    c.RequestCorrection: Order(CLERK, _at(Stage.INTAKE), intake.request_correction),
    c.SupplyCorrection: Order(_creditor, _at(Stage.INTAKE), intake.supply_correction),
    c.Forward: Order(CLERK, _at(Stage.TRANSFER, Stage.VERIFICATION), handover.forward),
    c.ReturnUp: Order(CLERK, _at(Stage.TRANSFER, Stage.VERIFICATION), handover.return_up),
    c.Reassign: Order(_head_above, _before_payment, handover.reassign),
    c.HandOut: Order(CLERK, _before_payment, handover.hand_out, two_persons=_always),
    c.Merge: Order(CLERK, _before_payment, merging.merge, two_persons=_always),
    c.Acknowledge: Order(_debtor, _at(Stage.VERIFICATION), handover.acknowledge),
    c.Recognise: Order(_debtor, _at(Stage.VERIFICATION), recognition.recognise),
    c.Endorse: Order(
        _creditor, _at(Stage.VERIFICATION), recognition.endorse, two_persons=interest.is_waived_on_paper
    ),
    c.Object: Order(_creditor, _objectable, recognition.object_to),
    c.Unfounded: Order(CLERK, _at(Stage.VERIFICATION), recognition.unfounded, two_persons=_always),
    c.DeemEndorsed: Order(CLERK, _at(Stage.VERIFICATION), recognition.deem_endorsed, two_persons=_always),
    c.Determine: Order(CLERK, _is_forwarded, recognition.determine, two_persons=_always),
    c.ResolveDispute: Order(CLERK, _is_forwarded, recognition.resolve_dispute),
    c.Adjust: Order(CLERK, _has_account, recognition.adjust, two_persons=_always),
    c.MakePlan: Order(
        _debtor, _has_unpaid_account, planning.plan, two_persons=planning.is_postponement_again
    ),
    c.Fund: Order(_finance, _has_unpaid_plan, funding.fund),
    c.ReportPayment: Order(_debtor, _is_forwarded_and_unpaid, payment.report_payment),
    c.ConfirmReceipt: Order(_creditor, _has_unconfirmed_payments, payment.confirm_receipt, after_end=True),
    c.DisputeReceipt: Order(_creditor, _has_deniable_payments, payment.dispute_receipt),
    c.Answer: Order(_debtor, _has_unconfirmed_payments, payment.answer),
    c.AttestReceipt: Order(
        CLERK, _has_unconfirmed_payments, payment.attest_receipt, after_end=True, two_persons=_always
    ),
    c.Bounce: Order(_either(_debtor, _finance), _has_unconfirmed_payments, payment.bounce, after_end=True),
    c.Reverse: Order(
        _either(CLERK, _of_holder(Role.FINANCE)),
        _has_reversible_payments,
        payment.reverse,
        after_end=True,
        two_persons=_always,
    ),
    c.FixInterest: Order(CLERK, _has_account, interest.fix_interest, two_persons=_always),
    c.WaiveInterest: Order(
        _creditor, _bears_interest, interest.waive_interest, two_persons=interest.is_on_paper
    ),
    c.Rate: Order(_creditor, _rateable, review.rate, after_end=True),
    c.CallBack: Order(CLERK, _at(Stage.REVIEW), review.call_back),
    c.Close: Order(_HEAD, _at(Stage.REVIEW), review.close),
    c.Withdraw: Order(_creditor, _before_review, withdrawal.withdraw, while_suspended=True),
    c.Keep: Order(_creditor, _asked_to_withdraw, withdrawal.keep, while_suspended=True),
    c.ConfirmWithdrawal: Order(
        CLERK, _asked_to_withdraw, withdrawal.confirm_withdrawal, while_suspended=True
    ),
    c.GoJudicial: Order(
        _either(CLERK, _creditor),
        _any_time,
        courts.go_judicial,
        while_suspended=True,
        two_persons=_ends_by_staff,
    ),
    c.Judgment: Order(CLERK, _in_court, courts.judgment, after_end=True, two_persons=_always),
    c.Appeal: Order(_creditor, _appealable, review.appeal, after_end=True),
    c.Uphold: Order(_answerer, _is_appealed, review.uphold, after_end=True),
    c.Reopen: Order(_answerer, _is_reopenable, review.reopen, after_end=True),
    c.Approve: Order(_approver, _waits_for_approval, approval.approve, while_suspended=True, after_end=True),
    c.ReturnSubmission: Order(
        _either(_approver, _submitter),
        _waits_for_approval,
        approval.return_submission,
        while_suspended=True,
        after_end=True,
    ),
    c.Extend: Order(_HEAD, _any_time, delay.extend),
    c.AskTime: Order(_debtor, _debtor_owes, delay.ask_time),
    c.Suspend: Order(CLERK, _any_time, delay.suspend, two_persons=delay.is_long),
    c.Resume: Order(CLERK, _any_time, delay.resume, while_suspended=True),
    c.Substitute: Order(CLERK, _any_time, parties.substitute, while_suspended=True, two_persons=_always),
    c.Correct: Order(CLERK, _any_time, correction.correct, two_persons=correction.takes_two),
    c.Escalate: Order(_head_above, _any_time, pressure.escalate, while_suspended=True),
    c.ApproveStep: Order(_gatekeeper, _any_time, pressure.approve_step),
    c.DeclineStep: Order(_gatekeeper, _any_time, pressure.decline_step),
    c.Summon: Order(_head_at_or_above, _any_time, interview.summon),
    c.InterviewHeld: Order(_head_at_or_above, _any_time, interview.interview_held),
    c.Fulfil: Order(CLERK, _has_promises, interview.fulfil),
    c.Publicise: Order(CLERK, _debtor_was_ordered, pressure.publicise, two_persons=_always),
    c.CreditRecord: Order(CLERK, _debtor_was_ordered, pressure.credit_record, two_persons=_always),
    c.Relieve: Order(_HEAD, _any_time, pressure.relieve),
    c.Assign: Order(_either(CLERK, _HEAD), _any_time, desk.assign, while_suspended=True),
    c.Remark: Order(_of_its_offices, _any_time, desk.remark, while_suspended=True, after_end=True),
    c.Contact: Order(CLERK, _any_time, desk.contact, while_suspended=True, after_end=True),
    c.Serve: Order(CLERK, _has_documents, desk.serve, after_end=True),
    c.Attach: Order(_anybody_of_it, _any_time, evidence.attach, while_suspended=True, after_end=True),
    c.Detach: Order(_anybody_of_it, _has_papers, evidence.detach, while_suspended=True, after_end=True),
    c.AdoptPolicy: Order(_HEAD, _any_time, policy.adopt_policy),
}
"""The table, in the order of a case's life."""


def takes_two_persons(command: CommandBase, case: Case, moment: Moment) -> bool:
    """Whether a command needs a second person's approval, by this table or by the case's rule pack."""
    is_one_of_those = name_of(type(command)) in moment.rules.two_persons
    return is_one_of_those or ORDERS[type(command)].two_persons(command, case, moment)
