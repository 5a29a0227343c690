"""What happens to a case from receipt to its end, in both languages."""

from domain import facts as e
from domain.money import format_money
from domain.telling import english as en
from domain.telling import words as zh
from domain.telling.sentence import sentence
from domain.telling.words import Sentence
from domain.value import Stage


@sentence.register
def _(fact: e.Received) -> Sentence:
    return (
        f"登记:{fact.receipt.title},反映金额 {format_money(fact.receipt.claimed)}",
        f"Registered: {fact.receipt.title}, claimed {format_money(fact.receipt.claimed)}",
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


@sentence.register
def _(fact: e.Forwarded) -> Sentence:
    return (
        "转交债务人" if fact.to == "debtor" else f"转办至 {fact.to}",
        "Handed to the debtor" if fact.to == "debtor" else f"Handed over to {fact.to}",
    )


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
def _(fact: e.Planned) -> Sentence:
    sources = [(source.kind, format_money(source.planned_fen)) for source in fact.sources]
    return (
        f"清偿计划 {f'修订({fact.reason}):' if fact.reason else ''}"
        f"{'、'.join(f'{zh.SOURCES[kind]} {money}' for kind, money in sources)};分 {len(fact.instalments)} 期",
        f"Plan{f' revised ({fact.reason})' if fact.reason else ''}: "
        f"{', '.join(f'{en.SOURCES[kind]} {money}' for kind, money in sources)}; {len(fact.instalments)} instalments",
    )


@sentence.register
def _(fact: e.BondRequested) -> Sentence:
    return (
        f"申请纳入债券 {format_money(fact.amount_fen)}",
        f"Bonds are asked for {format_money(fact.amount_fen)}",
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
def _(fact: e.Rated) -> Sentence:
    return (
        f"企业评价:{zh.SATISFIED[fact.satisfied]}" + (f"({fact.note})" if fact.note else ""),
        f"The enterprise says: {en.SATISFIED[fact.satisfied]}" + (f" ({fact.note})" if fact.note else ""),
    )


@sentence.register
def _(fact: e.CalledBack) -> Sentence:
    back_zh = back_en = ""
    if fact.back_to:
        back_zh = f",退回{zh.STAGES[Stage(fact.back_to)]}"
        back_en = f", back to {en.STAGES[fact.back_to].lower()}"
    return (
        f"回访:{zh.SATISFIED[fact.satisfied]}{back_zh}",
        f"Called back: {en.SATISFIED[fact.satisfied]}{back_en}",
    )


@sentence.register
def _(fact: e.Closed) -> Sentence:
    return (
        f"销号:{fact.report}",
        f"Struck off: {fact.report}",
    )


@sentence.register
def _(fact: e.Withdrawn) -> Sentence:
    return (
        f"撤回:{fact.reason}",
        f"Withdrawn: {fact.reason}",
    )


@sentence.register
def _(fact: e.WentJudicial) -> Sentence:
    return (
        f"转司法途径:{fact.court}({fact.reference})",
        f"Gone to court: {fact.court} ({fact.reference})",
    )


@sentence.register
def _(fact: e.Reopened) -> Sentence:
    return (
        f"重新办理,退回{zh.STAGES[Stage(fact.back_to)]}:{fact.reason}",
        f"Reopened, back to {en.STAGES[fact.back_to].lower()}: {fact.reason}",
    )
