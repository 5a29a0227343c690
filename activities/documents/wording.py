"""How documents write what is on record: amounts, days, punctuation."""

import re
from datetime import date
from typing import Final

from domain.duty import DutyKind
from domain.telling.words import DUTIES, STEPS

UNKNOWN: Final = "—"

_SUBJECTS: Final = {DutyKind.INSTALMENT: "第{}期", DutyKind.CONFIRMATION: "凭证{}", DutyKind.ANSWER: "凭证{}"}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def wan_text(fen: int) -> str:
    """An amount in 万元, exact to the fen, with two decimals or as many as it has."""
    whole, rest = divmod(fen, 10**6)
    return f"{whole:,}." + f"{rest:06d}".rstrip("0").ljust(2, "0")


def written(day: date | None) -> str:
    """A day as official documents have it; nothing, where there is none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def line(text: str) -> str:
    """What somebody wrote, on one line and without characters that no XML document may contain."""
    return " ".join(_NOT_IN_XML.sub(" ", text).split())


def item(duty: DutyKind | None, subject: str | None) -> str:
    """What is owed, and which of several: an instalment by its number, a payment by its voucher."""
    if duty is None:
        return ""
    if subject is None:
        return DUTIES[duty]
    named = STEPS[subject] if duty is DutyKind.GATE else subject
    return f"{DUTIES[duty]}\uff08{_SUBJECTS.get(duty, '{}').format(named)}\uff09"
