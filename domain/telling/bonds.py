"""What happens to a bond batch, in both languages."""

from domain import facts as e
from domain.money import format_money
from domain.telling.sentence import sentence
from domain.telling.words import Sentence


@sentence.register
def _(fact: e.BatchOpened) -> Sentence:
    return (
        f"{fact.name}:额度 {format_money(fact.quota_fen)},{fact.allocates_on} 截止",
        f"{fact.name}: quota {format_money(fact.quota_fen)}, requests until {fact.allocates_on}",
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
