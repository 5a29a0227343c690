"""分期支付: payments in all forms. A payment counts when the creditor confirms it or the office attests it.

A bill counts at maturity, and property when it is transferred. Until then nobody is pressed for an amount that was paid and not
denied. 条例 (2025) Art 11: payment by bill is possible only if it was agreed.
"""

from datetime import date
from typing import Any, Final

from domain import commands as c
from domain import facts as e
from domain.case.account import cut_plan, less_of_sources, needed_again
from domain.case.casefile import Case
from domain.case.change import LIVES_AGAIN, Change, change
from domain.case.checks import Facts, Moment, attempted, awaited, not_both_sides, not_in_future
from domain.case.contents import Counted, Payment, Plan
from domain.case.handling.funding import back_to_sources
from domain.case.handling.interest import pays_interest
from domain.case.maturity import counts_on, names_its_day
from domain.duty import DutyKind
from domain.events import Event
from domain.money import format_money
from domain.refusal import Code, Refusal
from domain.value import Stage

_SETTLED: Final[dict[str, Any]] = {"silent_on": None, "answered_on": None}
"""The changes of a payment on which the creditor has decided."""


def report_payment(case: Case, command: c.ReportPayment, moment: Moment) -> Facts:
    """Report a payment out of available funds, or with `direct` from the debtor's own account. Interest needs no funding."""
    if case.payment(command.voucher) is not None:
        raise Refusal(
            Code.VOUCHER_REUSED,
            f"凭证号 {command.voucher} 已使用",
            f"voucher {command.voucher} has been used already",
            "voucher",
        )
    not_in_future(command.paid_on, moment, "paid_on")
    if command.paid_on < case.receipt.received_on:
        raise Refusal(
            Code.DATE_BEFORE_CASE,
            f"付款日 {command.paid_on} 早于本案登记日",
            f"{command.paid_on} is before the case was received, {case.receipt.received_on}",
            "paid_on",
        )
    names_its_day(command)
    pays_interest(case, command)
    reported = e.PaymentReported(
        voucher=command.voucher,
        amount_fen=command.amount,
        interest_fen=command.interest,
        paid_on=command.paid_on,
        form=command.form,
        matures_on=command.matures_on,
        direct=command.direct,
    )
    if command.direct:
        return _directly(case, reported)
    if reported.principal_fen > case.available_fen:
        raise Refusal(
            Code.FUNDS_NOT_AVAILABLE,
            f"可用资金只有 {format_money(case.available_fen)}",
            f"only {format_money(case.available_fen)} is available",
            "amount",
        )
    return [reported]


def _directly(case: Case, reported: e.PaymentReported) -> Facts:
    """The facts of a direct payment, which may not exceed what is owed. It reduces the plan's last sources, and surplus money goes
    back.
    """
    if not case.recognition_stands:
        return [reported]
    open_fen = case.undisputed_fen - case.committed_fen
    if reported.principal_fen > open_fen:
        raise Refusal(
            Code.EXCEEDS_OWED,
            f"尚待支付的只有 {format_money(open_fen)}",
            f"only {format_money(open_fen)} is still to be paid",
            "amount",
        )
    if case.plan is None or reported.principal_fen == 0:
        return [reported]
    less = less_of_sources(case, case.plan, reported.principal_fen)
    return [
        *less.returned,
        reported.model_copy(update={"sources": less.sources}),
        *less.requested(case),
    ]


def confirm_receipt(case: Case, command: c.ConfirmReceipt, moment: Moment) -> Facts:
    """Confirm a payment, in full or in part, interest first. A disputed one can be confirmed too, when the money turns up."""
    payment = awaited(case, command.voucher, "reported", "disputed", "maturing")
    not_both_sides(command, payment.entered_by)
    open_fen, interest_fen = payment.awaited_fen, payment.interest_in_transit_fen
    amount_fen = command.amount or open_fen
    if amount_fen > open_fen:
        raise Refusal(
            Code.EXCEEDS_OWED,
            f"该笔付款待确认的只有 {format_money(open_fen)}",
            f"only {format_money(open_fen)} of it is to be confirmed",
            "amount",
        )
    if command.transferred_on is not None:
        not_in_future(command.transferred_on, moment, "transferred_on")
    later = counts_on(payment, command.transferred_on, moment.today)
    if later is not None:
        if payment.state == "maturing" or amount_fen < open_fen:
            raise Refusal(
                Code.ALREADY_LAPSED if payment.state == "maturing" else Code.MALFORMED,
                f"该笔付款 {later} 方可计入",
                f"it counts on {later} at the earliest, and as a whole",
                "amount" if amount_fen < open_fen else "voucher",
            )
        return [e.ReceiptConfirmed(**_open(payment), matures_on=later)]
    confirmed = e.ReceiptConfirmed(
        voucher=payment.voucher,
        amount_fen=amount_fen,
        interest_fen=min(amount_fen, interest_fen),
        transferred_on=command.transferred_on,
    )
    if amount_fen == open_fen:
        return [confirmed]
    rest = e.ReceiptDisputed(
        voucher=payment.voucher,
        amount_fen=open_fen - amount_fen,
        interest_fen=interest_fen - confirmed.interest_fen,
        reason="只到账一部分",
    )
    return [confirmed, rest]


