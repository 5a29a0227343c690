"""Past and future events of a case or a batch, as lines for people at an office: when, who, and what."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from domain.events import Event
from domain.telling.naming import named, told
from domain.telling.words import Sentence


class Line(NamedTuple):
    """A line: the business date and the hour, the actor and the event in both languages, and whether the date is provisional."""

    on: str
    hour: str
    who: Sentence
    what: Sentence
    is_provisional: bool = False


def lines(events: Sequence[Event], offices: Mapping[str, str], horizon: date | None = None) -> list[Line]:
    """Events as lines, in the same order.

    Args:
        horizon: The last day of the published calendar; later days are provisional.
    """
    return [
        Line(
            event.on.isoformat(),
            f"{event.at:%H:%M}",
            _who(event, offices),
            told(event.fact, offices),
            horizon is not None and event.on > horizon,
        )
        for event in events
    ]


def _who(event: Event, offices: Mapping[str, str]) -> Sentence:
    """Who gave the command, who entered it, and who approved it."""
    chinese, plain = named(event.by, offices)
    if event.entered_by is not None:
        clerk, in_english = named(event.entered_by, offices)
        chinese, plain = f"{chinese}(由{clerk}代录)", f"{plain} (entered by {in_english})"
    if event.approved_by is not None:
        head, in_english = named(event.approved_by, offices)
        chinese, plain = f"{chinese}(经{head}批准)", f"{plain} (approved by {in_english})"
    return chinese, plain
