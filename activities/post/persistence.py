"""How long an address is tried that does not take what it is sent: one kind of persistence, and the numbers of each who has it."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple


class Persistence(NamedTuple):
    """Pauses that double from the first up to the longest, until the address is given up.

    Attributes:
        after_unknown: The pause after which a receiver that knows doubles gets again what it may have got already.
        at_once: Addresses that are under way at a time.
        margin: How much longer a claim lasts than sending can take: for what the record takes.
    """

    first_pause: timedelta
    longest_pause: timedelta = timedelta(hours=6)
    gives_up_after: timedelta = timedelta(days=7)
    after_unknown: timedelta = timedelta(days=1)
    at_once: int = 8
    margin: timedelta = timedelta(minutes=1)

    def next_try(self, since: datetime, as_of: datetime) -> datetime | None:
        """When an address is tried again that has failed since then; None when it is given up."""
        doubled = self.first_pause + max(as_of - since, timedelta())
        return self._unless_over(since, as_of, min(doubled, self.longest_pause))

    def after_silence(self, since: datetime, as_of: datetime) -> datetime | None:
        """When something that may have arrived is sent again; None when it is given up."""
        return self._unless_over(since, as_of, self.after_unknown)

    def claims_for(self, longest: float) -> timedelta:
        """How long an address is claimed where sending takes so many seconds at most."""
        return timedelta(seconds=longest) + self.margin

    def _unless_over(self, since: datetime, as_of: datetime, pause: timedelta) -> datetime | None:
        return None if as_of - since >= self.gives_up_after else as_of + pause


LETTERS: Final = Persistence(first_pause=timedelta(minutes=10))
"""Of the documents that go to an office's addresses."""

SUBSCRIBERS: Final = Persistence(first_pause=timedelta(minutes=1))
"""Of a program that is told what has changed: it is made to be asked often."""

PEOPLE: Final = Persistence(first_pause=timedelta(minutes=10))
"""Of a person who is told what is new."""
