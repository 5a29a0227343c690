"""What a fact changes of a case: one dispatch, to which each module of `domain.case.handling` adds the facts of its stage."""

from functools import singledispatch
from typing import Any, Final

from domain.case.casefile import Case
from domain.events import Event

Change = dict[str, Any]
"""The fields of a case that change, with their new values."""

LIVES_AGAIN: Final[Change] = {"ended": None, "ended_on": None, "ended_by": (), "appeal": None}
"""A case that had ended goes on."""


@singledispatch
def change(fact: Any, case: Case, event: Event) -> Change:
    """The fields a fact changes. A fact without a rule of its own changes none: ending, mode and duties are common to all."""
    return {}
