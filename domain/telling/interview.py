"""约谈: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.Summon: Asking(
        "通知约谈",
        "Call to an interview",
        {
            "whom": Label("约谈对象", "Who is called"),
            "day": Label("约谈日期", "On"),
            "place": Label("约谈地点", "Where"),
        },
    ),
    c.InterviewHeld: Asking(
        "记录约谈",
        "Record an interview",
        {
            "day": Label("约谈日期", "On", hint=("不填为当日", "today, unless given")),
            "promises": Label("承诺事项", "What was promised"),
            "promises.what": Label("承诺", "Promise"),
            "promises.by": Label("完成期限", "By"),
        },
    ),
    c.Fulfil: Asking(
        "承诺已履行",
        "A promise is kept",
        {"promise": Label("承诺", "Promise"), "note": Label("履行情况", "How")},
    ),
}


@sentence.register
def _(fact: e.Summoned) -> Sentence:
    return (
        f"通知 {fact.whom} 于 {fact.day} 在{fact.place}接受约谈:{fact.reason}",
        f"{fact.whom} is called to an interview on {fact.day}, {fact.place}: {fact.reason}",
    )


@sentence.register
def _(fact: e.InterviewHeld) -> Sentence:
    promised_zh = ";".join(f"{one.no}. {one.what}({one.due_on} 前)" for one in fact.promises)
    promised_en = "; ".join(f"{one.no}. {one.what} (by {one.due_on})" for one in fact.promises)
    return (
        f"{fact.day} 约谈" + (f",承诺:{promised_zh}" if promised_zh else ""),
        f"Interviewed on {fact.day}" + (f"; promised: {promised_en}" if promised_en else ""),
    )


@sentence.register
def _(fact: e.Fulfilled) -> Sentence:
    return f"第 {fact.promise} 项承诺已履行:{fact.note}", f"Promise {fact.promise} is kept: {fact.note}"
