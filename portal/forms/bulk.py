"""The orders that can be given to many cases at once. Each case decides for itself whether to accept one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from domain.actors import Actor, Role, person_key
from domain.rules import is_below
from domain.telling.commands import CALLED
from domain.telling.words import Sentence
from portal.gate.visitors import Staff


class BulkOrder(NamedTuple):
    """A command without its case, as an option of a form.

    Attributes:
        value: The value that the form sends.
        fields: The command's fields, `do` among them.
    """

    value: str
    zh: str
    en: str
    by: Actor
    fields: Mapping[str, Any]


def orders_for(staff: Staff, offices: Mapping[str, str], colleagues: Sequence[str]) -> list[BulkOrder]:
    """The orders that somebody may give to many cases: accept, forward, and assign.

    Args:
        offices: The names of all offices, by code.
        colleagues: The names of the people at the office.
    """
    actors = {actor.role: actor for actor in staff.actors()}
    orders: list[BulkOrder] = []
    if clerk := actors.get(Role.CLERK):
        orders += _by_clerk(clerk, offices)
    if head := actors.get(Role.HEAD):
        orders += [_on_desk(head, person) for person in colleagues]
    elif clerk:
        orders.append(_on_desk(clerk, staff.person))
    return orders


def _by_clerk(clerk: Actor, offices: Mapping[str, str]) -> Iterator[BulkOrder]:
    yield BulkOrder("accept", *CALLED["accept"], clerk, {"do": "accept"})
    yield _order(clerk, {"do": "forward", "to": "debtor"}, "to", ("债务人", "the debtor"))
    for code, name in sorted(offices.items()):
        if is_below(code, clerk.party or ""):
            yield _order(clerk, {"do": "forward", "to": code}, "to", (name, name))


def _on_desk(by: Actor, person: str) -> BulkOrder:
    is_own = person_key(person) == person_key(by.person or "")
    called = ("本人", "myself") if is_own else (person, person)
    return _order(by, {"do": "assign", "person": person}, "person", called)


def _order(by: Actor, fields: Mapping[str, str], whom: str, called: Sentence) -> BulkOrder:
    """An order named after its command and its recipient."""
    zh, en = CALLED[fields["do"]]
    return BulkOrder(f"{fields['do']}:{fields[whom]}", f"{zh}:{called[0]}", f"{en}: {called[1]}", by, fields)
