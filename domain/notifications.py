"""消息: to whom of an office something is told that has happened to a case. What an office does by itself is not told to it; what a
party says, what waits for somebody's decision, and what somebody hands to somebody is.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from domain import facts as e
from domain.actors import OFFICE_ROLES, PARTIES, Role
from domain.case.casefile import Case
from domain.events import Event


class Notification(NamedTuple):
    """Who is told: the people of an office, all of them, or those who have a role there, or one of them by name."""

    office: str
    role: Role | None = None
    person: str | None = None


MENTION: Final = re.compile(r"@([^\s@:,.;()\uff0c\u3002\u3001\uff1b\uff1a\uff08\uff09]{1,40})")
"""Somebody named in a remark: `@李敏`."""

_OF_PARTIES: Final = frozenset(
    {
        *("recognised", "endorsed", "objected", "correction_supplied", "planned", "payment_reported"),
        *("receipt_disputed", "answered", "time_asked", "withdrawal_asked", "withdrawal_kept"),
        *("interest_waived", "rated", "attached", "went_judicial"),
    }
)
"""What a party says by itself, and somebody of the office that handles the case is to look at."""


def notifications(was: Case | None, event: Event, case: Case) -> Iterator[Notification]:
    """Who is told of an event.

    Args:
        was: The case before what was recorded together with it; None before its receipt.
        case: The case after all of that.
    """
    fact = event.fact
    if event.by.role in PARTIES and event.entered_by is None and event.kind in _OF_PARTIES:
        yield Notification(case.holder, Role.CLERK)
    elif isinstance(fact, e.Submitted):
        yield Notification(case.holder, Role.HEAD)
    elif isinstance(fact, e.Returned) and was is not None and event.command_id is not None:
        giver = next((one.entered_by or one.by for one in was.submissions if one.no == fact.no), None)
        if giver is not None and giver.role in OFFICE_ROLES:
            yield Notification(case.holder, person=giver.person)
    elif isinstance(fact, e.StepProposed | e.Appealed):
        yield Notification(fact.office, Role.HEAD)
    elif isinstance(fact, e.Assigned):
        yield Notification(case.holder, person=fact.person)
    elif isinstance(fact, e.Remarked):
        for person in dict.fromkeys(MENTION.findall(fact.text)):
            yield Notification(case.holder, person=person)
    if was is not None and case.holder != was.holder and event.kind in _HANDS_OVER:
        yield Notification(case.holder, Role.CLERK)


_HANDS_OVER: Final = frozenset({"forwarded", "returned_up", "reassigned", "escalated"})
