"""撤回: a creditor no longer wants to be paid through the office.

条例 (2025) Art 20: nobody may be threatened for having complained. So the office calls and asks whether it is voluntary; until then
the creditor may take it back, and the case goes on. A case that is clear cannot be withdrawn.
"""

from domain import commands as c
from domain import facts as e
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment, wrong_stage
from domain.case.contents import Withdrawal
from domain.events import Event
from domain.refusal import Code, Refusal


def withdraw(case: Case, command: c.Withdraw, moment: Moment) -> Facts:
    if case.withdrawal is not None:
        raise wrong_stage(case, "已申请撤回,等待办公室核实", "a withdrawal has been asked for already")
    return [e.WithdrawalAsked(reason=command.reason)]


def keep(case: Case, command: c.Keep, moment: Moment) -> Facts:
    return [e.WithdrawalKept()]


def confirm_withdrawal(case: Case, command: c.ConfirmWithdrawal, moment: Moment) -> Facts:
    """Confirm the withdrawal, which ends the case; or find that it is not voluntary, and the case goes on. Whoever entered a
    withdrawal that came on paper does not confirm it.
    """
    assert case.withdrawal is not None, "a withdrawal has been asked for"
    if not command.voluntary:
        return [e.WithdrawalKept(note=command.note)]
    entered_by = case.withdrawal.entered_by
    if entered_by is not None and not command.by.is_second_person_to(entered_by):
        raise Refusal(
            Code.FOUR_EYES,
            "撤回申请由您代录,须由另一位经办人核实",
            "whoever entered the withdrawal does not confirm it: another clerk does",
            "by",
        )
    return [e.Withdrawn(reason=case.withdrawal.reason, note=command.note)]


@change.register
def _(fact: e.WithdrawalAsked, case: Case, event: Event) -> Change:
    asked = Withdrawal(asked_on=event.on, reason=fact.reason, entered_by=event.entered_by)
    return {"withdrawal": asked}


@change.register
def _(fact: e.WithdrawalKept, case: Case, event: Event) -> Change:
    return {"withdrawal": None}
