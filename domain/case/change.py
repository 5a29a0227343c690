"""How a fact changes a case: a dispatch by type, in which each module of `domain.case.handling` registers the facts of its stage."""

from functools import singledispatch
from typing import Any, Final

from domain.case.casefile import Case
from domain.events import Event

Change = dict[str, Any]
"""The fields of a case that change, with their new values."""

LIVES_AGAIN: Final[Change] = {"ended": None, "ended_on": None, "ended_by": (), "appeal": None}
"""The changes that every re-opening of an ended case makes."""


@singledispatch
def change(fact: Any, case: Case, event: Event) -> Change:
    """The fields that a fact changes. The default is none; what all facts share (ending, duties, stages) is in `evolve`."""
    return {}
