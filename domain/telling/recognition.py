"""核实: what the commands are called and ask, and what is told of what happened."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.money import format_money
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.Recognise: Asking(
        "认定欠款",
        "Recognise the debt",
        {
            "settled": Label("结算金额", "Settled"),
            "paid": Label("已付金额", "Paid before"),
            "undisputed": Label("无分歧欠款", "Undisputed"),
            "disputed": Label("有分歧", "Disputed"),
            "not_yet_due": Label("未到期", "Not yet due"),
            "as_of": Label("截止日", "As of"),
        },
        note=(
            "结算金额减已付金额,须等于无分歧、有分歧、未到期三项之和。",
            "Settled less paid must be what is undisputed, disputed and not yet due together.",
        ),
    ),
    c.Endorse: Asking("确认欠款", "Endorse the debt"),
    c.Object: Asking("对认定有异议", "Object to the recognition"),
    c.Unfounded: Asking("核查不属实", "Found unfounded"),
    c.ResolveDispute: Asking(
        "处理分歧",
        "Settle the disputed part",
        {
            "recognised": Label("认可金额", "Recognised"),
            "rejected": Label("驳回金额", "Rejected"),
            "reference": Label("依据文号", "Reference"),
        },
    ),
}


@sentence.register
def _(fact: e.Recognised) -> Sentence:
    disputed, later = format_money(fact.disputed_fen), format_money(fact.not_yet_due_fen)
    settled, paid = format_money(fact.settled_fen), format_money(fact.paid_fen)
    undisputed = format_money(fact.undisputed_fen)
    return (
        f"认定欠款:结算 {settled},已付 {paid},无分歧 {undisputed}"
        + (f",有分歧 {disputed}" if fact.disputed_fen else "")
        + (f",未到期 {later}" if fact.not_yet_due_fen else ""),
        f"Recognised: settled {settled}, paid {paid}, undisputed {undisputed}"
        + (f", disputed {disputed}" if fact.disputed_fen else "")
        + (f", not yet due {later}" if fact.not_yet_due_fen else ""),
    )


@sentence.register
def _(fact: e.Objected) -> Sentence:
    return (
        f"债权人对认定有异议:{fact.reason}",
        f"The enterprise objects to the recognition: {fact.reason}",
    )


@sentence.register
def _(fact: e.FoundUnfounded) -> Sentence:
    return (
        f"核查不属实:{fact.reason}",
        f"Found to be unfounded: {fact.reason}",
    )


@sentence.register
def _(fact: e.DisputeResolved) -> Sentence:
    return (
        (
            f"分歧处理:认可 {format_money(fact.recognised_fen)},"
            f"驳回 {format_money(fact.rejected_fen)}({fact.reference})"
        ),
        (
            f"The disputed part is settled: recognised {format_money(fact.recognised_fen)}, "
            f"rejected {format_money(fact.rejected_fen)} ({fact.reference})"
        ),
    )
