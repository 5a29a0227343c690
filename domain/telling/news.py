"""Messages to people outside the window: short, and without what must not leave it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from domain.notifications import News
from domain.telling.punctuation import typeset
from domain.telling.terms import Sentence
from domain.value import Way

Language = Literal["zh", "en"]

WAYS: Final[Mapping[Way, Sentence]] = {
    Way.MAIL: ("邮件", "Mail"),
    Way.SMS: ("短信", "Text message"),
    Way.WECHAT: ("微信", "WeChat"),
}

NEWS: Final[Mapping[News, Sentence]] = {
    News.ENDED: ("案件结束", "the end"),
    News.REOPENED: ("重新办理", "reopened"),
    News.LAPSED: ("有事项逾期", "overdue"),
    News.DUTY: ("有事项待办", "to do"),
    News.PAYMENT: ("付款有进展", "payment"),
    News.ACCOUNT: ("账款有认定", "account"),
    News.PLAN: ("有清偿计划", "plan"),
    News.FUNDS: ("资金到位", "funds"),
    News.STATED: ("债务方已答复", "answer"),
    News.ACCEPTED: ("已受理", "accepted"),
    News.FORWARDED: ("已转办", "forwarded"),
    News.MERGED: ("已并案", "merged"),
    News.COURT: ("转司法", "court"),
    News.LETTER: ("有新文书", "letter"),
}

LONGEST: Final = 70
"""The most characters of a text message in Chinese that is charged as one."""


class Message(NamedTuple):
    """A message. `what` is the part of `text` that names the kind of news."""

    subject: str
    text: str
    what: str = ""


def case_news(office: str, case_no: str, news: Sequence[News], language: Language) -> Message:
    """A message about news of a case, with at least one kind of news, but neither amounts nor names. Kinds that do not fit into
    `LONGEST` are left out, from the end.
    """
    drafts = [
        _case_news(office, case_no, news[:shown], language, has_more=shown < len(news))
        for shown in range(len(news), 0, -1)
    ]
    return next((said for said in drafts if len(said.text) <= LONGEST), drafts[-1])


def _case_news(
    office: str, case_no: str, news: Sequence[News], language: Language, *, has_more: bool
) -> Message:
    if language == "en":
        what = ", ".join(NEWS[one][1] for one in news) + (" …" if has_more else "")
        return Message(f"Case {case_no}: {what}", f"{office}: {case_no}: {what}. See your page", what)
    what = "、".join(NEWS[one][0] for one in news) + ("等" if has_more else "")
    text = typeset(f"{office}:案件{case_no}{what}。请上网查看")
    return Message(typeset(f"案件 {case_no}:{what}"), text, what)


def code_sent(code: str, language: Language) -> Message:
    """The message with the code that confirms an address."""
    if language == "en":
        return Message("Qingqian: your code", f"Qingqian: code {code}, for an hour. Not yours? Ignore it")
    return Message(typeset("清欠:验证码"), typeset(f"清欠:验证码 {code},一小时内有效。非本人操作请忽略"))


class DigestLine(NamedTuple):
    """A line of a digest: the day, the case, what happened, and who acted."""

    case_no: str
    on: str
    what: Sentence
    who: Sentence


def digest(lines: Sequence[DigestLine], more: int, language: Language) -> Message:
    """A message with the news of a person at an office, the oldest first.

    Args:
        more: How many further items there are.
    """
    is_english, count = language == "en", len(lines) + more
    told = [
        withheld(f"{number}. {line.case_no} {line.on} {line.what[1]} ({line.who[1]})")
        if is_english
        else withheld(typeset(f"{number}. {line.case_no} {line.on} {line.what[0]}({line.who[0]})"))
        for number, line in enumerate(lines, 1)
    ]
    if is_english:
        subject = f"Qingqian: {count} new"
        told += [f"… and {more} more at the desk, under News."] if more else []
        foot = "You turn this mail off on the page of your account."
    else:
        subject = f"清欠消息 {count} 条"
        told += [f"另有 {more} 条,见工作台“消息”。"] if more else []
        foot = "在“账号”页面可以停止邮件。"
    return Message(subject, "\n".join([*told, "", foot]) + "\n")


_NUMBERS: Final = re.compile(
    r"(?<!\d)(?:1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[ -]?\d{7,8}|(?<!-)\d(?: ?\d){6,})(?![\d-]|\.\d)"
)
"""Telephone numbers, and long numbers such as those of accounts, cards and identities. Numbers of cases and documents have short
groups.
"""


def withheld(text: str) -> str:
    """A text without the long numbers in it, because mail passes through other hands."""
    return _NUMBERS.sub("…", text)
