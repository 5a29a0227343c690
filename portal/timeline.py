"""What has happened to a case or a batch, and what will, as lines for the people of an office: when, who, and what."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from domain.actors import OFFICE_ROLES, Actor, Role
from domain.calendar import SHANGHAI
from domain.events import Event
from domain.words import ROLES
from portal import english
from portal.forms import Sentence
from portal.narration import sentence

ON_BEHALF: Final = "代录"
"""How the name of a clerk ends who enters what the debtor does."""


class Line(NamedTuple):
    """The business date and the hour; who and what, in both languages; and whether the date is provisional."""

    on: str
    hour: str
    who: Sentence
    what: Sentence
    is_provisional: bool = False


def lines(events: Sequence[Event], offices: Mapping[str, str], horizon: date | None = None) -> list[Line]:
    """Events as lines, in the same order.

    Args:
        horizon: The last day of the published calendar; what comes after it is provisional.
    """
    return [
        Line(
            event.on.isoformat(),
            f"{event.at.astimezone(SHANGHAI):%H:%M}",
            _who(event.by, offices),
            sentence(event.fact),
            horizon is not None and event.on > horizon,
        )
        for event in events
    ]


def _who(by: Actor, offices: Mapping[str, str]) -> Sentence:
    """Role, person and office; of what a clerk entered for the debtor, the clerk."""
    chinese, plain = ROLES[by.role], english.ROLES[by.role]
    if by.role in OFFICE_ROLES:
        office = offices.get(by.party or "", by.party or "")
        return f"{office}{chinese} {by.person or ''}".rstrip(), f"{plain} {by.person or ''}, {office}"
    if by.role is Role.DEBTOR and by.person and by.person.endswith(ON_BEHALF):
        clerk = by.person.removesuffix(ON_BEHALF)
        return f"{chinese}({clerk}{ON_BEHALF})", f"{plain} (entered by {clerk})"
    return f"{chinese} {by.person or ''}".rstrip(), f"{plain} {by.person or ''}".rstrip()
