"""消息: who is notified of what happens to a case.

An office is notified of what parties say, what awaits a decision, and what one person hands to another, but not of its own acts. A
party that left an address is notified of the kind of thing that happened, never of more than its page shows, nor of its own acts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from domain import facts as e
from domain.actors import OFFICE_ROLES, PARTIES, Role
from domain.calendar import SHANGHAI
from domain.case.casefile import Case
from domain.case.papers import documents_in
from domain.events import ENDS, Event
from domain.rules import Rules, above
from domain.value import PartySide, Stage


class Notification(NamedTuple):
    """The recipients of a notification: everyone with a role at an office, one person by name, or the person whose name a text begins
    with.

    Attributes:
        instead: Other offices, nearest first, whose people with that role are notified if nobody but `by` has it here.
        by: The name of whoever acted, and who may not be the one to decide on it.
    """

    office: str
    role: Role | None = None
    person: str | None = None
    mention: str | None = None
    instead: tuple[str, ...] = ()
    by: str | None = None


MENTION: Final = re.compile(r"[@\uff20]([^\s@\uff20]{1,40})")
"""The text after `@` in a remark. Chinese has no blanks, so only somebody who knows the people can tell where the name ends."""

_OF_PARTIES: Final = frozenset(
    {
        *("recognised", "endorsed", "objected", "correction_supplied", "planned", "payment_reported"),
        *("receipt_confirmed", "receipt_disputed", "answered", "payment_bounced", "withdrawal_asked"),
        *("withdrawal_kept", "interest_waived", "rated", "attached", "went_judicial"),
    }
)
"""Acts of a party that somebody at the holder's office should look at."""


def notifications(was: Case | None, event: Event, case: Case) -> Iterator[Notification]:
    """The notifications that an event causes.

    Args:
        was: The case before the batch of events that were recorded together; None before its receipt.
        case: The case after them.
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
        if is_closed:
            yield from (Notification(office, Role.HEAD) for office in above(case.holder))
        else:
            giver = event.entered_by or event.by
            yield Notification(case.holder, Role.HEAD, instead=above(case.holder), by=giver.person)
    elif isinstance(fact, e.Returned) and was is not None and event.command_id is not None:
        submitter = next((one.entered_by or one.by for one in was.submissions if one.no == fact.no), None)
        if submitter is not None and submitter.role in OFFICE_ROLES:
            yield Notification(submitter.party or case.holder, person=submitter.person)
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
    """Whether a party files another paper right after one, on the same day. Only the first causes a notification."""
    return (
        isinstance(before.fact, e.Attached)
        and isinstance(event.fact, e.Attached)
        and (before.by, before.entered_by, before.on) == (event.by, event.entered_by, event.on)
    )


def _hands_over(event: Event) -> bool:
    if isinstance(event.fact, e.Escalated):
        return event.fact.holder is not None
    return event.kind in ("forwarded", "returned_up", "reassigned")


class News(StrEnum):
    """The kinds of news that a party is sent about its case, the most important first."""

    ENDED = "ended"
    REOPENED = "reopened"
    LAPSED = "lapsed"
    DUTY = "duty"
    PAYMENT = "payment"
    ACCOUNT = "account"
    PLAN = "plan"
    FUNDS = "funds"
    STATED = "stated"
    ACCEPTED = "accepted"
    FORWARDED = "forwarded"
    MERGED = "merged"
    COURT = "court"
    LETTER = "letter"


_OF_BOTH: Final[Mapping[str, News]] = {
    **dict.fromkeys(ENDS, News.ENDED),
    "went_judicial": News.COURT,
    "reopened": News.REOPENED,
    "absorbed": News.MERGED,
    **dict.fromkeys(
        ("endorsed", "endorsement_deemed", "determined", "judgment_entered", "adjusted"), News.ACCOUNT
    ),
    **dict.fromkeys(("receipt_attested", "payment_honoured", "payment_reversed"), News.PAYMENT),
}

_OF_SIDE: Final[Mapping[PartySide, Mapping[str, News]]] = {
    PartySide.CREDITOR: {
        **_OF_BOTH,
        "accepted": News.ACCEPTED,
        "forwarded": News.FORWARDED,
        "reassigned": News.FORWARDED,
        "recognised": News.STATED,
        "planned": News.PLAN,
        "bond_funds_arrived": News.FUNDS,
        "funds_arrived": News.FUNDS,
        **dict.fromkeys(("payment_reported", "payment_bounced", "answered"), News.PAYMENT),
    },
    PartySide.DEBTOR: {
        **_OF_BOTH,
        "objected": News.ACCOUNT,
        **dict.fromkeys(("receipt_confirmed", "receipt_disputed"), News.PAYMENT),
    },
}
"""The news for each party by the kinds of entries. Duties that begin or lapse, and letters, come in addition."""


def news_for(side: PartySide, events: Iterable[Event], rules: Rules) -> tuple[News, ...]:
    """The news for a party in what happened to its case: each kind once, the most important first.

    Args:
        rules: The rules that the case carries, which say who owes what.
    """
    told = {news for event in events for news in _news_in(side, event, rules)}
    return tuple(news for news in News if news in told)


def _news_in(side: PartySide, event: Event, rules: Rules) -> Iterator[News]:
    role = Role(side.value)
    if event.by.role is role and event.entered_by is None:
        return
    if (news := _OF_SIDE[side].get(event.kind)) is not None:
        yield news
    if any(duty.owner is role for duty in event.opened):
        yield News.DUTY
    if isinstance(event.fact, e.DeadlineLapsed) and rules.duties[event.fact.duty].owner is role:
        yield News.LAPSED
    if any(side in document.sides for document in documents_in(event)):
        yield News.LETTER


_WAKING: Final = range(8, 21)


def may_ring(at: datetime) -> bool:
    """Whether news may be sent to parties at this instant: not at night, when deadlines lapse."""
    return at.astimezone(SHANGHAI).hour in _WAKING
