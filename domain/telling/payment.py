"""分期支付: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.money import format_money
from domain.telling import english, words
from domain.telling.asking import ATTEMPTS, Asking, Label, Words
from domain.telling.sentence import LATER, sentence
from domain.telling.words import Sentence
from domain.value import PaymentForm

ASKING: Final[Words] = {
    c.ReportPayment: Asking(
        "报送付款",
        "Report a payment",
        {
            "voucher": Label("付款凭证号", "Voucher"),
            "paid_on": Label("付款日", "Paid on"),
            "form": Label("清偿方式", "How it was paid"),
            "matures_on": Label(
                "到期日",
                "Matures on",
                hint=("票据必填;以物抵债为交付期限", "of a bill; of property by when it is handed over"),
            ),
            "direct": Label("自有资金直接支付", "Paid from the debtor's own account"),
            "interest": Label(
                "其中利息", "Of which interest", hint=("没有利息不填", "only where some of it is")
            ),
        },
    ),
    c.ConfirmReceipt: Asking(
        "确认到账",
        "Confirm the receipt",
        {
            "amount": Label("实际到账金额", "What arrived", hint=("全额到账不填", "only where it was less")),
            "transferred_on": Label("过户日", "Transferred on", hint=("以物抵债填写", "for property")),
        },
    ),
    c.DisputeReceipt: Asking("对到账有异议", "Dispute the receipt"),
    c.Answer: Asking("答复到账异议", "Answer the dispute", {"note": Label("答复", "Answer")}),
    c.AttestReceipt: Asking(
        "核实到账",
        "Attest the receipt",
        {
            "arrived": Label("款项已到账", "The money arrived"),
            "reference": Label("银行回单号", "Bank receipt"),
            **ATTEMPTS,
        },
    ),
    c.Bounce: Asking("退票", "The payment bounced"),
    c.Reverse: Asking(
        "冲回",
        "Reverse a payment",
        {"why": Label("事由", "Why"), "reference": Label("依据文号", "Reference")},
    ),
}


def _of_which(fact: e.OfPayment) -> Sentence:
    """How much of an amount is interest; empty if none is."""
    if not fact.interest_fen:
        return ("", "")
    interest = format_money(fact.interest_fen)
    return (f"(其中利息 {interest})", f" (of which {interest} interest)")


@sentence.register
def _(fact: e.PaymentReported) -> Sentence:
    form = fact.form is not PaymentForm.CASH
    zh = (f",{words.PAYMENT_FORMS[fact.form]}" if form else "") + (",自有资金直接支付" if fact.direct else "")
    en = (f", by {english.PAYMENT_FORMS[fact.form]}" if form else "") + (
        ", from the debtor's own account" if fact.direct else ""
    )
    due = (f",{fact.matures_on} 到期", f", due {fact.matures_on}") if fact.matures_on else ("", "")
    interest = _of_which(fact)
    return (
        f"支付 {format_money(fact.amount_fen)}{interest[0]},凭证 {fact.voucher}{zh}{due[0]}",
        f"{format_money(fact.amount_fen)}{interest[1]} paid, voucher {fact.voucher}{en}{due[1]}",
    )


@sentence.register
def _(fact: e.ReceiptConfirmed) -> Sentence:
    later = (
        (f",{fact.matures_on} 计入", f", which counts on {fact.matures_on}") if fact.matures_on else ("", "")
    )
    interest = _of_which(fact)
    return (
        f"企业确认到账 {format_money(fact.amount_fen)}{interest[0]}{later[0]}",
        f"The enterprise confirms the receipt of {format_money(fact.amount_fen)}{interest[1]}{later[1]}",
    )


@sentence.register
def _(fact: e.ReceiptDisputed) -> Sentence:
    interest = _of_which(fact)
    return (
        f"企业对到账 {format_money(fact.amount_fen)}{interest[0]} 有异议:{fact.reason}",
        f"The enterprise disputes the receipt of {format_money(fact.amount_fen)}{interest[1]}: {fact.reason}",
    )


@sentence.register
def _(fact: e.Answered) -> Sentence:
    return (
        f"债务人答复到账异议,凭证 {fact.voucher}:{fact.note}",
        f"The debtor answers the dispute, voucher {fact.voucher}: {fact.note}",
    )


@sentence.register
def _(fact: e.ReceiptAttested) -> Sentence:
    later = (
        (f",{fact.matures_on} 计入", f", which counts on {fact.matures_on}") if fact.matures_on else ("", "")
    )
    interest = _of_which(fact)
    amount = format_money(fact.amount_fen)
    return (
        f"经办办公室核实到账 {amount}{interest[0]},回单 {fact.reference}{later[0]}",
        f"The office attests the receipt of {amount}{interest[1]}, bank receipt {fact.reference}{later[1]}",
    )


@sentence.register
def _(fact: e.PaymentHonoured) -> Sentence:
    amount, interest, late = format_money(fact.amount_fen), _of_which(fact), LATER[fact.late]
    return (
        f"票据到期:{amount}{interest[0]} 计入清偿{late[0]}",
        f"A bill has matured: {amount}{interest[1]} counts{late[1]}",
    )


@sentence.register
def _(fact: e.PaymentBounced) -> Sentence:
    interest = _of_which(fact)
    return (
        f"退票 {format_money(fact.amount_fen)}{interest[0]}:{fact.reason}",
        f"A payment of {format_money(fact.amount_fen)}{interest[1]} bounced: {fact.reason}",
    )


@sentence.register
def _(fact: e.PaymentReversed) -> Sentence:
    amount, interest = format_money(fact.amount_fen), _of_which(fact)
    return (
        f"冲回 {amount}{interest[0]},凭证 {fact.voucher}({words.REVERSED[fact.why]},{fact.reference})",
        f"{amount}{interest[1]} is reversed, voucher {fact.voucher} ({english.REVERSED[fact.why]}, {fact.reference})",
    )
