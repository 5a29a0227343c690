"""督办: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.duty import DutyKind
from domain.telling import english as en
from domain.telling import words as zh
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import LATER, sentence
from domain.telling.words import Sentence

_REMARK: Final = Label("意见", "Remark")

ASKING: Final[Words] = {
    c.Escalate: Asking("升级", "Escalate", {"mode": Label("处置方式", "Mode")}),
    c.ApproveStep: Asking("同意", "Approve", {"reason": _REMARK}),
    c.DeclineStep: Asking("不同意", "Decline", {"reason": _REMARK}),
    c.Publicise: Asking("通报", "Name the debtor in a circular"),
    c.CreditRecord: Asking("记入失信记录", "Put the debtor on record"),
    c.Relieve: Asking("解除督办", "Relieve"),
}


@sentence.register
def _(fact: e.DeadlineNear) -> Sentence:
    return (
        f"临近到期:{_which(fact.duty, fact.subject)[0]},{fact.due_on} 前{LATER[fact.late][0]}",
        f"Due soon: {_which(fact.duty, fact.subject)[1]}, by {fact.due_on}{LATER[fact.late][1]}",
    )


@sentence.register
def _(fact: e.DeadlineLapsed) -> Sentence:
    return (
        f"逾期:{_which(fact.duty, fact.subject)[0]},应于 {fact.due_on} 前{LATER[fact.late][0]}",
        f"Late: {_which(fact.duty, fact.subject)[1]}, was due by {fact.due_on}{LATER[fact.late][1]}",
    )


@sentence.register
def _(fact: e.Escalated) -> Sentence:
    because_zh, because_en = fact.reason or "上级决定", fact.reason or "decided above"
    if fact.duty:
        which_zh, which_en = _which(fact.duty, fact.subject)
        because_zh, because_en = f"{which_zh}逾期", f"{which_en} is late"
    holder_zh = f",由 {fact.holder} 直接办理" if fact.holder else ""
    holder_en = f", handled by {fact.holder}" if fact.holder else ""
    return (
        f"{zh.MODES[fact.mode]}:{because_zh}{holder_zh}{LATER[fact.late][0]}",
        f"{en.MODES[fact.mode].capitalize()}: {because_en}{holder_en}{LATER[fact.late][1]}",
    )


@sentence.register
def _(fact: e.StepProposed) -> Sentence:
    against_zh, against_en = (f"({fact.against})", f" ({fact.against})") if fact.against else ("", "")
    return (
        f"提请{zh.STEPS[fact.step]}{against_zh},待 {fact.office} 负责人审批{LATER[fact.late][0]}",
        f"Proposed: {en.STEPS[fact.step]}{against_en}; the head of {fact.office} decides{LATER[fact.late][1]}",
    )


@sentence.register
def _(fact: e.StepApproved) -> Sentence:
    return (
        f"批准{zh.STEPS[fact.step]}" + (f":{fact.reason}" if fact.reason else ""),
        f"Approved: {en.STEPS[fact.step]}" + (f": {fact.reason}" if fact.reason else ""),
    )


@sentence.register
def _(fact: e.StepDeclined) -> Sentence:
    return (
        f"不批准{zh.STEPS[fact.step]}" + (f":{fact.reason}" if fact.reason else ""),
        f"Declined: {en.STEPS[fact.step]}" + (f": {fact.reason}" if fact.reason else ""),
    )


@sentence.register
def _(fact: e.CreditRecorded) -> Sentence:
    return (
        "债务人记入失信记录" + (f":{fact.reason}" if fact.reason else ""),
        "The debtor is put on record as untrustworthy" + (f": {fact.reason}" if fact.reason else ""),
    )


@sentence.register
def _(fact: e.Publicised) -> Sentence:
    return f"通报债务人:{fact.reason}", f"The debtor is named in a circular: {fact.reason}"


@sentence.register
def _(fact: e.Relieved) -> Sentence:
    return (
        f"解除{zh.MODES[fact.was]}:{fact.reason}",
        f"No longer {en.MODES[fact.was]}: {fact.reason}",
    )


@sentence.register
def _(fact: e.NoticeIssued) -> Sentence:
    return (
        f"{zh.NOTICES[fact.notice]} {fact.number} 致{fact.addressee}",
        f"{en.NOTICES[fact.notice].capitalize()} {fact.number} to {fact.addressee}",
    )


def _which(duty: DutyKind, subject: str | None) -> Sentence:
    named = subject or ""
    if duty is DutyKind.GATE:
        return zh.STEPS.get(named, named) + zh.DUTIES[duty], f"Decide on {en.STEPS.get(named, named)}"
    return f"{zh.DUTIES[duty]} {named}".rstrip(), f"{en.DUTIES[duty]} {named}".rstrip()
