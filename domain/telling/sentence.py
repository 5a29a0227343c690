"""Facts as sentences in both languages, by one function for each fact.

A fact with content of its own has its function in the module of its stage; plain ones are in `PLAIN`.
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
"""The note on a fact that happened by itself and was recorded later."""


@singledispatch
def sentence(fact: Any) -> Sentence:
    """A sentence about a fact in Chinese and in English, with its amounts."""
    return PLAIN[fact.kind]


def giver(event: Event) -> str:
    """Who gave the command, who entered it, and who approved it."""
    by = "系统" if event.by == SYSTEM else str(event.by)
    entered = f"(由 {event.entered_by} 代录)" if event.entered_by else ""
    return by + entered + (f"(经 {event.approved_by} 批准)" if event.approved_by else "")
