"""回访审核 and 销号, appeal and re-opening: what can have happened."""

from typing import Literal

from domain.facts.fact import Fact
from domain.value import Attempt, CallBackOutcome, Satisfied, Stage

__all__ = ["Appealed", "CalledBack", "Closed", "Rated", "Reopened", "ReviewFact", "Upheld"]


class Rated(Fact):
    kind: Literal["rated"] = "rated"
    satisfied: Satisfied
    note: str | None


class CalledBack(Fact):
    """`back_to` is the stage to which a dissatisfied creditor puts the case back; `attempts` were made where nobody was reached."""

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
    """`office` is the one whose head answers."""

    kind: Literal["appealed"] = "appealed"
    reason: str
    office: str


class Upheld(Fact):
    kind: Literal["upheld"] = "upheld"
    reason: str


class Reopened(Fact):
    """`back_to` is the stage to which a closed case is put back; any other goes on where it stood, its terms anew."""

    kind: Literal["reopened"] = "reopened"
    reason: str
    back_to: Literal["payment", "verification"] | None = None


ReviewFact = Rated | CalledBack | Closed | Appealed | Upheld | Reopened
