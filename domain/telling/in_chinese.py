"""Events as sentences for people, in Chinese, with the amounts they move."""

from functools import singledispatch
from typing import Any

from domain import facts as e
from domain.actors import SYSTEM
from domain.duty import DutyKind
from domain.events import Event
from domain.money import format_money
from domain.telling.words import DUTIES, MODES, NOTICES, SATISFIED, SOURCES, STAGES, STEPS
from domain.value import Stage


def giver(event: Event) -> str:
    """Whose word it is, and who entered it."""
    by = "系统" if event.by == SYSTEM else str(event.by)
    return f"{by}(由 {event.entered_by} 代录)" if event.entered_by else by


@singledispatch
def narrate(fact: Any) -> str:
    """What happened, in one line."""
    return _PLAIN[fact.kind]


_PLAIN = {
    "accepted": "正式受理",
    "acknowledged": "债务人签收,开始核实",
    "endorsed": "债权人确认欠款认定",
    "batch_approved": "人大常委会批准,通知各案",
    "batch_closed": "批次办结,余额退回",
}


@narrate.register
def _(fact: e.Received) -> str:
    return f"登记:{fact.receipt.title},反映金额 {format_money(fact.receipt.claimed)}"


@narrate.register
def _(fact: e.Refused) -> str:
    return f"不予受理:{fact.ground}"


@narrate.register
def _(fact: e.CorrectionRequested) -> str:
    return f"要求补正:{'、'.join(fact.items)}"


@narrate.register
def _(fact: e.CorrectionSupplied) -> str:
    return f"已补正:{fact.note}"


@narrate.register
def _(fact: e.Forwarded) -> str:
    return "转交债务人" if fact.to == "debtor" else f"转办至 {fact.to}"


@narrate.register
def _(fact: e.Recognised) -> str:
    disputed = f",有分歧 {format_money(fact.disputed_fen)}" if fact.disputed_fen else ""
    later = f",未到期 {format_money(fact.not_yet_due_fen)}" if fact.not_yet_due_fen else ""
    return (
        f"认定欠款:结算 {format_money(fact.settled_fen)},已付 {format_money(fact.paid_fen)},"
        f"无分歧 {format_money(fact.undisputed_fen)}{disputed}{later}"
    )


@narrate.register
def _(fact: e.Objected) -> str:
    return f"债权人对认定有异议:{fact.reason}"


@narrate.register
def _(fact: e.FoundUnfounded) -> str:
    return f"核查不属实:{fact.reason}"


@narrate.register
def _(fact: e.Planned) -> str:
    sources = "、".join(
        f"{SOURCES[source.kind]} {format_money(source.planned_fen)}" for source in fact.sources
    )
    revised = f"修订({fact.reason}):" if fact.reason else ""
    return f"清偿计划 {revised}{sources};分 {len(fact.instalments)} 期"


@narrate.register
def _(fact: e.BondRequested) -> str:
    return f"申请纳入债券 {format_money(fact.amount_fen)}"


@narrate.register
def _(fact: e.BondIncluded) -> str:
    return f"纳入 {fact.batch_no}:{format_money(fact.amount_fen)}"


@narrate.register
def _(fact: e.BondIneligible) -> str:
    return f"{fact.batch_no} 不能承担本案支出:{fact.reason}"


@narrate.register
def _(fact: e.BondFundsArrived) -> str:
    return f"{fact.batch_no} 资金到位 {format_money(fact.amount_fen)}"


@narrate.register
def _(fact: e.FundsArrived) -> str:
    return f"{SOURCES[fact.source]}资金到位 {format_money(fact.amount_fen)}({fact.reference})"


@narrate.register
def _(fact: e.FundsReturned) -> str:
    back_to = fact.batch_no or "原渠道"
    return f"{SOURCES[fact.source]}资金 {format_money(fact.amount_fen)} 退回{back_to}"


@narrate.register
def _(fact: e.PaymentReported) -> str:
    return f"支付 {format_money(fact.amount_fen)},凭证 {fact.voucher}"


@narrate.register
def _(fact: e.ReceiptConfirmed) -> str:
    return f"企业确认到账 {format_money(fact.amount_fen)}"


@narrate.register
def _(fact: e.ReceiptDisputed) -> str:
    return f"企业对到账 {format_money(fact.amount_fen)} 有异议:{fact.reason}"


@narrate.register
def _(fact: e.PaymentBounced) -> str:
    return f"退票 {format_money(fact.amount_fen)}:{fact.reason}"


@narrate.register
def _(fact: e.DisputeResolved) -> str:
    return (
        f"分歧处理:认可 {format_money(fact.recognised_fen)},"
        f"驳回 {format_money(fact.rejected_fen)}({fact.reference})"
    )


