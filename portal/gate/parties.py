"""A party of a case as a visitor: whoever gave its access code, or a debtor unit signed in to its account."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.actors import Actor, Role, folded, parse_actor
from domain.receipt import Debtor
from domain.value import PartySide
from schema.seen.sight import Sight, Unit
from schema.window.people import Doer

UNITS: Final = "/unit"
"""The page of a debtor unit. The pages of its cases are below it."""


class OfUnit(NamedTuple):
    """A person at a debtor unit, signed in with `session` to the account that an office gave the unit. `person` may be empty."""

    account: int
    login: str
    person: str
    unit: Unit
    csrf: str
    session: int

    @property
    def sight(self) -> Sight:
        """The cases in which the unit is the debtor, as long as the office that invited it, or one below, handles them."""
        return Sight.of_unit(self.unit)

    @property
    def doer(self) -> Doer:
        """The person, as the author of changes to the account."""
        return Doer(self.login, self.account)

    @property
    def office(self) -> str:
        """The office that invited the unit."""
        return self.unit.office

    @property
    def by_common_account(self) -> bool:
        """Always False: only staff have common accounts."""
        return False

    def at(self, case_no: str, debtor: Debtor) -> "Party":
        """The unit as the debtor of a case that it may see."""
        return Party(PartySide.DEBTOR, case_no, self.csrf, self, self._acting_as(debtor))

    def _acting_as(self, debtor: Debtor) -> Actor:
        """The debtor as an actor, with the person: by its name, or by its code if an actor cannot have that name."""
        actor = Actor(Role.DEBTOR, self.person or None, folded(debtor.name))
        try:
            return parse_actor(str(actor))
        except ValueError:
            return actor._replace(party=debtor.code)


HOMES: Final[Mapping[PartySide, str]] = {PartySide.CREDITOR: "/case", PartySide.DEBTOR: "/debtor"}
"""The page of each party. Everything else for the party is below it."""


class Party(NamedTuple):
    """A party of a case: whoever gave its access code, or a debtor unit that has signed in."""

    side: PartySide
    case_no: str
    csrf: str
    of_unit: OfUnit | None = None
    named: Actor | None = None

    @property
    def sight(self) -> Sight:
        """The cases that it may see."""
        return self.of_unit.sight if self.of_unit else Sight.of_party(self.case_no)

    @property
    def actor(self) -> Actor:
        """The actor of its commands."""
        return self.named or Actor(Role(self.side.value))

    @property
    def account(self) -> int | None:
        """The account that it has signed in to; None if it came with a code."""
        return self.of_unit.account if self.of_unit else None

    def __str__(self) -> str:
        return f"{self.side}@{self.case_no}"

    @property
    def home(self) -> str:
        """The address of its page."""
        return f"{UNITS}/cases/{self.case_no}" if self.of_unit else HOMES[self.side]

    def opens(self, path: str) -> bool:
        """Whether a path is its page, or below it."""
        return path == self.home or path.startswith(f"{self.home}/")
