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
from domain.rules import above
from domain.value import Stage


class Notification(NamedTuple):
    """Who is told: those who have a role at an office, one of its people by name, or whoever is named at the beginning of a text."""

    office: str
    role: Role | None = None
    person: str | None = None
    mention: str | None = None


MENTION: Final = re.compile(r"[@\uff20]([^\s@\uff20]{1,40})")
"""What stands behind `@` in a remark. Chinese has no blanks, so where the name ends is known only to who knows the people."""

_OF_PARTIES: Final = frozenset(
    {
        *("recognised", "endorsed", "objected", "correction_supplied", "planned", "payment_reported"),
        *("receipt_confirmed", "receipt_disputed", "answered", "payment_bounced", "withdrawal_asked"),
        *("withdrawal_kept", "interest_waived", "rated", "attached", "went_judicial"),
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
    is_of_party = event.by.role in PARTIES and event.entered_by is None
    if (is_of_party and event.kind in _OF_PARTIES) or (
        isinstance(fact, e.Received) and event.by.person is None
    ):
        yield Notification(case.holder, Role.CLERK)
    elif isinstance(fact, e.TimeAsked):
        yield Notification(case.holder, Role.HEAD)
    elif isinstance(fact, e.Submitted):
        is_closed = was is not None and was.ended is Stage.CLOSED
        for office in above(case.holder) if is_closed else (case.holder,):
            yield Notification(office, Role.HEAD)
    elif isinstance(fact, e.Returned) and was is not None and event.command_id is not None:
        giver = next((one.entered_by or one.by for one in was.submissions if one.no == fact.no), None)
        if giver is not None and giver.role in OFFICE_ROLES:
            yield Notification(giver.party or case.holder, person=giver.person)
    elif isinstance(fact, e.StepProposed | e.Appealed):
        yield Notification(fact.office, Role.HEAD)
    elif isinstance(fact, e.Assigned):
        yield Notification(case.holder, person=fact.person)
    elif isinstance(fact, e.Remarked):
        for mention in dict.fromkeys(MENTION.findall(fact.text)):
            yield from (Notification(office, mention=mention) for office in dict.fromkeys(case.route))
    if was is not None and case.holder != was.holder and _hands_over(event):
        yield Notification(case.holder, Role.CLERK)


def goes_on(before: Event, event: Event) -> bool:
    """Whether a party puts another paper on file right after one, on the same day: the first is told of."""
    return (
        isinstance(before.fact, e.Attached)
        and isinstance(event.fact, e.Attached)
        and (before.by, before.entered_by, before.on) == (event.by, event.entered_by, event.on)
    )


def _hands_over(event: Event) -> bool:
    if isinstance(event.fact, e.Escalated):
        return event.fact.holder is not None
    return event.kind in ("forwarded", "returned_up", "reassigned")
