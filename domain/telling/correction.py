"""更正登记: the texts of the form, and the sentence about the fact."""

from datetime import date
from typing import Any, Final

from domain import commands as c
from domain import facts as e
from domain.correction import leaves
from domain.money import format_money
from domain.telling.amounts import TO_BE_VERIFIED
from domain.telling.asking import Asking, Label, Words
from domain.telling.receipt import RECEIPT, called
from domain.telling.sentence import sentence
from domain.telling.terms import YES_OR_NO, Sentence

_MONEY: Final = frozenset({"claimed", "wage_amount", "contract.total"})
_NONE: Final[Sentence] = ("无", "none")


def _label(name: str, label: Label) -> Label:
    zh, en = called(name)
    choices = YES_OR_NO if name in ("migrant_wages", "livelihood") else label.choices
    return label._replace(zh=zh, en=en, choices=choices)


ASKING: Final[Words] = {
    c.Correct: Asking(
        "更正登记",
        "Correct what was registered",
        {f"facts.{name}": _label(name, label) for name, label in RECEIPT.items()}
        | {
            "facts.claimed": _label("claimed", RECEIPT["claimed"])._replace(
                hint=("填 0 记为待核实", "0 where it is to be verified")
            ),
        },
        note=("只填写需要更正的内容", "fill in only what is to be put right"),
    )
}


@sentence.register
def _(fact: e.Corrected) -> Sentence:
    was, now = leaves(fact.was), leaves(fact.now)
    told = [_told(name, was.get(name), value) for name, value in now.items()]
    zh, en = zip(*told, strict=True)
    return f"更正登记:{';'.join(zh)}({fact.reason})", f"Corrected: {'; '.join(en)} ({fact.reason})"


def _told(name: str, was: Any, now: Any) -> Sentence:
    zh, en = called(name)
    if name.endswith(".contact"):
        return f"{zh}已更新", f"{en} is another one"
    (was_zh, was_en), (now_zh, now_en) = _worded(name, was), _worded(name, now)
    return f"{zh}由 {was_zh} 改为 {now_zh}", f"{en} is {now_en} in the place of {was_en}"


def _worded(name: str, value: Any) -> Sentence:
    if name == "claimed" and not value:
        return TO_BE_VERIFIED
    if value is None:
        return _NONE
    if isinstance(value, bool):
        return YES_OR_NO[str(value).lower()]
    if name in _MONEY:
        return format_money(value), format_money(value)
    said = value.isoformat() if isinstance(value, date) else str(value)
    return RECEIPT[name].choices.get(said, (said, said))
