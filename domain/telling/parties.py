"""变更当事人: the texts of the forms, and the sentence about the fact."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.telling import english as en
from domain.telling import words as zh
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.terms import DEBTOR_KINDS, OWNERSHIPS, SIZES
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.Substitute: Asking(
        "变更当事人",
        "Substitute a party",
        {
            "side": Label("变更哪一方", "Which party"),
            "party.name": Label("变更后的名称", "Who takes its place"),
            "party.code": Label("统一社会信用代码", "Unified social credit code"),
            "party.size": Label("规模(债权人)", "Size, of a creditor", choices=SIZES),
            "party.ownership": Label("所有制(债权人)", "Ownership, of a creditor", choices=OWNERSHIPS),
            "party.kind": Label("单位类型(债务人)", "Kind, of a debtor", choices=DEBTOR_KINDS),
            "why": Label("变更原因", "Why"),
            "reference": Label("依据文书", "By which paper"),
        },
    ),
}


@sentence.register
def _(fact: e.Substituted) -> Sentence:
    return (
        f"{zh.ROLES[fact.side]}由{fact.was.name}变更为{fact.now.name}:{zh.SUBSTITUTED[fact.why]}({fact.reference})",
        f"The {en.ROLES[fact.side]} is {fact.now.name} in the place of {fact.was.name}: {en.SUBSTITUTED[fact.why]} ({fact.reference})",
    )
