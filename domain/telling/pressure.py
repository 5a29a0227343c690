"""What presses a case, holds it, or gives it other days, in both languages."""

from domain import facts as e
from domain.duty import DutyKind
from domain.telling import english as en
from domain.telling import words as zh
from domain.telling.sentence import sentence
from domain.telling.words import Sentence


@sentence.register
def _(fact: e.Extended) -> Sentence:
    return (
        f"延期 {zh.DUTIES[fact.duty]} {fact.days} 日:{fact.reason}",
        f"{en.DUTIES[fact.duty]}: {fact.days} days more: {fact.reason}",
    )


@sentence.register
def _(fact: e.Suspended) -> Sentence:
    until_zh, until_en = (f",至 {fact.until}", f" until {fact.until}") if fact.until else ("", "")
    return f"中止{until_zh}:{fact.reason}", f"Suspended{until_en}: {fact.reason}"


@sentence.register
def _(fact: e.Resumed) -> Sentence:
    return (
        f"恢复{_late(fact)[0]}" + (f":{fact.reason}" if fact.reason else ""),
        f"Resumed{_late(fact)[1]}" + (f": {fact.reason}" if fact.reason else ""),
    )


@sentence.register
def _(fact: e.DeadlineNear) -> Sentence:
    return (
        f"临近到期:{_which(fact.duty, fact.subject)[0]},{fact.due_on} 前{_late(fact)[0]}",
        f"Due soon: {_which(fact.duty, fact.subject)[1]}, by {fact.due_on}{_late(fact)[1]}",
    )


@sentence.register
def _(fact: e.DeadlineLapsed) -> Sentence:
    return (
        f"逾期:{_which(fact.duty, fact.subject)[0]},应于 {fact.due_on} 前{_late(fact)[0]}",
        f"Late: {_which(fact.duty, fact.subject)[1]}, was due by {fact.due_on}{_late(fact)[1]}",
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
        f"{zh.MODES[fact.mode]}:{because_zh}{holder_zh}{_late(fact)[0]}",
        f"{en.MODES[fact.mode].capitalize()}: {because_en}{holder_en}{_late(fact)[1]}",
    )


@sentence.register
def _(fact: e.StepProposed) -> Sentence:
    return (
        f"提请{zh.STEPS[fact.step]},待 {fact.office} 负责人审批{_late(fact)[0]}",
        f"Proposed: {en.STEPS[fact.step]}; the head of {fact.office} decides{_late(fact)[1]}",
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


@sentence.register
def _(fact: e.Redated) -> Sentence:
    return (
        f"按《{fact.notice}》重新计算期限:{_moves(fact.moved)[0]}",
        f"Days counted again by {fact.notice}: {_moves(fact.moved)[1]}",
    )


@sentence.register
def _(fact: e.PolicyAdopted) -> Sentence:
    return (
        f"改用规则 {fact.policy}(原 {fact.was}):{fact.reason};{_moves(fact.moved)[0]}",
        f"Lives by {fact.policy}, before by {fact.was}: {fact.reason}; {_moves(fact.moved)[1]}",
    )


def _which(duty: DutyKind, subject: str | None) -> Sentence:
    named = subject or ""
    if duty is DutyKind.GATE:
        return zh.STEPS.get(named, named) + zh.DUTIES[duty], f"Decide on {en.STEPS.get(named, named)}"
    return f"{zh.DUTIES[duty]} {named}".rstrip(), f"{en.DUTIES[duty]} {named}".rstrip()


def _late(fact: e.OfDuty | e.Resumed) -> Sentence:
    return ("(补记)", " (noted later)") if fact.late else ("", "")


def _moves(moved: tuple[e.Moved, ...]) -> Sentence:
    days = [(one.duty, f"{one.was} → {one.due_on}") for one in moved]
    return (
        "、".join(f"{zh.DUTIES[duty]} {move}" for duty, move in days) or "期限不变",
        ", ".join(f"{en.DUTIES[duty]} {move}" for duty, move in days) or "no day changes",
    )
