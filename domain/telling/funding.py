"""资金筹措 and 纳入债券: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.money import format_money
from domain.telling import english as en
from domain.telling import words as zh
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.Fund: Asking(
        "资金到位",
        "Money has arrived",
        {"source": Label("资金来源", "Source"), "reference": Label("资金文号", "Reference")},
    ),
}


@sentence.register
def _(fact: e.BondRequested) -> Sentence:
    return (
        f"申请纳入{zh.SOURCES[fact.source]} {format_money(fact.amount_fen)}",
        f"Asked for ({en.SOURCES[fact.source]}): {format_money(fact.amount_fen)}",
    )


@sentence.register
def _(fact: e.BondIncluded) -> Sentence:
    return (
        f"纳入 {fact.batch_no}:{format_money(fact.amount_fen)}",
        f"Included in {fact.batch_no}: {format_money(fact.amount_fen)}",
    )


@sentence.register
def _(fact: e.BondIneligible) -> Sentence:
    return (
        f"{fact.batch_no} 不能承担本案支出:{fact.reason}",
        f"{fact.batch_no} may not pay for this case: {fact.reason}",
    )


@sentence.register
def _(fact: e.BondFundsArrived) -> Sentence:
    return (
        f"{fact.batch_no} 资金到位 {format_money(fact.amount_fen)}",
        f"Money of {fact.batch_no} arrived: {format_money(fact.amount_fen)}",
    )


@sentence.register
def _(fact: e.FundsArrived) -> Sentence:
    money = format_money(fact.amount_fen)
    return (
        f"{zh.SOURCES[fact.source]}资金到位 {money}({fact.reference})",
        f"Money arrived ({en.SOURCES[fact.source]}): {money} ({fact.reference})",
    )


@sentence.register
def _(fact: e.FundsReturned) -> Sentence:
    money = format_money(fact.amount_fen)
    return (
        f"{zh.SOURCES[fact.source]}资金 {money} 退回{fact.batch_no or '原渠道'}",
        f"{money} ({en.SOURCES[fact.source]}) goes back to {fact.batch_no or 'where it came from'}",
    )
