"""A case as it was registered, and what people of its offices have noted since."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.case.casefile import Case
from domain.events import Event
from domain.facts import CalledBack, Contacted, Remarked
from domain.telling.words import Sentence
from portal.forms.receipt import FIELDS
from portal.showing.said import Said, said
from portal.showing.timeline import Line, lines


class Group(NamedTuple):
    """Some fields of the receipt, under their heading."""

    heading: Sentence
    said: list[Said]


def registered(case: Case) -> list[Group]:
    """Everything that is known of the receipt, as it stands after what was put right; how to reach the parties is not in a case."""
    written = case.receipt.model_dump(mode="json", exclude={"taken_in"})
    groups = [Group(heading, said(fields, written)) for heading, fields in FIELDS.items()]
    return [group for group in groups if group.said]


def noted(events: Sequence[Event], offices: Mapping[str, str]) -> list[Line]:
    """Remarks, talks with the parties, and how the call-back went, the latest first."""
    notes = [event for event in reversed(events) if isinstance(event.fact, Remarked | Contacted | CalledBack)]
    return lines(notes, offices)
