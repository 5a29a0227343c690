"""撤回: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.Withdraw: Asking("申请撤回", "Ask to withdraw"),
    c.Keep: Asking("不再撤回", "Do not withdraw"),
    c.ConfirmWithdrawal: Asking(
        "核实撤回",
        "Call about the withdrawal",
        {
            "voluntary": Label(
                "企业自愿撤回",
                "It withdraws of its own free will",
                hint=("自愿的,本案即结束;否则继续办理", "if so the case ends; if not it goes on"),
            ),
            "note": Label("通话记录", "What was said"),
        },
    ),
}


@sentence.register
def _(fact: e.WithdrawalAsked) -> Sentence:
    return f"申请撤回,待核实是否自愿:{fact.reason}", f"Asks to withdraw, to be called about it: {fact.reason}"


@sentence.register
def _(fact: e.WithdrawalKept) -> Sentence:
    if fact.note is None:
        return "债权人不再撤回,继续办理", "The enterprise does not withdraw: the case goes on"
    return f"核实并非自愿撤回,继续办理:{fact.note}", f"Not withdrawn of its own free will: {fact.note}"


@sentence.register
def _(fact: e.Withdrawn) -> Sentence:
    return f"撤回:{fact.reason}", f"Withdrawn: {fact.reason}"
