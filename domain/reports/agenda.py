"""The day's list (日清单): what is due today, has lapsed, or shows a red light, and what waits for the head's decision."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from domain.actors import Role
from domain.case.casefile import Case
from domain.case.duties import light_of
from domain.duty import Duty, DutyKind
from domain.names.sequence import in_sequence
from domain.value import Light, Value

LISTED: Final = 200
"""How many duties a list names, the worst ones. Its counts cover all of them."""


class Item(Value):
    """A duty on the list. `days_late` is 0 until its last day is over."""

    case_no: str
    title: str
    holder: str
    holder_name: str
    duty: DutyKind
    subject: str | None
    owner: Role
    due_on: date
    provisional: bool
    days_late: int
    light: Light

    @property
    def badness(self) -> tuple[int, int, date, tuple[str, int], str, str]:
        """The sort key that puts the worst first: by light, then by days late, then by last day. No two duties are equal."""
        return (
            -self.light.severity,
            -self.days_late,
            self.due_on,
            in_sequence(self.case_no),
            self.duty,
            self.subject or "",
        )


class Items(Value):
    """The number of duties, and the worst of them, the worst first."""

    count: int = 0
    items: tuple[Item, ...] = ()


class Agenda(Value):
    """What some offices have to do on a day.

    Attributes:
        due_today: Duties whose last day it is.
        lapsed: Duties whose last day is over.
        red: Duties with a red light, most of which have lapsed too.
        suspended: The number of suspended cases. Their duties are on no list.
        duties: All of these duties, each once.
    """

    due_today: int = 0
    lapsed: int = 0
    red: int = 0
    suspended: int = 0
    duties: Items = Items()


class Gates(NamedTuple):
    """The proposed steps of a case that wait for the head of `office`."""

    office: str
    items: Items


def agenda_of(case: Case, today: date, offices: Mapping[str, str]) -> Agenda:
    """The agenda of one case. `offices` are names by code."""
    if case.suspended:
        return Agenda(suspended=1)
    items = tuple(
        item
        for duty in case.duties
        if (item := _item(case, duty, today, offices)).due_on <= today or item.light is Light.RED
    )
    return Agenda(
        due_today=sum(item.due_on == today for item in items),
        lapsed=sum(item.due_on < today for item in items),
        red=sum(item.light is Light.RED for item in items),
        duties=worst([Items(count=len(items), items=items)]),
    )


def gates_of(case: Case, today: date, offices: Mapping[str, str]) -> list[Gates]:
    """The proposed steps (人工审批) of one case, due or not, by the office whose head decides."""
    heads = {gate.step.value: gate.office for gate in case.gates}
    return [
        Gates(heads[duty.subject], Items(count=1, items=(_item(case, duty, today, offices),)))
        for duty in case.duties
        if duty.duty is DutyKind.GATE and duty.subject in heads and not case.suspended
    ]


def _item(case: Case, duty: Duty, today: date, offices: Mapping[str, str]) -> Item:
    return Item(
        case_no=case.case_no,
        title=case.receipt.title,
        holder=case.holder,
        holder_name=offices.get(case.holder, case.holder),
        duty=duty.duty,
        subject=duty.subject,
        owner=duty.owner,
        due_on=duty.due_on,
        provisional=duty.provisional,
        days_late=max((today - duty.due_on).days, 0),
        light=light_of(duty, today),
    )


def worst(lists: Iterable[Items]) -> Items:
    """Merge several lists into one."""
    known = list(lists)
    items = sorted((item for one in known for item in one.items), key=lambda item: item.badness)
    return Items(count=sum(one.count for one in known), items=tuple(items[:LISTED]))


def together(agendas: Iterable[Agenda]) -> Agenda:
    """Merge the agendas of several cases or offices."""
    known = list(agendas)
    return Agenda(
        due_today=sum(one.due_today for one in known),
        lapsed=sum(one.lapsed for one in known),
        red=sum(one.red for one in known),
        suspended=sum(one.suspended for one in known),
        duties=worst(one.duties for one in known),
    )
