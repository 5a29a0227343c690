"""Other rules and other calendars: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.telling import english as en
from domain.telling import words as zh
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.AdoptPolicy: Asking(
        "改用现行规则", "Adopt the rules as they are now", {"policy": Label("规则包", "Rule pack")}
    ),
}


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


def _moves(moved: tuple[e.Moved, ...]) -> Sentence:
    days = [(one.duty, f"{one.was} → {one.due_on}") for one in moved]
    return (
        "、".join(f"{zh.DUTIES[duty]} {move}" for duty, move in days) or "期限不变",
        ", ".join(f"{en.DUTIES[duty]} {move}" for duty, move in days) or "no day changes",
    )
