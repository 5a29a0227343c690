"""利息: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.money import format_money
from domain.telling import english, words
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.FixInterest: Asking(
        "核定利息",
        "Fix the interest",
        {
            "rule": Label("计息依据", "By which rule"),
            "rate": Label(
                "利率",
                "Rate",
                hint=(
                    "写作 3.45%/y 或 0.05%/d;法定利息和约定总额不填",
                    "such as 3.45%/y or 0.05%/d; not for the statutory rate, nor for a sum",
                ),
            ),
            "amount": Label(
                "约定利息总额", "The agreed sum", hint=("双方约定总额的填写", "where one was agreed")
            ),
            "lpr": Label(
                "合同订立时一年期 LPR",
                "One-year LPR of the signing",
                hint=("约定利率不得低于此利率", "an agreed rate is not below it"),
            ),
            "from": Label("起息日", "From"),
        },
        note=(
            "按未清偿本金逐日单利计算,不计入已清偿和未清偿金额。",
            "Simple interest by day on the principal that is outstanding; never part of what is cleared or outstanding.",
        ),
    ),
    c.WaiveInterest: Asking(
        "放弃利息",
        "Waive the interest",
        {"amount": Label("放弃金额", "How much", hint=("全部放弃不填", "only where it is not all"))},
    ),
}


@sentence.register
def _(fact: e.InterestFixed) -> Sentence:
    rule_zh, rule_en = words.INTEREST_RULES[fact.rule], english.INTEREST_RULES[fact.rule]
    much = fact.rate or (format_money(fact.amount_fen) if fact.amount_fen else "")
    zh, en = (f" {much},自 {fact.since} 起算", f", {much}, from {fact.since} on") if much else ("", "")
    return (f"核定利息:{rule_zh}{zh}({fact.reason})", f"Interest is fixed: {rule_en}{en} ({fact.reason})")


@sentence.register
def _(fact: e.InterestWaived) -> Sentence:
    amount = format_money(fact.amount_fen)
    if fact.whole:
        return (f"企业放弃全部利息,已计未付 {amount}", f"The enterprise waives all interest, {amount} so far")
    return (f"企业放弃利息 {amount}", f"The enterprise waives {amount} of interest")
