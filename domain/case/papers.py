"""The documents of a case as every interface shows them: those that it has issued, and how each was served."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from domain.calendar import business_date
from domain.events import Event
from domain.facts import NoticeIssued, Served
from domain.telling.words import NOTICES

KINDS: Final = ("notice_issued", "served")
"""The entries of a journal that tell of documents."""


def documents_json(events: Sequence[Event]) -> list[dict[str, Any]]:
    """`{number, kind, title, on, office, addressee, basis, sha256, served: [{on, how, receipt}]}`, in the order in which they were
    issued; `on` is the day of the document, and of its service.

    Args:
        events: Of one case, in their order; others than `KINDS` say nothing.
    """
    services = served(event.fact for event in events)
    return [
        {
            "number": event.fact.number,
            "kind": event.fact.notice.value,
            "title": NOTICES[event.fact.notice],
            "on": business_date(event.at).isoformat(),
            "office": event.fact.office,
            "addressee": event.fact.addressee,
            "basis": event.fact.basis,
            "sha256": event.fact.sha256,
            "served": [
                {"on": one.day.isoformat(), "how": one.how.value, "receipt": one.receipt}
                for one in services.get(event.fact.number, ())
            ],
        }
        for event in events
        if isinstance(event.fact, NoticeIssued)
    ]


def served(facts: Iterable[Any]) -> Mapping[str, Sequence[Served]]:
    """How each document was served, by its number."""
    services: dict[str, list[Served]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact, Served):
            services[fact.document].append(fact)
    return services
