"""Facts in their envelopes: when they happened, who had them happen, and what they did to the duties."""

from datetime import date
from typing import NamedTuple

from domain.actors import SYSTEM
from domain.asked import Asked
from domain.case.casefile import Case
from domain.case.checks import Facts, Moment
from domain.case.duties import changes
from domain.case.evolve import fold, with_duties
from domain.events import Event


class Happened(NamedTuple):
    """What has happened to a case, in order, and the case after it."""

    events: list[Event]
    case: Case


def happen(
    case: Case, facts: Facts, moment: Moment, command: Asked | None = None, on: date | None = None
) -> Happened:
    """The facts in their envelopes, and the case after them; the last one says what all of them together did to the duties.

    Args:
        command: What caused them; without one the system did, by itself.
        on: The day they are dated by, when that is not today.
    """
    events = [
        Event(
            at=moment.now,
            on=on or moment.today,
            by=command.by if command else SYSTEM,
            fact=fact,
            entered_by=command.entered_by if command else None,
            account=command.account if command else None,
            command_id=command.command_id if command else None,
            digest=command.digest() if command else None,
        )
        for fact in facts
    ]
    case = fold(case, events)
    anew = any(fact.redates for fact in facts)
    last = events[-1].model_copy(update=changes(case, moment.rules, events[-1].on, anew=anew)._asdict())
    return Happened([*events[:-1], last], with_duties(case, last))
