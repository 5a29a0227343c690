"""The duties of a case: how events or other rules change them, and which light they show on a day."""

from datetime import date
from typing import NamedTuple

from domain.calendar import Pause
from domain.case.casefile import Case
from domain.case.lastday import dated
from domain.case.owing import owed_under
from domain.duty import Duty, DutyKey
from domain.facts import Moved
from domain.rules import Rules
from domain.value import Light


class Changes(NamedTuple):
    """The duties that were opened, met, or given another last day."""

    opened: tuple[Duty, ...]
    met: tuple[DutyKey, ...]
    redated: tuple[Duty, ...]


def changes(case: Case, rules: Rules, on: date, *, anew: bool = True) -> Changes:
    """Compare the duties that follow from the case's state with those it has listed as open.

    Args:
        on: The day of the change.
        anew: Whether the last days of open duties may have changed, and are computed again.
    """
    was = {duty.key for duty in case.duties}
    owing = {one.key(): one for one in owed_under(case, rules)}
    return Changes(
        opened=tuple(
            dated(one, case, rules, _rest(case, key, on)) for key, one in owing.items() if key not in was
        ),
        met=tuple(duty.key for duty in case.duties if duty.key not in owing),
        redated=recounted(case, rules) if anew else (),
    )


def _rest(case: Case, key: DutyKey, on: date) -> tuple[Pause, ...]:
    """The time during which a re-opened duty had counted as met."""
    since = case.met_on.get(str(key))
    return (Pause(since, on),) if since else ()


def recounted(case: Case, rules: Rules) -> tuple[Duty, ...]:
    """The open duties whose dates differ when computed again, by these rules and the case's present state."""
    was = {duty.key: duty for duty in case.duties}
    anew = {one.key(): dated(one, case, rules) for one in owed_under(case, rules) if one.key() in was}
    return tuple(duty for key, duty in anew.items() if was[key] != duty)


def moved(case: Case, rules: Rules) -> tuple[Moved, ...]:
    """The open duties to which these rules, or their calendar, give another last day."""
    was = {duty.key: duty.due_on for duty in case.duties}
    return tuple(
        Moved(duty=duty.duty, subject=duty.subject, was=was[duty.key], due_on=duty.due_on)
        for duty in recounted(case, rules)
        if duty.due_on != was[duty.key]
    )


def light_of(duty: Duty, today: date) -> Light:
    """The duty's light on a day. A duty due on the 12th turns yellow when the 13th begins."""
    return next((stone.light for stone in reversed(duty.milestones) if today >= stone.on), Light.NONE)


def light_of_case(case: Case, today: date) -> Light:
    """The light of a case: the worst light of its duties."""
    lights = (light_of(duty, case.lit_on(duty.duty, today)) for duty in case.duties)
    return max(lights, key=lambda light: light.severity, default=Light.NONE)
