"""What a fact changes of a case: one dispatch, to which each module of `domain.case.handling` adds the facts of its stage."""

from functools import singledispatch
from typing import Any

from domain.case.casefile import Case
from domain.events import Event

Change = dict[str, Any]
"""The fields of a case that change, with their new values."""


@singledispatch
def change(fact: Any, case: Case, event: Event) -> Change:
    """The fields a fact changes. A fact without a rule of its own changes none: ending, mode and duties are common to all."""
    return {}
