"""回访审核, 销号, appeal and re-opening: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.telling import english as en
from domain.telling import words as zh
from domain.telling.asking import ATTEMPTS, Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence
from domain.value import Stage

_DENIED: Final = Label(
    "未到账的付款凭证",
    "The payment that did not arrive",
    hint=("选凭证退回支付;不选退回核实", "with one: back to payment; without: back to verification"),
)

ASKING: Final[Words] = {
    c.Rate: Asking(
        "评价",
        "Say how satisfied you are",
        {
            "satisfied": Label("是否满意", "Are you satisfied?"),
            "note": Label("想说的话", "In your words"),
        },
    ),
    c.CallBack: Asking(
        "回访",
        "Call back",
        {
            "satisfied": Label(
                "企业是否满意",
                "Is the enterprise satisfied?",
                choices={
                    "no": ("不满意,退回", "not satisfied: back it goes"),
                    "unreachable": ("联系不上(附联系记录)", "not reached, with the attempts"),
                },
            ),
            "note": Label("回访记录", "What was said"),
            "voucher": _DENIED,
            **ATTEMPTS,
        },
    ),
    c.Close: Asking(
        "销号",
        "Strike off",
        {"report": Label("办结报告", "Report")},
        note=(
            "回访人不得审批销号。",
            "Whoever called the enterprise back may not strike the case off.",
        ),
    ),
    c.Appeal: Asking("申诉", "Appeal"),
    c.Uphold: Asking("维持办结", "Uphold the end"),
    c.Reopen: Asking("重新办理", "Reopen", {"voucher": _DENIED}),
}


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
        f"回访:{zh.CALL_BACKS[fact.satisfied]}{back_zh}",
        f"Called back: {en.CALL_BACKS[fact.satisfied]}{back_en}",
    )


@sentence.register
def _(fact: e.Closed) -> Sentence:
    return (
        f"销号:{fact.report}",
        f"Struck off: {fact.report}",
    )


@sentence.register
def _(fact: e.Appealed) -> Sentence:
    return f"债权人申诉:{fact.reason}", f"The enterprise appeals: {fact.reason}"


@sentence.register
def _(fact: e.Upheld) -> Sentence:
    return f"维持办结:{fact.reason}", f"The end is upheld: {fact.reason}"


@sentence.register
def _(fact: e.Reopened) -> Sentence:
    if fact.back_to is None:
        return f"重新办理:{fact.reason}", f"Reopened: {fact.reason}"
    return (
        f"重新办理,退回{zh.STAGES[Stage(fact.back_to)]}:{fact.reason}",
        f"Reopened, back to {en.STAGES[fact.back_to].lower()}: {fact.reason}",
    )