def _open(payment: Payment) -> dict[str, Any]:
    """The amounts of a payment that await the creditor's confirmation, as fields of a fact."""
    return {
        "voucher": payment.voucher,
        "amount_fen": payment.awaited_fen,
        "interest_fen": payment.interest_in_transit_fen,
    }


def dispute_receipt(case: Case, command: c.DisputeReceipt, moment: Moment) -> Facts:
    """Deny a receipt. One that the office attested may be denied once, and not if the debtor had answered before the attestation."""
    payment = awaited(case, command.voucher, "reported", "attested")
    was_cleared = payment.state == "attested"
    if was_cleared and payment.answered_on is not None:
        raise Refusal(
            Code.UNKNOWN_VOUCHER,
            "该笔付款已经答复和核实,不再受理异议",
            "it was answered and attested: it is not disputed again",
            "voucher",
        )
    if was_cleared:
        return [denied(payment, command.reason)]
    return [e.ReceiptDisputed(**_open(payment), reason=command.reason)]


def denied(payment: Payment, reason: str) -> e.ReceiptDisputed:
    """The denial of a payment that had counted: its money is in transit again."""
    return e.ReceiptDisputed(
        voucher=payment.voucher,
        amount_fen=payment.accepted_fen,
        interest_fen=payment.interest_paid_fen,
        reason=reason,
        was_cleared=True,
    )


def answer(case: Case, command: c.Answer, moment: Moment) -> Facts:
    """Record that the debtor stands by a disputed payment. The office then has to examine the bank's papers."""
    payment = awaited(case, command.voucher, "disputed")
    if payment.answered_on is not None:
        raise Refusal(Code.UNKNOWN_VOUCHER, "该笔付款已经答复", "it has been answered already", "voucher")
    return [e.Answered(voucher=payment.voucher, note=command.note)]


def attest_receipt(case: Case, command: c.AttestReceipt, moment: Moment) -> Facts:
    """Attest a receipt in the creditor's place, or find that nothing arrived. A silent creditor has to be contacted on two days."""
    payment = awaited(case, command.voucher, "reported", "disputed")
    if payment.silent_on is None and payment.answered_on is None and case.ended is None:
        raise Refusal(
            Code.UNKNOWN_VOUCHER,
            "债权人确认期限未过,也没有债务人的答复",
            "the creditor still has time, and the debtor has not answered",
            "voucher",
        )
    if payment.answered_on is None:
        attempted(case, command.attempts, payment.since, moment)
    if not command.arrived:
        return _bounced(case, payment, command.reference)
    later = counts_on(payment, payment.transferred_on, moment.today)
    return [
        e.ReceiptAttested(
            **_open(payment),
            reference=command.reference,
            attempts=command.attempts,
            matures_on=later,
        )
    ]


def bounce(case: Case, command: c.Bounce, moment: Moment) -> Facts:
    """The bank returned the payment (退票), or a bill is not honoured. The voucher cannot be used again."""
    payment = awaited(case, command.voucher, "reported", "disputed", "maturing")
    return _bounced(case, payment, command.reason)


def _bounced(case: Case, payment: Payment, reason: str) -> Facts:
    """The facts of a failed payment. Its money becomes available again, or in an ended case returns to its source."""
    bounced = e.PaymentBounced(**_open(payment), reason=reason, direct=payment.direct)
    facts = needed_again(case, payment, bounced, payment.confirmed_fen)
    if case.ended is None:
        return facts
    after = case.model_copy(update=_turned(case, payment.voucher, state="bounced"))
    return [*facts, *back_to_sources(after)]


def reverse(case: Case, command: c.Reverse, moment: Moment) -> Facts:
    """冲回: money that counted was returned, or a matured bill was dishonoured. A closed case is open again."""
    payment = awaited(case, command.voucher, "confirmed", "attested", "maturing")
    undone = e.PaymentReversed(
        voucher=payment.voucher,
        amount_fen=payment.amount_fen,
        interest_fen=payment.interest_fen,
        cleared_fen=payment.confirmed_fen,
        interest_paid_fen=payment.interest_paid_fen,
        why=command.why,
        reference=command.reference,
        direct=payment.direct,
    )
    return needed_again(case, payment, undone, 0)


@change.register
def _(fact: e.PaymentReported, case: Case, event: Event) -> Change:
    payment = Payment(
        state="reported",
        since=event.on,
        entered_by=event.entered_by,
        **{
            name: getattr(fact, name)
            for name in ("voucher", "amount_fen", "interest_fen", "paid_on", "form", "matures_on", "direct")
        },
    )
    return {
        "payments": (*case.payments, payment),
        "available_fen": case.available_fen - (0 if fact.direct else fact.principal_fen),
        "in_transit_fen": case.in_transit_fen + fact.principal_fen,
        **cut_plan(case, fact.sources),
    }


