"""Who acts: `role[:person]@party`, for example `clerk:李敏@620105`, `debtor:王强`, `creditor`."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Final, NamedTuple

from pydantic import AfterValidator, PlainSerializer, PlainValidator, StringConstraints, WithJsonSchema


class Role(StrEnum):
    """The roles of actors: the first three belong to an office, the next two are the parties of a case."""

    CLERK = "clerk"
    HEAD = "head"
    FINANCE = "finance"
    DEBTOR = "debtor"
    CREDITOR = "creditor"
    SYSTEM = "system"


OFFICE_ROLES = frozenset({Role.CLERK, Role.HEAD, Role.FINANCE})
PARTIES = frozenset({Role.DEBTOR, Role.CREDITOR})

LONGEST_PERSON: Final = 40
LONGEST: Final = 200
"""The most characters in a person's name, and in a written actor."""

_ACTOR = re.compile(r"(?P<role>[a-z]+) ?(?::(?P<person>[^@:]+))?(?:@(?P<party>[^@]+))?")
_OFFICE = re.compile("[0-9]{6}")
_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
"""Characters that are not displayed although their category is a letter or a mark (Default_Ignorable_Code_Point), and the Braille
blank.
"""


def folded(name: str) -> str:
    """A name normalised for comparison (NFKC), with runs of blanks collapsed and the ends trimmed."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def plain(name: str) -> str:
    """A name as it is stored: folded.

    Raises:
        ValueError: It contains an invisible character, which would let two people have names that look the same.
    """
    if any(unicodedata.category(letter) in _UNSEEN for letter in name) or _INVISIBLE.search(name):
        raise ValueError(f"{name!r} has a character that does not show")
    return folded(name)


_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def person_key(name: str) -> str:
    """The key by which people of one office are told apart: the letters and digits of the name, without blanks, dots and case."""
    letters = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in letters if unicodedata.category(letter)[0] not in "ZPSC")


def _named(value: str) -> str:
    name = plain(value)
    if not person_key(name) or len(name) > LONGEST_PERSON or not {":", "@"}.isdisjoint(name):
        raise ValueError(f"not a name: {value!r}; write 1 to {LONGEST_PERSON} characters, without @ and :")
    return name


PersonName = Annotated[str, StringConstraints(max_length=LONGEST_PERSON), AfterValidator(_named)]
"""The name of a person at an office, in its stored form."""


class Actor(NamedTuple):
    """An actor: a role, an optional person, and the party: an office's code, or the name or code of a party to a case."""

    role: Role
    person: str | None = None
    party: str | None = None

    def __str__(self) -> str:
        person = f":{self.person}" if self.person else ""
        party = f"@{self.party}" if self.party else ""
        return f"{self.role}{person}{party}"

    def is_second_person_to(self, other: "Actor") -> bool:
        """Whether this actor may be the second person to the other: both are named, and person or party differ, whatever the roles."""
        if self.person is None or other.person is None:
            return False
        return (person_key(self.person), self.party) != (person_key(other.person), other.party)

    def speaks_for(self, name: str, code: str | None) -> bool:
        """Whether this actor belongs to the party with that name and code. Within a case an actor may omit its party."""
        return self.party is None or self.party in (folded(name), code)

    @property
    def side(self) -> str:
        """The owner of this actor's command ids: an office (by its code), a party, or the system."""
        return self.party if self.role in OFFICE_ROLES and self.party else self.role.value


def key_of(command_id: str, by: Actor, entered_by: Actor | None) -> str:
    """A command id qualified by its owner, who is the clerk that enters the command, or else its giver."""
    return f"{(entered_by or by).side}/{command_id}"


@lru_cache(maxsize=1024)
def parse_actor(written: str) -> Actor:
    """Read an actor in its written form.

    Raises:
        ValueError: It has another form, a name has an invisible character, the role is unknown, or an office's role lacks the code of
            the office.
    """
    if len(written) > LONGEST:
        raise ValueError(f"not an actor: more than {LONGEST} characters")
    match = _ACTOR.fullmatch(plain(written))
    if match is None or match["role"] not in list(Role):
        roles = ", ".join(Role)
        raise ValueError(f"not an actor: {written!r}; write role[:person]@party, the role one of {roles}")
    person = _named(match["person"]) if match["person"] else None
    party = match["party"].strip() if match["party"] else None
    actor = Actor(Role(match["role"]), person, party)
    if actor.role in OFFICE_ROLES and not _OFFICE.fullmatch(actor.party or ""):
        raise ValueError(f"{written!r}: a {actor.role} is of an office; write its six-digit code after @")
    return actor


def _read(value: Any) -> Actor:
    """Read an actor; only its written form is accepted, whoever sent it."""
    if not isinstance(value, str | Actor):
        raise ValueError("not an actor: write role[:person]@party, as text")
    return parse_actor(str(value))


WrittenActor = Annotated[
    Actor,
    PlainValidator(_read),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "description": "`role[:person]@party`. In a case the party of `debtor` and `creditor` may be left out.",
            "type": "string",
            "maxLength": LONGEST,
            "examples": ["clerk:李敏@620105", "debtor:王强", "creditor"],
        }
    ),
]

SYSTEM = Actor(Role.SYSTEM)
