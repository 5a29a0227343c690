"""Actors and facts in words, with names of offices instead of codes."""

from collections.abc import Mapping
from typing import Final

from domain.actors import OFFICE_ROLES, Actor
from domain.facts.fact import Fact
from domain.telling.sentence import sentence
from domain.telling.terms import ROLES, Sentence

_OFFICES: Final = ("to", "office", "holder", "against")
"""The fields of facts that hold codes of offices."""


def told(fact: Fact, offices: Mapping[str, str]) -> Sentence:
    """A sentence about a fact, with names of offices.

    Args:
        offices: The names of the offices by code.
    """
    codes = {field: str(getattr(fact, field, None)) for field in _OFFICES}
    names = {field: offices[code] for field, code in codes.items() if code in offices}
    return sentence(fact.model_copy(update=names) if names else fact)


def office_named(code: str | None, offices: Mapping[str, str]) -> str:
    """The name of an office; its code, if the rules do not know it."""
    return offices.get(code or "", code or "")


def named(actor: Actor, offices: Mapping[str, str]) -> Sentence:
    """An actor by role, person and office or party, such as 安宁区清欠办经办人 李敏 or 债务人 安宁区环卫局 王强.

    Args:
        offices: The names of the offices by code.
    """
    chinese, plain = ROLES[actor.role]
    if actor.role in OFFICE_ROLES:
        office = office_named(actor.party, offices)
        return f"{office}{chinese} {actor.person or ''}".rstrip(), f"{plain} {actor.person or ''}, {office}"
    whose = "".join(f" {name}" for name in (actor.party, actor.person) if name)
    return f"{chinese}{whose}", f"{plain}{whose}"
