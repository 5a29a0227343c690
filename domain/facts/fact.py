"""The base class of all facts."""

from typing import ClassVar

from domain.value import Stage, Value


class Fact(Value):
    """Something that has happened, as the journal stores it. The field `kind` tells the classes apart.

    Attributes:
        ends: The stage to which the fact takes the case if it ends it; `ending` decides whether it does.
        redates: Whether the last days of open duties are computed again afterwards; a subclass may decide that in `redating`.
    """

    ends: ClassVar[Stage | None] = None
    redates: ClassVar[bool] = False

    def redating(self) -> bool:
        """Whether the last days of open duties are computed again after this fact."""
        return self.redates

    def ending(self) -> Stage | None:
        """The stage to which this fact takes the case if it ends it; None if it does not."""
        return self.ends
