"""延期, 中止 and 恢复: the texts of the forms, and the sentences about the facts."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.telling import english as en
from domain.telling import words as zh
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import LATER, sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.Extend: Asking(
        "延期",
        "Extend",
        {
            "duty,subject": Label("延期事项", "Duty"),
            "days": Label(
                "延长天数", "Days", hint=("单位与原期限相同", "in the unit of the duty's own term")
            ),
        },
    ),
    c.AskTime: Asking(
        "申请延期",
        "Ask for more time",
        {
            "duty,subject": Label("申请延期的事项", "Duty"),
            "days": Label(
                "申请天数", "Days", hint=("单位与原期限相同", "in the unit of the duty's own term")
            ),
        },
    ),
    c.Suspend: Asking(
        "中止",
        "Suspend",
        {
            "until": Label(
                "恢复日",
                "Resumes on",
                hint=("到日自动恢复;不填为三十日", "by itself on that day; after 30 days, unless given"),
            ),
            "ground": Label("中止事由", "Ground"),
        },
    ),
    c.Resume: Asking("恢复", "Resume"),
}


@sentence.register
def _(fact: e.Extended) -> Sentence:
    return (
        f"延期 {zh.DUTIES[fact.duty]} {fact.days} 日:{fact.reason}",
        f"{en.DUTIES[fact.duty]}: {fact.days} days more: {fact.reason}",
    )


@sentence.register
def _(fact: e.TimeAsked) -> Sentence:
    return (
        f"债务人申请延期 {zh.DUTIES[fact.duty]} {fact.days} 日:{fact.reason}",
        f"The debtor asks for {fact.days} days more to {en.DUTIES[fact.duty].lower()}: {fact.reason}",
    )


@sentence.register
def _(fact: e.Suspended) -> Sentence:
    return (
        f"中止,至 {fact.until}({zh.GROUNDS[fact.ground]}):{fact.reason}",
        f"Suspended until {fact.until} ({en.GROUNDS[fact.ground]}): {fact.reason}",
    )


@sentence.register
def _(fact: e.Resumed) -> Sentence:
    return (
        f"恢复{LATER[fact.late][0]}" + (f":{fact.reason}" if fact.reason else ""),
        f"Resumed{LATER[fact.late][1]}" + (f": {fact.reason}" if fact.reason else ""),
    )
