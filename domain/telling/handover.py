"""转办, 退办, 改派 and 移送: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.telling import english, words
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.Forward: Asking("转办", "Hand over", {"to": Label("转给", "To")}),
    c.ReturnUp: Asking("退办", "Return to the office above"),
    c.Reassign: Asking("改派", "Reassign", {"to": Label("改派至", "To")}),
    c.HandOut: Asking(
        "移送",
        "Hand out",
        {
            "to": Label("受移送单位", "Who takes it"),
            "kind": Label("类别", "Kind"),
            "reference": Label("签收文号", "Receipt"),
        },
    ),
    c.Acknowledge: Asking("签收", "Acknowledge"),
}


@sentence.register
def _(fact: e.Forwarded) -> Sentence:
    return (
        "转交债务人" if fact.to == "debtor" else f"转办至 {fact.to}",
        "Handed to the debtor" if fact.to == "debtor" else f"Handed over to {fact.to}",
    )


@sentence.register
def _(fact: e.ReturnedUp) -> Sentence:
    return f"退办至 {fact.to}:{fact.reason}", f"Returned to {fact.to}: {fact.reason}"


@sentence.register
def _(fact: e.Reassigned) -> Sentence:
    return f"改派至 {fact.to}:{fact.reason}", f"Reassigned to {fact.to}: {fact.reason}"


@sentence.register
def _(fact: e.HandedOut) -> Sentence:
    return (
        f"移送 {fact.to}({words.HANDED_OUT_TO[fact.of]},{fact.reference})",
        f"Handed out to {fact.to} ({english.HANDED_OUT_TO[fact.of]}, {fact.reference})",
    )
