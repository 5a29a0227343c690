"""The registration of a case, and the notes that offices have made since."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.case.casefile import Case
from domain.events import Event
from domain.facts import CalledBack, Contacted, Remarked
from domain.telling.words import Sentence
from portal.forms.receipt import FIELDS
from portal.showing.said import FilledIn, said
from portal.showing.timeline import Line, lines


class Group(NamedTuple):
    """Fields of the receipt under a common heading."""

    heading: Sentence
    said: list[FilledIn]


def registered(case: Case) -> list[Group]:
    """The fields of the receipt, with later corrections. Contacts are not part of a case."""
    written = case.receipt.model_dump(mode="json", exclude={"taken_in"})
    groups = [Group(heading, said(fields, written)) for heading, fields in FIELDS.items()]
    return [group for group in groups if group.said]


def noted(events: Sequence[Event], offices: Mapping[str, str]) -> list[Line]:
    """Remarks, talks with the parties, and call-backs, the latest first."""
    notes = [event for event in reversed(events) if isinstance(event.fact, Remarked | Contacted | CalledBack)]
    return lines(notes, offices)
