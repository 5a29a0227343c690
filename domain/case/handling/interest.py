"""利息: the office fixes interest by a rule that it names, and two persons are needed. It is never assumed, and never part of the
principal.

条例 (2025) Art 17: an agreed rate is not below the one-year LPR of the day on which the contract was signed; where nothing was agreed,
0.05 % a day. 民法典 Art 561: interest comes before principal, so each payment says how much of it is interest.
"""

from domain import commands as c
from domain import facts as e
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment, not_in_future
from domain.case.interest import Interest
from domain.command_base import CommandBase
from domain.events import Event
from domain.interest import STATUTORY, InterestRule, is_governed
from domain.money import format_money
from domain.rate import per_day
from domain.refusal import Code, Refusal


def fix_interest(case: Case, command: c.FixInterest, moment: Moment) -> Facts:
    """Fix the rule of interest, or that none is owed. Not possible once the creditor has waived all of it."""
    not_in_future(command.since, moment, "from")
    signed_on = case.receipt.signed_on
    if signed_on is not None and command.since < signed_on:
        raise Refusal(
            Code.DATE_BEFORE_CASE,
            f"起息日 {command.since} 早于合同签订日",
            f"{command.since} is before the contract was signed, {signed_on}",
            "from",
        )
    rate = _rate(command)
    contract = case.receipt.contract
    agreed = contract.agreed_rate if contract else None
    _is_eligible(command, is_governed(case.governed, signed_on), agreed)
    if case.interest is not None and case.interest.is_waived and command.rule is not InterestRule.NONE:
        raise Refusal(Code.NOT_ELIGIBLE, "债权人已放弃利息", "the creditor has waived all interest", "rule")
    fixed = e.InterestFixed(
        rule=command.rule,
        rate=rate,
        amount_fen=command.amount,
        lpr=command.lpr,
        since=command.since,
        reason=command.reason,
    )
    return [fixed]


def _rate(command: c.FixInterest) -> str | None:
    """The rate at which interest accrues; None for an agreed sum, or if none is owed."""
    is_sum = command.amount is not None
    if command.rule is InterestRule.AGREED:
        rate, fits = command.rate, is_sum is not (command.rate is not None)
    elif command.rule is InterestRule.STATUTORY:
        rate = STATUTORY
        fits = not is_sum and (command.rate is None or per_day(command.rate) == per_day(STATUTORY))
    elif command.rule is InterestRule.LPR:
        rate = command.rate or command.lpr
        fits = not is_sum and rate is not None and command.lpr in (None, rate)
    else:
        rate, fits = None, not is_sum and command.rate is None
    if not fits:
        raise Refusal(
            Code.MALFORMED,
            "约定利息须填利率或者金额之一;法定利息为每日万分之五;按 LPR 计息须填利率;不计息的均不填",
            "agreed interest has a rate or a sum, statutory 0.05%/d, lpr its rate; none has neither",
            "rate",
        )
    return rate


def _is_eligible(command: c.FixInterest, governed: bool, agreed: str | None) -> None:
    """Refuse statutory interest where the 条例 does not govern, or the contract agreed on a rate; and an agreed rate below its minimum
    where it governs.
    """
    if command.rule is InterestRule.STATUTORY and not governed:
        raise Refusal(
            Code.NOT_ELIGIBLE,
            "本案合同不适用条例的法定利率",
            "the regulation's interest does not govern this contract",
            "rule",
        )
    if command.rule is InterestRule.STATUTORY and agreed is not None:
        raise Refusal(
            Code.NOT_ELIGIBLE,
            f"合同约定了利率 {agreed},不适用法定利率",
            f"the contract agrees on {agreed}: the regulation's interest is for contracts without a rate",
            "rule",
        )
    if command.rule is not InterestRule.AGREED or command.rate is None or not governed:
        return
    if command.lpr is None:
        raise Refusal(
            Code.MALFORMED,
            "须填写合同订立时的一年期贷款市场报价利率",
            "the one-year LPR of the day of signing is needed",
            "lpr",
        )
    if per_day(command.rate) < per_day(command.lpr):
        raise Refusal(
            Code.NOT_ELIGIBLE,
            f"约定利率 {command.rate} 低于合同订立时的一年期贷款市场报价利率 {command.lpr}",
            f"{command.rate} is below {command.lpr}, the one-year LPR of the day of signing",
            "rate",
        )


def waive_interest(case: Case, command: c.WaiveInterest, moment: Moment) -> Facts:
    """Waive an amount of the payable interest, or all of it, now and later. Interest that is in transit is not waived."""
    interest = case.interest_on(moment.today)
    assert interest is not None, "what bears interest has it fixed"
    if command.amount is None:
        return [e.InterestWaived(amount_fen=interest.payable_fen, whole=True)]
    within(command.amount, interest.payable_fen, "amount")
    return [e.InterestWaived(amount_fen=command.amount)]


def pays_interest(case: Case, command: c.ReportPayment) -> None:
    """Refuse a payment whose interest exceeds the payment, or the interest that was open on the day it was paid."""
    if command.interest > command.amount:
        raise Refusal(
            Code.AMOUNTS_DO_NOT_ADD_UP,
            "利息不得超过付款金额",
            "no more of a payment is interest than it is",
            "interest",
        )
    if command.interest:
        interest = case.interest_on(command.matures_on or command.paid_on)
        within(command.interest, interest.payable_fen if interest else 0, "interest")


def within(fen: int, payable_fen: int, field: str) -> None:
    """Refuse more interest than is payable."""
    if fen > payable_fen:
        raise Refusal(
            Code.EXCEEDS_OWED,
            f"核定未付的利息只有 {format_money(payable_fen)}",
            f"only {format_money(payable_fen)} of interest is fixed and open",
            field,
        )


def is_on_paper(command: CommandBase, case: Case, moment: Moment) -> bool:
    """Whether a clerk enters a creditor's waiver, which takes two persons."""
    return command.entered_by is not None


def is_waived_on_paper(command: c.Endorse, case: Case, moment: Moment) -> bool:
    """Whether a clerk enters an endorsement that also waives all interest, which takes two persons."""
    return command.interest_waived and is_on_paper(command, case, moment)


@change.register
def _(fact: e.InterestFixed, case: Case, event: Event) -> Change:
    """A waiver survives when interest is fixed again."""
    fixed = fact.model_dump(include={"rule", "rate", "amount_fen", "since", "reason"}, by_alias=False)
    kept = case.interest.model_dump(include={"waived_fen", "is_waived"}) if case.interest else {}
    return {"interest": Interest(on=event.on, **fixed, **kept)}


@change.register
def _(fact: e.InterestWaived, case: Case, event: Event) -> Change:
    if fact.whole or case.interest is None:
        return all_waived(case, event)
    waived_fen = case.interest.waived_fen + fact.amount_fen
    return {"interest": case.interest.model_copy(update={"waived_fen": waived_fen})}


def all_waived(case: Case, event: Event) -> Change:
    """Mark all interest as waived, whether or not it has been fixed."""
    fixed = case.interest or Interest(on=event.on, rule=InterestRule.NONE, since=event.on)
    return {"interest": fixed.model_copy(update={"is_waived": True})}
