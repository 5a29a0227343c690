"""Access control for reading, in one place: every query of the window is restricted by a `Sight`.

An office sees the cases that it or an office below it registered, holds, or had on their way; a party sees its own. A debtor unit that
an office has invited sees those in which it owes, once they have been forwarded to it and while that office or one below handles them.
Batches and reports are of offices: an office sees those of its subtree.
"""

from typing import NamedTuple, Self

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from domain.names.claims import comparable
from domain.rules import is_below, trunk
from domain.value import Stage
from schema.seen.words import seen_by_all
from schema.tables import case_file, claim, sighting


class Unit(NamedTuple):
    """A debtor unit, as an office has invited it: its name, and its credit code where that is known."""

    office: str
    name: str
    code: str | None = None


class Sight(NamedTuple):
    """What a visitor may see: the cases of an office and the offices below it, one case, or those of a debtor unit. Empty: nothing."""

    office: str | None = None
    case_no: str | None = None
    unit: Unit | None = None

    @classmethod
    def of_office(cls, code: str) -> Self:
        """What the people and programs of an office may see."""
        return cls(office=code)

    @classmethod
    def of_party(cls, case_no: str) -> Self:
        """The one case of a party. How much of it the party sees is up to its page."""
        return cls(case_no=case_no)

    @classmethod
    def of_unit(cls, unit: Unit) -> Self:
        """The cases in which a debtor unit is the debtor."""
        return cls(unit=unit)

    def cases(self, own: str | None = None) -> ColumnElement[bool]:
        """The SQL condition on rows of `case_file`. Every query of a window contains it.

        Args:
            own: Only the cases that this office holds or registered, as far as they may be seen.
        """
        if own is not None:
            theirs = or_(case_file.c.holder == own, case_file.c.office == own)
            return and_(self._shared_with(own) if self.is_elsewhere(own) else self.cases(), theirs)
        if self.office is not None:
            return case_file.c.seen_by.contains([self.office])
        if self.case_no is not None:
            return case_file.c.case_no == self.case_no
        if self.unit is not None:
            return _owed_by(self.unit)
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
        is_seen = select(true()).where(
            seen.c.office == self.office,
            seen.c.received_on == sighting.c.received_on,
            seen.c.sequence == sighting.c.sequence,
        )
        # Not EXISTS: PostgreSQL would take the two conditions for independent, expect hardly any rows, and read both indexes whole.
        return and_(theirs, is_seen.scalar_subquery())

    def is_elsewhere(self, own: str) -> bool:
        """Whether an office is neither above nor below the one that asks. Few of its cases are seen then: those that crossed over."""
        asks = self.office
        return asks is not None and own != asks and not is_below(own, asks) and not is_below(asks, own)

    def _shared_with(self, own: str) -> ColumnElement[bool]:
        """The cases that an office elsewhere sees as well. They are found first, by the index of words: read in the order of a list,
        each of the two lines would be read to its end for them.
        """
        assert self.office is not None, "of an office"
        shared = select(case_file.c.sequence).where(seen_by_all(self.office, own)).cte("shared")
        return case_file.c.sequence.in_(select(shared.prefix_with("MATERIALIZED")))

    def offices(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """The SQL condition on rows that belong to an office: batches, reports, people."""
        if self.office is None:
            return false()
        return _within(self.office, column)


def _within(office: str, column: ColumnElement[str]) -> ColumnElement[bool]:
    """The SQL condition that a column holds the code of an office or of one below it."""
    first = trunk(office)
    return column.between(first.ljust(6, "0"), first.ljust(6, "9"))


def _owed_by(unit: Unit) -> ColumnElement[bool]:
    """Whether a unit is the debtor of a case (`domain.names.claims.Party.is_same`), has been told of it (`Case.is_known_to_debtor`),
    and the office that has invited it still handles it, or one below. One that was merged goes on under another number.
    """
    is_named = claim.c.debtor == comparable(unit.name)
    if unit.code is not None:
        is_named = or_(claim.c.debtor_code == unit.code, and_(claim.c.debtor_code.is_(None), is_named))
    told = [case_file.c.state[name].astext.is_not(None) for name in ("forwarded_on", "account")]
    return and_(
        case_file.c.case_no.in_(select(claim.c.case_no).where(is_named)),
        _within(unit.office, case_file.c.holder),
        case_file.c.stage != Stage.MERGED.value,
        or_(*told),
    )