@narrate.register
def _(fact: e.Rated) -> str:
    return f"企业评价:{SATISFIED[fact.satisfied]}" + (f"({fact.note})" if fact.note else "")


@narrate.register
def _(fact: e.CalledBack) -> str:
    back = f",退回{STAGES[Stage(fact.back_to)]}" if fact.back_to else ""
    return f"回访:{SATISFIED[fact.satisfied]}{back}"


@narrate.register
def _(fact: e.Closed) -> str:
    return f"销号:{fact.report}"


@narrate.register
def _(fact: e.Withdrawn) -> str:
    return f"撤回:{fact.reason}"


@narrate.register
def _(fact: e.WentJudicial) -> str:
    return f"转司法途径:{fact.court}({fact.reference})"


@narrate.register
def _(fact: e.Reopened) -> str:
    return f"重新办理,退回{STAGES[Stage(fact.back_to)]}:{fact.reason}"


@narrate.register
def _(fact: e.BatchOpened) -> str:
    return f"{fact.name}:额度 {format_money(fact.quota_fen)},{fact.allocates_on} 截止"


@narrate.register
def _(fact: e.RequestExcluded) -> str:
    return f"剔除 {fact.case_no}:{fact.reason}"


@narrate.register
def _(fact: e.BatchAllocated) -> str:
    return (
        f"分配:{fact.requests} 件申请共 {format_money(fact.requested_fen)},"
        f"分得 {format_money(fact.allocated_fen)}"
    )


@narrate.register
def _(fact: e.BatchDeclined) -> str:
    return f"未获批准,申请退回:{fact.reason}"


@narrate.register
def _(fact: e.BatchArrived) -> str:
    return f"债券资金到位 {format_money(fact.amount_fen)}({fact.reference})"


def _which(duty: DutyKind, subject: str | None) -> str:
    if duty is DutyKind.GATE:
        return STEPS.get(subject or "", subject or "") + DUTIES[duty]
    return f"{DUTIES[duty]} {subject or ''}".rstrip()


def _late(fact: e.OfDuty | e.Resumed) -> str:
    return "(补记)" if fact.late else ""


@narrate.register
def _(fact: e.DeadlineNear) -> str:
    return f"临近到期:{_which(fact.duty, fact.subject)},{fact.due_on} 前{_late(fact)}"


@narrate.register
def _(fact: e.DeadlineLapsed) -> str:
    return f"逾期:{_which(fact.duty, fact.subject)},应于 {fact.due_on} 前{_late(fact)}"


@narrate.register
def _(fact: e.Escalated) -> str:
    because = f"{_which(fact.duty, fact.subject)}逾期" if fact.duty else fact.reason or "上级决定"
    holder = f",由 {fact.holder} 直接办理" if fact.holder else ""
    return f"{MODES[fact.mode]}:{because}{holder}{_late(fact)}"


@narrate.register
def _(fact: e.StepProposed) -> str:
    return f"提请{STEPS[fact.step]},待 {fact.office} 负责人审批{_late(fact)}"


@narrate.register
def _(fact: e.StepApproved) -> str:
    return f"批准{STEPS[fact.step]}" + (f":{fact.reason}" if fact.reason else "")


@narrate.register
def _(fact: e.StepDeclined) -> str:
    return f"不批准{STEPS[fact.step]}" + (f":{fact.reason}" if fact.reason else "")


@narrate.register
def _(fact: e.Relieved) -> str:
    return f"解除{MODES[fact.was]}:{fact.reason}"


@narrate.register
def _(fact: e.NoticeIssued) -> str:
    return f"{NOTICES[fact.notice]} {fact.number} 致{fact.addressee}"


@narrate.register
def _(fact: e.Extended) -> str:
    return f"延期 {DUTIES[fact.duty]} {fact.days} 日:{fact.reason}"


@narrate.register
def _(fact: e.Suspended) -> str:
    until = f",至 {fact.until}" if fact.until else ""
    return f"中止{until}:{fact.reason}"


@narrate.register
def _(fact: e.Resumed) -> str:
    return f"恢复{_late(fact)}" + (f":{fact.reason}" if fact.reason else "")


@narrate.register
def _(fact: e.Redated) -> str:
    return f"按《{fact.notice}》重新计算期限:{_moves(fact.moved)}"


@narrate.register
def _(fact: e.PolicyAdopted) -> str:
    return f"改用规则 {fact.policy}(原 {fact.was}):{fact.reason};{_moves(fact.moved)}"


def _moves(moved: tuple[e.Moved, ...]) -> str:
    return "、".join(f"{DUTIES[one.duty]} {one.was} → {one.due_on}" for one in moved) or "期限不变"
