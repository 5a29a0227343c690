"""司法: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.money import format_money
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence
from domain.value import InCourt

ASKING: Final[Words] = {
    c.GoJudicial: Asking(
        "转司法途径",
        "Go to court",
        {
            "court": Label("法院或者仲裁机构", "Court or arbitration body"),
            "reference": Label("案号", "Reference"),
            "part": Label(
                "哪一部分",
                "Which part",
                hint=(
                    "全部欠款转司法,本案即结束;有分歧部分转司法,其余照常办理",
                    "all of it ends the case; a part does not",
                ),
            ),
            "hearing_on": Label("开庭日", "Hearing on"),
        },
    ),
    c.Judgment: Asking(
        "录入裁判结果",
        "Enter a judgment",
        {
            "recognised": Label("支持金额", "Recognised"),
            "rejected": Label("驳回金额", "Rejected"),
            "reference": Label("裁判文书号", "Reference"),
            "pay_by": Label("履行期限", "To be paid by"),
        },
    ),
}


@sentence.register
def _(fact: e.WentJudicial) -> Sentence:
    part = ("有分歧部分", "the disputed part: ") if fact.part is InCourt.DISPUTED else ("", "")
    return (
        f"{part[0]}转司法途径:{fact.court}({fact.reference})",
        f"Gone to court: {part[1]}{fact.court} ({fact.reference})",
    )


@sentence.register
def _(fact: e.JudgmentEntered) -> Sentence:
    recognised, rejected = format_money(fact.recognised_fen), format_money(fact.rejected_fen)
    by = (f",{fact.pay_by} 前履行", f", to be paid by {fact.pay_by}") if fact.pay_by else ("", "")
    return (
        f"裁判结果({fact.reference}):支持 {recognised},驳回 {rejected}{by[0]}",
        f"Judgment ({fact.reference}): recognised {recognised}, rejected {rejected}{by[1]}",
    )
