"""What every fact is."""

from typing import ClassVar

from domain.value import Stage, Value


class Fact(Value):
    """Something that has happened, as its journal keeps it; `kind` tells the facts apart.

    Attributes:
        ends: The stage in which it leaves the case, where it may end it: `ending` says whether it does.
        redates: Whether the last days of open duties are counted again after it: `redating` says whether they are.
    """

    ends: ClassVar[Stage | None] = None
    redates: ClassVar[bool] = False

    def redating(self) -> bool:
        """Whether the last days of open duties are counted again after it."""
        return self.redates

    def ending(self) -> Stage | None:
        """The stage in which it leaves the case, if it ends it."""
        return self.ends
