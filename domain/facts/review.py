"""The facts of 回访审核, 销号, appeal and re-opening."""

from typing import Literal

from domain.facts.fact import Fact
from domain.value import Attempt, CallBackOutcome, Satisfied, Stage

__all__ = ["Appealed", "CalledBack", "Closed", "Rated", "Reopened", "ReviewFact", "Upheld"]


class Rated(Fact):
    kind: Literal["rated"] = "rated"
    satisfied: Satisfied
    note: str | None


class CalledBack(Fact):
    """The creditor was called back. `back_to` is the stage to which its dissatisfaction returns the case; `attempts` are recorded if
    it could not be reached.
    """

    kind: Literal["called_back"] = "called_back"
    satisfied: CallBackOutcome
    note: str
    attempts: tuple[Attempt, ...] = ()
    back_to: Literal["payment", "verification"] | None = None


class Closed(Fact):
    ends = Stage.CLOSED

    kind: Literal["closed"] = "closed"
    report: str


class Appealed(Fact):
    """The creditor appealed. The head of `office` decides."""

    kind: Literal["appealed"] = "appealed"
    reason: str
    office: str


class Upheld(Fact):
    kind: Literal["upheld"] = "upheld"
    reason: str


class Reopened(Fact):
    """A case was re-opened. `back_to` is the stage to which a closed case returns; a case with any other end resumes where it stood,
    and its terms begin again.
    """

    kind: Literal["reopened"] = "reopened"
    reason: str
    back_to: Literal["payment", "verification"] | None = None


ReviewFact = Rated | CalledBack | Closed | Appealed | Upheld | Reopened
