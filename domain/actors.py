"""Who acts: `role[:person]@party`, for example `clerk:李敏@620105`, `debtor:王强`, `creditor`."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, PlainSerializer

from domain.value import is_writable


class Role(StrEnum):
    """What somebody acts as. The first three are of an office, the next two of the case."""

    CLERK = "clerk"
    HEAD = "head"
    FINANCE = "finance"
    DEBTOR = "debtor"
    CREDITOR = "creditor"
    SYSTEM = "system"


OFFICE_ROLES = frozenset({Role.CLERK, Role.HEAD, Role.FINANCE})

_ACTOR = re.compile(r"\s*(?P<role>[a-z]+)\s*(?::(?P<person>[^@:]+))?(?:@(?P<party>[^@]+))?")
_OFFICE = re.compile("[0-9]{6}")


class Actor(NamedTuple):
    """Somebody acting: a role, perhaps a named person, and an office's code or the name or code of a party."""

    role: Role
    person: str | None = None
    party: str | None = None

    def __str__(self) -> str:
        person = f":{self.person}" if self.person else ""
        party = f"@{self.party}" if self.party else ""
        return f"{self.role}{person}{party}"

    def is_same_person_as(self, other: "Actor") -> bool:
        """Whether one cannot be the other's second pair of eyes: person and party agree, whatever the role."""
        return (self.person, self.party) == (other.person, other.party)


@lru_cache(maxsize=1024)
def parse_actor(written: str) -> Actor:
    """Read an actor.

    Raises:
        ValueError: It is not written like one, the role is unknown, or an office's role lacks the office's code.
    """
    match = _ACTOR.fullmatch(written) if is_writable(written) else None
    if match is None or match["role"] not in list(Role):
        roles = ", ".join(Role)
        raise ValueError(f"not an actor: {written!r}; write role[:person]@party, the role one of {roles}")
    person, party = ((match[name] or "").strip() or None for name in ("person", "party"))
    actor = Actor(Role(match["role"]), person, party)
    if actor.role in OFFICE_ROLES and not _OFFICE.fullmatch(actor.party or ""):
        raise ValueError(f"{written!r}: a {actor.role} is of an office; write its six-digit code after @")
    return actor


def _read(value: Any) -> Any:
    return parse_actor(value) if isinstance(value, str) else value


WrittenActor = Annotated[Actor, BeforeValidator(_read), PlainSerializer(str)]

SYSTEM = Actor(Role.SYSTEM)
