"""Who somebody is, in words: never as a code."""

from collections.abc import Mapping

from domain.actors import OFFICE_ROLES, Actor
from domain.telling.terms import ROLES, Sentence


def named(actor: Actor, offices: Mapping[str, str]) -> Sentence:
    """Role, person and office: 安宁区清欠办经办人 李敏.

    Args:
        offices: The names of the offices by their codes.
    """
    chinese, plain = ROLES[actor.role]
    if actor.role in OFFICE_ROLES:
        office = offices.get(actor.party or "", actor.party or "")
        return f"{office}{chinese} {actor.person or ''}".rstrip(), f"{plain} {actor.person or ''}, {office}"
    return f"{chinese} {actor.person or ''}".rstrip(), f"{plain} {actor.person or ''}".rstrip()
