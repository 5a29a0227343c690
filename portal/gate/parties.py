"""A party of a case at the window: whoever showed the code that opens it, or a debtor unit that has signed in to its account."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.actors import Actor, Role, folded, parse_actor
from domain.receipt import Debtor
from domain.value import PartySide
from schema.seen.sight import Sight, Unit
from schema.window.people import Doer

UNITS: Final = "/unit"
"""The page of a debtor unit; each of its cases lies below."""


class OfUnit(NamedTuple):
    """Somebody of a debtor unit, signed in by `session` to the account that an office gave it; `person` may have no name."""

    account: int
    login: str
    person: str
    unit: Unit
    csrf: str
    session: int

    @property
    def sight(self) -> Sight:
        """The cases in which the unit owes, as far as the office that has invited it handles them."""
        return Sight.of_unit(self.unit)

    @property
    def doer(self) -> Doer:
        """As who does something about the account."""
        return Doer(self.login, self.account)

    @property
    def office(self) -> str:
        """The office that has invited the unit."""
        return self.unit.office

    @property
    def by_common_account(self) -> bool:
        """Those are of the people of offices."""
        return False

    def at(self, case_no: str, debtor: Debtor) -> "Party":
        """The unit as the debtor of a case in its sight."""
        return Party(PartySide.DEBTOR, case_no, self.csrf, self, self._acting_as(debtor))

    def _acting_as(self, debtor: Debtor) -> Actor:
        """The debtor by name, with the person; by its code, where the name is none that an actor can have."""
        actor = Actor(Role.DEBTOR, self.person or None, folded(debtor.name))
        try:
            return parse_actor(str(actor))
        except ValueError:
            return actor._replace(party=debtor.code)


HOMES: Final[Mapping[PartySide, str]] = {PartySide.CREDITOR: "/case", PartySide.DEBTOR: "/debtor"}
"""The page of each party; everything else that is for it lies below."""


class Party(NamedTuple):
    """A party of a case, who showed the code that opens it to that party; or a debtor unit that has signed in to its account."""

    side: PartySide
    case_no: str
    csrf: str
    of_unit: OfUnit | None = None
    named: Actor | None = None

    @property
    def sight(self) -> Sight:
        """The case in which it is owed, or owes."""
        return self.of_unit.sight if self.of_unit else Sight.of_party(self.case_no)

    @property
    def actor(self) -> Actor:
        """As who it acts."""
        return self.named or Actor(Role(self.side.value))

    @property
    def account(self) -> int | None:
        """The account by which it has signed in, if it has."""
        return self.of_unit.account if self.of_unit else None

    def __str__(self) -> str:
        return f"{self.side}@{self.case_no}"

    @property
    def home(self) -> str:
        """The address of its page."""
        return f"{UNITS}/cases/{self.case_no}" if self.of_unit else HOMES[self.side]

    def opens(self, path: str) -> bool:
        """Whether its page is at a path, or above it."""
        return path == self.home or path.startswith(f"{self.home}/")
