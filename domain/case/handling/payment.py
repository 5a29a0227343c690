"""分期支付: payments, which count when the creditor confirms them."""

from datetime import date

from domain import commands as c
from domain import facts as e
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment, awaited, not_both_sides, not_in_future
from domain.case.contents import Payment, PaymentState
from domain.events import Event
from domain.money import format_money
from domain.refusal import Code, Refusal


def report_payment(case: Case, command: c.ReportPayment, moment: Moment) -> Facts:
    """The debtor has paid. It counts when the creditor confirms it."""
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
    if command.amount > case.available_fen:
        raise Refusal(
            Code.FUNDS_NOT_AVAILABLE,
            f"可用资金只有 {format_money(case.available_fen)}",
            f"only {format_money(case.available_fen)} is available",
            "amount",
        )
    return [e.PaymentReported(voucher=command.voucher, amount_fen=command.amount, paid_on=command.paid_on)]


def confirm_receipt(case: Case, command: c.ConfirmReceipt, moment: Moment) -> Facts:
    """The money is there. A disputed receipt can be confirmed when it turns up."""
    payment = awaited(case, command.voucher, "reported", "disputed")
    not_both_sides(command, payment.entered_by)
    return [e.ReceiptConfirmed(voucher=payment.voucher, amount_fen=payment.amount_fen)]


def dispute_receipt(case: Case, command: c.DisputeReceipt, moment: Moment) -> Facts:
    payment = awaited(case, command.voucher, "reported")
    return [e.ReceiptDisputed(voucher=payment.voucher, amount_fen=payment.amount_fen, reason=command.reason)]


def bounce(case: Case, command: c.Bounce, moment: Moment) -> Facts:
    """The bank returned the payment (退票): the money is available again, the voucher is not."""
    payment = awaited(case, command.voucher, "reported", "disputed")
    return [e.PaymentBounced(voucher=payment.voucher, amount_fen=payment.amount_fen, reason=command.reason)]


@change.register
def _(fact: e.PaymentReported, case: Case, event: Event) -> Change:
    payment = Payment(
        voucher=fact.voucher,
        amount_fen=fact.amount_fen,
        paid_on=fact.paid_on,
        state="reported",
        since=event.on,
        entered_by=event.entered_by,
    )
    return {
        "payments": (*case.payments, payment),
        "available_fen": case.available_fen - fact.amount_fen,
        "in_transit_fen": case.in_transit_fen + fact.amount_fen,
    }


@change.register
def _(fact: e.ReceiptConfirmed, case: Case, event: Event) -> Change:
    return {
        "payments": _turned(case, fact.voucher, "confirmed", event.on),
        "in_transit_fen": case.in_transit_fen - fact.amount_fen,
        "cleared_fen": case.cleared_fen + fact.amount_fen,
    }


@change.register
def _(fact: e.ReceiptDisputed, case: Case, event: Event) -> Change:
    undone_fen = fact.amount_fen if fact.was_cleared else 0
    return {
        "payments": _turned(case, fact.voucher, "disputed", event.on),
        "in_transit_fen": case.in_transit_fen + undone_fen,
        "cleared_fen": case.cleared_fen - undone_fen,
    }


@change.register
def _(fact: e.PaymentBounced, case: Case, event: Event) -> Change:
    return {
        "payments": _turned(case, fact.voucher, "bounced", event.on),
        "in_transit_fen": case.in_transit_fen - fact.amount_fen,
        "available_fen": case.available_fen + fact.amount_fen,
    }


def _turned(case: Case, voucher: str, state: PaymentState, on: date) -> tuple[Payment, ...]:
    return tuple(
        payment.model_copy(update={"state": state, "since": on}) if payment.voucher == voucher else payment
        for payment in case.payments
    )
