"""The documents of a case, as every interface shows them, and how each was served."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from domain.calendar import business_date
from domain.case import letters
from domain.events import Event
from domain.facts import NoticeIssued, Served, Substituted
from domain.letters import Letter
from domain.telling.words import DOCUMENTS
from domain.value import LetterKind, NoticeKind, PartySide

KINDS: Final = ("notice_issued", "served", "substituted", *letters.KINDS)
"""The kinds of journal entries that concern documents and their readers."""


def documents_in(event: Event) -> Iterator[NoticeIssued | Letter]:
    """The documents that an event issued."""
    if isinstance(event.fact, NoticeIssued):
        yield event.fact
    yield from event.letters


def kind_of(document: NoticeIssued | Letter) -> NoticeKind | LetterKind:
    """The 文种 of a document."""
    return document.letter if isinstance(document, Letter) else document.notice


def documents_json(events: Sequence[Event]) -> list[dict[str, Any]]:
    """The documents of a case in the order of issue: `{number, kind, title, on, office, addressee, basis, sha256, served: [{on, how,
    receipt}]}`. `on` is the day of the document, and of its service.

    Args:
        events: Events of one case, in order. Only `KINDS` matter.
    """
    services = served(event.fact for event in events)
    return [
        {
            "number": document.number,
            "kind": kind_of(document).value,
            "title": DOCUMENTS[kind_of(document)],
            "on": business_date(event.at).isoformat(),
            "office": document.office,
            "addressee": document.addressee,
            "basis": document.basis,
            "sha256": document.sha256,
            "served": [
                {"on": one.day.isoformat(), "how": one.how.value, "receipt": one.receipt}
                for one in services.get(document.number, ())
            ],
        }
        for event in events
        for document in documents_in(event)
    ]


def of_side(events: Iterable[Event], side: PartySide) -> Mapping[str, NoticeIssued | Letter]:
    """The documents that a party may read, by their numbers: those for its side, but not those from before it took another's place.

    Args:
        events: Events of one case, in order.
    """
    readable: dict[str, NoticeIssued | Letter] = {}
    for event in events:
        if isinstance(event.fact, Substituted) and event.fact.side is side:
            readable.clear()
        readable |= {one.number: one for one in documents_in(event) if side in one.sides}
    return readable


def served(facts: Iterable[Any]) -> Mapping[str, Sequence[Served]]:
    """The services of each document, by its number."""
    services: dict[str, list[Served]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact, Served):
            services[fact.document].append(fact)
    return services
