"""What the tests of the ladder read out of a story: levels, escalations, notices, proposals."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from domain import facts as e
from domain.events import Event
from tests.domain.story import (
    RECEIPT,
    Story,
    story_at,
)

EVERY_LEVEL: Final = ["near", "lapsed", "supervised", "key_supervised", "taken_over", "referred"]


def received_at(office: str, received_on: str, on: str | None = None) -> Story:
    """A case at an office, received on a day, told from another."""
    changes = {"office": office, "received_on": date.fromisoformat(received_on)}
    return Story(RECEIPT.model_copy(update=changes), on=on or received_on)


def levels_of(events: Sequence[Event], duty: str, subject: str | None = None) -> list[tuple[str, str]]:
    """The levels that a duty reached, each with its day."""
    reached = {
        event.fact.level: event.on.isoformat()
        for event in events
        if isinstance(event.fact, e.OfDuty) and not isinstance(event.fact, e.NoticeIssued)
        if (event.fact.duty, event.fact.subject) == (duty, subject)
    }
    return [(level, day) for level, day in reached.items() if level]


def rises_of(events: Sequence[Event]) -> list[e.Escalated]:
    """How often and why the case was raised."""
    return [event.fact for event in events if isinstance(event.fact, e.Escalated)]


def papers_of(events: Sequence[Event]) -> list[e.NoticeIssued]:
    """The notices that were issued."""
    return [event.fact for event in events if isinstance(event.fact, e.NoticeIssued)]


def proposals_of(events: Sequence[Event]) -> list[tuple[str, str, str]]:
    """The proposed steps: the day, the step, the office that decides."""
    return [
        (event.on.isoformat(), event.fact.step.value, event.fact.office)
        for event in events
        if isinstance(event.fact, e.StepProposed)
    ]


def two_instalments() -> Story:
    """A case whose plan has two halves, due on one day."""
    halves = [{"due_on": "2023-09-28", "amount": "200万元"}] * 2
    return story_at("planned", plan={"instalments": halves})
