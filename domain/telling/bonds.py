"""Bond batches: the sentences about the facts, in both languages."""

from typing import Final

from domain import facts as e
from domain.bonds.commands import Approve, Arrive, CloseBatch, Decline, Exclude
from domain.money import format_money
from domain.telling import english as en
from domain.telling import words as zh
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    Exclude: Asking(
        "剔除申请",
        "Exclude a request",
        {
            "case_no": Label("案件", "Case"),
            "reason": Label("理由(不得由本批债券承担的支出)", "Why these bonds may not pay for it"),
        },
    ),
    Approve: Asking("批准", "Approve", {"resolution": Label("人大决议文号", "Number of the decision")}),
    Decline: Asking("未获批准", "Decline"),
    Arrive: Asking("资金到位", "Money has arrived", {"reference": Label("资金文号", "Reference")}),
    CloseBatch: Asking("批次办结", "Close the batch"),
}


@sentence.register
def _(fact: e.BatchOpened) -> Sentence:
    return (
        f"{fact.name}({zh.SOURCES[fact.of.source]}):额度 {format_money(fact.quota_fen)},{fact.allocates_on} 截止",
        (
            f"{fact.name} ({en.SOURCES[fact.of.source]}): quota {format_money(fact.quota_fen)}, "
            f"requests until {fact.allocates_on}"
        ),
    )


@sentence.register
def _(fact: e.RequestExcluded) -> Sentence:
    return (
        f"剔除 {fact.case_no}:{fact.reason}",
        f"{fact.case_no} is left out: {fact.reason}",
    )


@sentence.register
def _(fact: e.BatchAllocated) -> Sentence:
    return (
        (
            f"分配:{fact.requests} 件申请共 {format_money(fact.requested_fen)},"
            f"分得 {format_money(fact.allocated_fen)}"
        ),
        (
            f"Allocated: {fact.requests} requests for {format_money(fact.requested_fen)} "
            f"get {format_money(fact.allocated_fen)}"
        ),
    )


@sentence.register
def _(fact: e.BatchApproved) -> Sentence:
    number = fact.resolution
    return (
        f"人大常委会批准({number})" if number else "人大常委会批准",
        f"Approved by the standing committee ({number})" if number else "Approved by the standing committee",
    )


@sentence.register
def _(fact: e.BatchDeclined) -> Sentence:
    return (
        f"未获批准,申请退回:{fact.reason}",
        f"Not approved; the requests go back: {fact.reason}",
    )


@sentence.register
def _(fact: e.BatchArrived) -> Sentence:
    return (
        f"债券资金到位 {format_money(fact.amount_fen)}({fact.reference})",
        f"Bond money arrived: {format_money(fact.amount_fen)} ({fact.reference})",
    )
