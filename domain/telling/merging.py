"""并案: the texts of the form, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.telling import english, words
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.Merge: Asking("并案", "Merge", {"into": Label("并入案号", "Into which case")}),
}


@sentence.register
def _(fact: e.Merged) -> Sentence:
    return f"并入 {fact.into}:{fact.reason}", f"Merged into {fact.into}: {fact.reason}"


@sentence.register
def _(fact: e.Absorbed) -> Sentence:
    return (
        f"并入案件 {fact.case_no}({words.CHANNELS[fact.channel]},{fact.received_on} 登记)",
        f"{fact.case_no} goes on in this case ({english.CHANNELS[fact.channel]}, received on {fact.received_on})",
    )
