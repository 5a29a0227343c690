"""Statements of a debt, as people write them: its amounts as of a day, and when each part is due. All amounts are fen."""

from typing import Annotated

from pydantic import Field

from domain.money import Fen, PositiveFen
from domain.value import MOST_OF_A_LIST, Day, Name, Value


class StatedDue(Value):
    """A part that is not yet due, with the day on which it falls due."""

    amount: PositiveFen
    due_on: Day
    what: Name


class Statement(Value):
    """`settled − paid = undisputed + disputed + not_yet_due + judicial`, as of a day (截止日).

    `paid` is what was paid outside this case. The part of `not_yet_due` that `dues` do not cover has no day yet.
    """

    settled: Fen
    paid: Fen
    undisputed: Fen
    disputed: Fen = 0
    not_yet_due: Fen = 0
    judicial: Fen = 0
    as_of: Day
    dues: Annotated[tuple[StatedDue, ...], Field(max_length=MOST_OF_A_LIST)] = ()

    @property
    def owed_fen(self) -> int:
        """The settled amount that has not been paid."""
        return self.settled - self.paid

    @property
    def parts_fen(self) -> int:
        """The sum of the parts. It equals `owed_fen` in a valid statement."""
        return self.undisputed + self.disputed + self.not_yet_due + self.judicial

    @property
    def dated_fen(self) -> int:
        """The sum of the dated parts, at most `not_yet_due` in a valid statement."""
        return sum(due.amount for due in self.dues)


class PlannedInstalment(Value):
    """A payment promised for a day."""

    due_on: Day
    amount: PositiveFen
