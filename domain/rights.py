"""What an office and its people may do with a case apart from giving it commands. All interfaces ask here."""

from collections.abc import Collection
from typing import Final

from domain.actors import Actor, Role
from domain.rules import is_below

GIVES_CODES: Final = frozenset({Role.CLERK, Role.HEAD})


def may_register(by: Actor, office: str, *, below: bool = False) -> bool:
    """Whether somebody may register a case for an office: a clerk of that office; with `below`, as for a 台账, also one of an office
    above it.
    """
    is_above = below and by.party is not None and is_below(office, by.party)
    return by.role is Role.CLERK and (by.party == office or is_above)


def works_on(office: str, registered_by: str, holder: str) -> bool:
    """Whether an office registered a case or holds it now. Other offices on its route do not work on it any more."""
    return office in (registered_by, holder)


def handles(office: str, holder: str) -> bool:
    """Whether an office, or one below it, holds a case. A debtor unit that it invited can then see the case."""
    return office == holder or is_below(holder, office)


def may_see_contact(office: str, registered_by: str, holder: str) -> bool:
    """Whether an office may see the creditor's contact: only the offices that work on the case (个人信息保护法 Art 6: no more than the
    purpose requires), not everybody who sees it.
    """
    return works_on(office, registered_by, holder)


def may_reissue_code(office: str, roles: Collection[Role], registered_by: str, holder: str) -> bool:
    """Whether somebody may issue a new access code. This right is narrow, because the code lets its holder act for the enterprise."""
    return works_on(office, registered_by, holder) and not GIVES_CODES.isdisjoint(roles)
