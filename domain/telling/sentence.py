"""What happened, in one line, in both languages: one function for each fact.

The module of each stage holds those that have something to say of their own; `PLAIN` the others.
"""

from collections.abc import Mapping
from functools import singledispatch
from typing import Any, Final

from domain.actors import SYSTEM
from domain.events import Event
from domain.telling.words import Sentence

PLAIN: Final[Mapping[str, Sentence]] = {
    "acknowledged": ("债务人签收", "Acknowledged by the debtor"),
    "batch_closed": ("批次办结,余额退回", "Closed; what is left goes back"),
}

LATER: Final[Mapping[bool, Sentence]] = {False: ("", ""), True: ("(补记)", " (noted later)")}
"""What is added to a fact that happened by itself and was recorded later."""


@singledispatch
def sentence(fact: Any) -> Sentence:
    """What happened, in Chinese and in English, with the amounts that it moves."""
    return PLAIN[fact.kind]


def giver(event: Event) -> str:
    """Whose word it is, who entered it, and who approved it."""
    by = "系统" if event.by == SYSTEM else str(event.by)
    entered = f"(由 {event.entered_by} 代录)" if event.entered_by else ""
    return by + entered + (f"(经 {event.approved_by} 批准)" if event.approved_by else "")
