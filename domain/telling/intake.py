"""受理: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.money import format_money
from domain.telling import english, words
from domain.telling.amounts import amount
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.Accept: Asking(
        "受理",
        "Accept",
        {"mode": Label("分级办理", "Press it from the beginning")},
    ),
    c.Refuse: Asking("不予受理", "Refuse", {"ground": Label("不予受理的理由", "Ground")}),
    c.RequestCorrection: Asking(
        "要求补正",
        "Ask for a correction",
        {"items": Label("需补正的材料", "What is missing"), "items.": Label("材料", "Item")},
    ),
    c.SupplyCorrection: Asking(
        "补正材料", "Supply the correction", {"note": Label("补正说明", "What was supplied")}
    ),
}


@sentence.register
def _(fact: e.Received) -> Sentence:
    claimed_zh, claimed_en = amount(fact.receipt.claimed)
    return (
        f"登记:{fact.receipt.title},反映金额 {claimed_zh}",
        f"Registered: {fact.receipt.title}, claimed {claimed_en}",
    )


@sentence.register
def _(fact: e.TakenIn) -> Sentence:
    cleared_zh = f",已清偿 {format_money(fact.cleared_fen)}" if fact.cleared_fen else ""
    cleared_en = f", {format_money(fact.cleared_fen)} cleared" if fact.cleared_fen else ""
    return (
        f"接入:自{fact.source},截至 {fact.as_of},{words.STAGES[fact.stage]}阶段{cleared_zh}",
        f"Brought in from {fact.source} as of {fact.as_of}: {english.STAGES[fact.stage]}{cleared_en}",
    )


@sentence.register
def _(fact: e.LateOnEntry) -> Sentence:
    subject = f" {fact.subject}" if fact.subject else ""
    return (
        f"登记时已逾期:{words.DUTIES[fact.duty]}{subject},应于 {fact.due_on} 前",
        f"Late already when it was entered: {english.DUTIES[fact.duty]}{subject}, was due by {fact.due_on}",
    )


@sentence.register
def _(fact: e.Accepted) -> Sentence:
    if fact.mode is None:
        return "正式受理", "Accepted"
    return (
        f"正式受理,列入{words.MODES[fact.mode]}",
        f"Accepted, {english.MODES[fact.mode]} from the beginning",
    )


@sentence.register
def _(fact: e.Refused) -> Sentence:
    return (
        f"不予受理:{fact.ground}",
        f"Refused: {fact.ground}",
    )


@sentence.register
def _(fact: e.CorrectionRequested) -> Sentence:
    return (
        f"要求补正:{'、'.join(fact.items)}",
        f"A correction is asked for: {', '.join(fact.items)}",
    )


@sentence.register
def _(fact: e.CorrectionSupplied) -> Sentence:
    return (
        f"已补正:{fact.note}",
        f"The correction is supplied: {fact.note}",
    )
