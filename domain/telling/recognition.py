"""核实: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.money import format_money
from domain.telling import english, words
from domain.telling.asking import ATTEMPTS, Asking, Label, Words
from domain.telling.sentence import LATER, sentence
from domain.telling.words import Sentence

_AMOUNTS: Final = {
    "settled": Label("结算金额", "Settled"),
    "paid": Label("已付金额", "Paid before", hint=("本案之外已付的", "outside this case")),
    "undisputed": Label("无分歧欠款", "Undisputed"),
    "disputed": Label("有分歧", "Disputed"),
    "not_yet_due": Label("未到期", "Not yet due"),
    "judicial": Label("司法程序中", "In court"),
    "as_of": Label("截止日", "As of"),
    "dues": Label("未到期部分的到期日", "When parts fall due"),
    "dues.due_on": Label("到期日", "Due on"),
    "dues.what": Label("款项", "What it is"),
}
_ADD_UP: Final = (
    "结算金额减已付金额,须等于无分歧、有分歧、未到期、司法程序中四项之和。",
    "Settled less paid must be what is undisputed, disputed, not yet due and in court together.",
)

ASKING: Final[Words] = {
    c.Recognise: Asking("认定欠款", "Recognise the debt", _AMOUNTS, note=_ADD_UP),
    c.Endorse: Asking(
        "确认欠款",
        "Endorse the debt",
        {"interest_waived": Label("放弃逾期利息", "Waive the interest")},
    ),
    c.Object: Asking("对认定有异议", "Object to the recognition"),
    c.Unfounded: Asking("核查不属实", "Found unfounded"),
    c.DeemEndorsed: Asking("视为确认", "Deem it endorsed", ATTEMPTS),
    c.Determine: Asking(
        "认定欠款(办公室)",
        "Determine the debt",
        _AMOUNTS | {"grounds": Label("认定依据", "Grounds")},
        note=_ADD_UP,
    ),
    c.ResolveDispute: Asking(
        "处理分歧",
        "Settle the disputed part",
        {
            "recognised": Label("认可金额", "Recognised"),
            "rejected": Label("驳回金额", "Rejected"),
            "reference": Label("依据文号", "Reference"),
        },
    ),
    c.Adjust: Asking(
        "调整账目",
        "Adjust the account",
        _AMOUNTS
        | {
            "why": Label("调整事由", "Why"),
            "agreed_by_both": Label("双方已书面同意", "Both parties have agreed in writing"),
            "reference": Label("依据文号", "Reference"),
        },
        note=_ADD_UP,
    ),
}


@sentence.register
def _(fact: e.Endorsed) -> Sentence:
    waived = (",放弃逾期利息", ", and waives the interest") if fact.interest_waived else ("", "")
    return (f"债权人确认欠款认定{waived[0]}", f"The enterprise endorses the recognised debt{waived[1]}")


@sentence.register
def _(fact: e.Recognised) -> Sentence:
    zh, en = _said(fact)
    return f"认定欠款:{zh}", f"Recognised: {en}"


def _said(amounts: e.Amounts) -> Sentence:
    """The settled and paid amounts, and the parts that are not zero."""
    parts = [
        ("结算 ", "settled ", amounts.settled_fen),
        ("已付 ", "paid ", amounts.paid_fen),
        ("无分歧 ", "undisputed ", amounts.undisputed_fen),
        ("有分歧 ", "disputed ", amounts.disputed_fen or None),
        ("未到期 ", "not yet due ", amounts.not_yet_due_fen or None),
        ("司法程序中 ", "in court ", amounts.judicial_fen or None),
    ]
    told = [(zh + format_money(fen), en + format_money(fen)) for zh, en, fen in parts if fen is not None]
    told += [
        (
            f"其中 {format_money(due.amount_fen)} {due.due_on} 到期",
            f"of it {format_money(due.amount_fen)} on {due.due_on}",
        )
        for due in amounts.dues
    ]
    return ",".join(zh for zh, _ in told), ", ".join(en for _, en in told)


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


@sentence.register
def _(fact: e.Adjusted) -> Sentence:
    zh, en = _said(fact.now)
    return (
        f"调整账目({words.ADJUSTED[fact.why]},{fact.reference}):{zh}",
        f"The account is adjusted ({english.ADJUSTED[fact.why]}, {fact.reference}): {en}",
    )


@sentence.register
def _(fact: e.FellDue) -> Sentence:
    amount = format_money(fact.amount_fen)
    if fact.voucher is not None:
        return (
            f"以物抵债 {amount} 应于 {fact.due_on} 前交付,待企业再次确认{LATER[fact.late][0]}",
            f"Property for {amount} was due by {fact.due_on}: the enterprise is asked again{LATER[fact.late][1]}",
        )
    return (
        f"{amount} 到期{LATER[fact.late][0]}",
        f"{amount} falls due{LATER[fact.late][1]}",
    )


@sentence.register
def _(fact: e.EndorsementDeemed) -> Sentence:
    return (
        f"债权人逾期未确认,经 {len(fact.attempts)} 次联系,视为确认",
        f"The enterprise kept silent, was asked {len(fact.attempts)} times, and is taken to have endorsed it",
    )


@sentence.register
def _(fact: e.Determined) -> Sentence:
    zh, en = _said(fact)
    return f"承办办公室认定:{zh}({fact.grounds})", f"The office has determined: {en} ({fact.grounds})"
