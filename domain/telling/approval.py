"""送审 and 审批: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.telling.asking import Asking, Label, Words
from domain.telling.commands import CALLED
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

_WHICH: Final = Label("送审事项", "Submission")

ASKING: Final[Words] = {
    c.Approve: Asking(
        "批准送审", "Approve a submission", {"submission": _WHICH, "reason": Label("意见", "Remark")}
    ),
    c.ReturnSubmission: Asking("退回送审", "Return a submission", {"submission": _WHICH}),
}


@sentence.register
def _(fact: e.Submitted) -> Sentence:
    zh, en = CALLED[fact.do]
    return f"送审第 {fact.no} 项:{zh}", f"Submission {fact.no} waits for approval: {en}"


@sentence.register
def _(fact: e.Approved) -> Sentence:
    zh, en = CALLED[fact.do]
    return (
        f"批准第 {fact.no} 项:{zh}" + _because(fact.reason, "(", ")"),
        f"Submission {fact.no} is approved: {en}" + _because(fact.reason, " (", ")"),
    )


@sentence.register
def _(fact: e.Returned) -> Sentence:
    zh, en = CALLED[fact.do]
    return (
        f"退回第 {fact.no} 项:{zh}" + _because(fact.reason, "(", ")"),
        f"Submission {fact.no} is returned: {en}" + _because(fact.reason, " (", ")"),
    )


def _because(reason: str | None, before: str, after: str) -> str:
    return f"{before}{reason}{after}" if reason else ""
