"""分期支付: what the commands are called and ask, and what is told of what happened."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.money import format_money
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.ReportPayment: Asking(
        "报送付款",
        "Report a payment",
        {"voucher": Label("付款凭证号", "Voucher"), "paid_on": Label("付款日", "Paid on")},
    ),
    c.ConfirmReceipt: Asking("确认到账", "Confirm the receipt"),
    c.DisputeReceipt: Asking("对到账有异议", "Dispute the receipt"),
    c.Bounce: Asking("退票", "The payment bounced"),
}


@sentence.register
def _(fact: e.PaymentReported) -> Sentence:
    return (
        f"支付 {format_money(fact.amount_fen)},凭证 {fact.voucher}",
        f"{format_money(fact.amount_fen)} paid, voucher {fact.voucher}",
    )


@sentence.register
def _(fact: e.ReceiptConfirmed) -> Sentence:
    return (
        f"企业确认到账 {format_money(fact.amount_fen)}",
        f"The enterprise confirms the receipt of {format_money(fact.amount_fen)}",
    )


@sentence.register
def _(fact: e.ReceiptDisputed) -> Sentence:
    return (
        f"企业对到账 {format_money(fact.amount_fen)} 有异议:{fact.reason}",
        f"The enterprise disputes the receipt of {format_money(fact.amount_fen)}: {fact.reason}",
    )


@sentence.register
def _(fact: e.PaymentBounced) -> Sentence:
    return (
        f"退票 {format_money(fact.amount_fen)}:{fact.reason}",
        f"A payment of {format_money(fact.amount_fen)} bounced: {fact.reason}",
    )
