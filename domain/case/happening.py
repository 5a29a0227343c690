"""Wrapping facts into events: adding the day, the actor, the changed duties and the letters."""

from datetime import date
from typing import Any, NamedTuple

from domain.actors import SYSTEM
from domain.case.casefile import Case
from domain.case.checks import Facts, Moment
from domain.case.duties import changes
from domain.case.evolve import evolve, fold, with_duties, with_letters
from domain.case.handling.approval import let_go
from domain.case.letters import letters
from domain.command_base import CommandBase
from domain.events import Event
from domain.facts import Approved, CaseFact


class Happened(NamedTuple):
    """Events of a case, in order, and the case after them."""

    events: list[Event]
    case: Case


def happen(
    case: Case,
    facts: Facts,
    moment: Moment,
    command: CommandBase | None = None,
    on: date | None = None,
    submitted: CommandBase | None = None,
) -> Happened:
    """Turn facts into events, and apply them. The last event carries the changes of duties that all of them cause together.

    Args:
        facts: At least one.
        command: The command that caused them; without one they are the system's own.
        on: The day of the events, if it is not today.
        submitted: The submitted command, if `command` approves one: all facts but the approval are then the submitter's.
    """
    bare = Event(at=moment.now, on=on or moment.today, by=SYSTEM, fact=facts[0])
    whose = [bare.model_copy(update={"fact": fact, **_whose(fact, command, submitted)}) for fact in facts]
    events, after = _told(case, whose, moment)
    returned = [bare.model_copy(update={"fact": fact}) for fact in let_go(case, after)]
    events, case = [*events, *returned], fold(after, returned)
    anew = any(event.fact.redating() for event in events)
    last = events[-1].model_copy(update=changes(case, moment.rules, bare.on, anew=anew)._asdict())
    return Happened([*events[:-1], last], with_duties(case, last))


def _told(case: Case, events: list[Event], moment: Moment) -> Happened:
    """The events with the letters that each causes, and the case after them."""
    told: list[Event] = []
    for event in events:
        after = evolve(case, event)
        if written := letters(case, event, after, moment):
            event = event.model_copy(update={"letters": written})
            after = with_letters(after, event)
        told.append(event)
        case = after
    return Happened(told, case)


def _whose(fact: CaseFact, command: CommandBase | None, submitted: CommandBase | None) -> dict[str, Any]:
    """The fields of an event that say who acted, and by which command."""
    if command is None:
        return {}
    is_submitted = submitted is not None and not isinstance(fact, Approved)
    giver = submitted if submitted is not None and is_submitted else command
    return {
        "by": giver.by,
        "entered_by": giver.entered_by,
        "approved_by": command.by if is_submitted else None,
        "account": giver.account,
        "command_id": command.command_id,
        "digest": command.digest(),
    }
