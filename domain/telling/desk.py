"""分办, 备注, 联系 and 送达: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.telling import english as en
from domain.telling import words as zh
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

_TODAY: Final = ("不填为当日", "today, unless given")

ASKING: Final[Words] = {
    c.Assign: Asking("分办", "Assign", {"person": Label("经办人", "To whom")}),
    c.Remark: Asking(
        "备注", "Note", {"text": Label("内容", "Text", hint=("只供办理单位查看", "for the offices alone"))}
    ),
    c.Contact: Asking(
        "联系记录",
        "Note a contact",
        {
            "with": Label("联系对象", "With whom"),
            "how": Label("方式", "How"),
            "day": Label("日期", "On", hint=_TODAY),
            "what": Label("情况", "What was said"),
        },
    ),
    c.Serve: Asking(
        "登记送达",
        "Note a service",
        {
            "document": Label("文书", "Document"),
            "day": Label("送达日期", "On", hint=_TODAY),
            "how": Label("送达方式", "How"),
            "receipt": Label("签收情况", "Receipt"),
        },
    ),
}


@sentence.register
def _(fact: e.Assigned) -> Sentence:
    return f"分办给 {fact.person}", f"Assigned to {fact.person}"


@sentence.register
def _(fact: e.Remarked) -> Sentence:
    return f"备注:{fact.text}", f"Note: {fact.text}"


@sentence.register
def _(fact: e.Contacted) -> Sentence:
    return (
        f"联系记录 {fact.no}:{fact.day} {fact.how}联系{fact.whom}:{fact.what}",
        f"Contact {fact.no}: {fact.whom} by {fact.how} on {fact.day}: {fact.what}",
    )


@sentence.register
def _(fact: e.Served) -> Sentence:
    receipt = f"({fact.receipt})" if fact.receipt else ""
    return (
        f"{fact.document} 于 {fact.day} {zh.SERVED[fact.how]}{receipt}",
        f"{fact.document} was served on {fact.day} {en.SERVED[fact.how]}"
        + (f" {receipt}" if receipt else ""),
    )