@change.register
def _(fact: e.ReceiptConfirmed, case: Case, event: Event) -> Change:
    transferred = {"transferred_on": fact.transferred_on} if fact.transferred_on else {}
    return _taken(case, fact, event.on, "confirmed", **transferred, **_SETTLED)


@change.register
def _(fact: e.ReceiptAttested, case: Case, event: Event) -> Change:
    return _taken(case, fact, event.on, "attested")


def _taken(
    case: Case, fact: e.ReceiptConfirmed | e.ReceiptAttested, on: date, state: str, **changed: object
) -> Change:
    """The changes when a payment is accepted: it counts at once, or at maturity."""
    if fact.matures_on is not None:
        return _turned(case, fact.voucher, state="maturing", since=on, matures_on=fact.matures_on, **changed)
    return _counted(case, fact, on, state=state, **changed)


@change.register
def _(fact: e.PaymentHonoured, case: Case, event: Event) -> Change:
    payment = case.payment(fact.voucher)
    is_attested = payment is not None and (payment.silent_on or payment.answered_on) is not None
    return _counted(case, fact, event.on, state="attested" if is_attested else "confirmed")


@change.register
def _(fact: e.ReceiptDisputed, case: Case, event: Event) -> Change:
    undone_fen = fact.principal_fen if fact.was_cleared else 0
    changed: dict[str, Any] = {"state": "disputed", "since": event.on, **_SETTLED}
    if fact.was_cleared:
        changed |= {"counted": (), "interest_paid_fen": 0}
    return {
        **_turned(case, fact.voucher, **changed),
        "in_transit_fen": case.in_transit_fen + undone_fen,
        "cleared_fen": case.cleared_fen - undone_fen,
    }


@change.register
def _(fact: e.Answered, case: Case, event: Event) -> Change:
    return _turned(case, fact.voucher, answered_on=event.on)


@change.register
def _(fact: e.PaymentBounced, case: Case, event: Event) -> Change:
    return {
        **_turned(case, fact.voucher, state="bounced", since=event.on),
        "in_transit_fen": case.in_transit_fen - fact.principal_fen,
        "available_fen": case.available_fen + (0 if fact.direct else fact.principal_fen),
        **_not_counted_before(case, fact),
    }


def _not_counted_before(case: Case, fact: e.PaymentBounced | e.PaymentReversed) -> Change:
    """The plan's changes when a payment no longer counts that had counted before the plan was made."""
    changed = cut_plan(case, fact.sources)
    plan: Plan | None = changed.get("plan", case.plan)
    payment = case.payment(fact.voucher)
    if plan is None or payment is None or fact.voucher not in plan.counted_before:
        return changed
    counted_fen = plan.counted_before[fact.voucher]
    left_fen = min(payment.confirmed_fen, counted_fen) if isinstance(fact, e.PaymentBounced) else 0
    less = {
        "cleared_before_fen": plan.cleared_before_fen - counted_fen + left_fen,
        "counted_before": {**plan.counted_before, fact.voucher: left_fen},
    }
    return {"plan": plan.model_copy(update=less)}


@change.register
def _(fact: e.PaymentReversed, case: Case, event: Event) -> Change:
    transit_fen = fact.principal_fen - fact.cleared_fen
    changed: Change = {
        **_turned(case, fact.voucher, state="reversed", since=event.on, counted=(), interest_paid_fen=0),
        "in_transit_fen": case.in_transit_fen - transit_fen,
        "cleared_fen": case.cleared_fen - fact.cleared_fen,
        "available_fen": case.available_fen + (0 if fact.direct else fact.principal_fen),
        **_not_counted_before(case, fact),
    }
    if case.ended is Stage.CLOSED:
        changed |= LIVES_AGAIN
    return changed


def _counted(case: Case, fact: e.OfPayment, on: date, **changed: object) -> Change:
    """The changes when an amount of a payment counts from a day on."""
    payment, fen = case.payment(fact.voucher), fact.principal_fen
    counted = payment.counted if payment else ()
    paid_fen = payment.interest_paid_fen if payment else 0
    is_attested = changed.get("state") == "attested"
    return {
        **_turned(
            case,
            fact.voucher,
            since=on,
            counted=(*counted, Counted(on, fen, is_attested)) if fen else counted,
            interest_paid_fen=paid_fen + fact.interest_fen,
            **changed,
        ),
        "in_transit_fen": case.in_transit_fen - fen,
        "cleared_fen": case.cleared_fen + fen,
    }


def _turned(case: Case, voucher: str, **changed: object) -> Change:
    return {
        "payments": tuple(
            payment.model_copy(update=changed) if payment.voucher == voucher else payment
            for payment in case.payments
        )
    }


def property_due(case: Case, voucher: str, on: date) -> Change:
    """Ask the creditor again about property whose day of handover has come."""
    return _turned(case, voucher, state="reported", since=on)


def fallen_silent(fact: e.DeadlineLapsed, case: Case, on: date) -> Change:
    """Note that the creditor's time to confirm has lapsed, so that the office may attest the payment."""
    if fact.duty is not DutyKind.CONFIRMATION or fact.subject is None:
        return {}
    return _turned(case, fact.subject, silent_on=on)
