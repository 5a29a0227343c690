"""约谈: summoning to an interview, the promises made there, and whether they are kept.

条例 (2025) Art 23: whoever is responsible may be asked in writing and called to an interview. A promise of the debtor becomes a duty
with its own day (约谈纪要). When the case is clear, all promises count as kept.
"""

from datetime import date

from domain import commands as c
from domain import facts as e
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment, not_in_future
from domain.case.notices import summons
from domain.events import Event
from domain.refusal import Code, Refusal


def summon(case: Case, command: c.Summon, moment: Moment) -> Facts:
    """约谈通知书: a head calls somebody to an interview, today or later."""
    day = command.day or moment.today
    if day < moment.today:
        raise Refusal(
            Code.ALREADY_LAPSED,
            f"约谈日 {day} 已过",
            f"{day} has passed: nobody is called to an interview on it",
            "day",
        )
    summoned = e.Summoned(whom=command.whom, day=day, place=command.place, reason=command.reason)
    return [summoned, summons(case, summoned, command.by.party or case.holder, moment)]


def interview_held(case: Case, command: c.InterviewHeld, moment: Moment) -> Facts:
    """约谈纪要: record an interview and the promises made there, each for today or a later day."""
    day = command.day or moment.today
    not_in_future(day, moment, "day")
    for index, promised in enumerate(command.promises):
        if promised.by < moment.today:
            raise Refusal(
                Code.ALREADY_LAPSED,
                f"承诺日 {promised.by} 已过",
                f"{promised.by} has passed: nothing can be promised by it",
                f"promises.{index}.by",
            )
    promises = tuple(
        e.Promise(no=no, what=promised.what, due_on=promised.by, made_on=moment.today)
        for no, promised in enumerate(command.promises, start=case.promised + 1)
    )
    return [e.InterviewHeld(day=day, promises=promises)]


def fulfil(case: Case, command: c.Fulfil, moment: Moment) -> Facts:
    if not any(one.no == command.promise and one.met_on is None for one in case.promises):
        raise Refusal(
            Code.MALFORMED,
            f"没有待履行的第 {command.promise} 项承诺",
            f"no promise {command.promise} is open",
            "promise",
        )
    return [e.Fulfilled(promise=command.promise, note=command.note)]


@change.register
def _(fact: e.InterviewHeld, case: Case, event: Event) -> Change:
    return {
        "promises": (*case.promises, *fact.promises),
        "promised": case.promised + len(fact.promises),
        "called_in": None,
    }


@change.register
def _(fact: e.Fulfilled, case: Case, event: Event) -> Change:
    kept = case.promises
    met = (one.model_copy(update={"met_on": event.on}) if one.no == fact.promise else one for one in kept)
    return {"promises": tuple(met)}


def kept(promises: tuple[e.Promise, ...], on: date) -> tuple[e.Promise, ...]:
    """Mark all open promises as kept, because nothing is left to pay."""
    return tuple(one if one.met_on else one.model_copy(update={"met_on": on}) for one in promises)
