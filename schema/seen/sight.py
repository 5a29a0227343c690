"""Who sees which cases, in one place: everything that a window reads goes through a `Sight`.

An office sees the cases that it or an office below it registered, holds, or had on their way; a party sees its own. Batches
and reports are of offices: an office sees those of its subtree.
"""

from typing import NamedTuple, Self

from sqlalchemy import ColumnElement, and_, exists, false

from domain.rules import is_below, trunk
from schema.tables import case_file, sighting


class Sight(NamedTuple):
    """What somebody may see: the cases of an office and of those below it, or one case. Neither: nothing."""

    office: str | None = None
    case_no: str | None = None

    @classmethod
    def of_office(cls, code: str) -> Self:
        """What the people and programs of an office may see."""
        return cls(office=code)

    @classmethod
    def of_party(cls, case_no: str) -> Self:
        """What a party of a case may see of it: the page of each says how much that is."""
        return cls(case_no=case_no)

    def cases(self) -> ColumnElement[bool]:
        """The condition that a row of `case_file` must meet. Every query of a window has it."""
        if self.office is not None:
            return case_file.c.seen_by.contains([self.office])
        if self.case_no is not None:
            return case_file.c.case_no == self.case_no
        return false()

    def sightings(self, own: str | None = None) -> ColumnElement[bool]:
        """The condition on rows of `sighting`, of which there is one for each case that an office sees.

        Args:
            own: Only what this office holds or registered. Somebody else's line is then read, as far as it may be seen.
        """
        if self.office is None:
            return false()
        if own is None:
            return sighting.c.office == self.office
        theirs = and_(sighting.c.office == own, sighting.c.is_own)
        if own == self.office or is_below(own, self.office):
            return theirs
        seen = sighting.alias("seen")
        return and_(
            theirs,
            exists().where(
                seen.c.office == self.office,
                seen.c.received_on == sighting.c.received_on,
                seen.c.sequence == sighting.c.sequence,
            ),
        )

    def offices(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """The condition that an office's own row must meet: a batch, a report, a person."""
        if self.office is None:
            return false()
        first = trunk(self.office)
        return column.between(first.ljust(6, "0"), first.ljust(6, "9"))
