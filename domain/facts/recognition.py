"""The facts of 核实: how the debt is established. Amounts end in `_fen`."""

from datetime import date
from typing import Literal

from domain.facts.fact import Fact
from domain.facts.planning import Instalment, Source
from domain.value import AdjustedWhy, Attempt, Stage, Value

__all__ = [
    "Adjusted",
    "Amounts",
    "DatedPart",
    "Determined",
    "DisputeResolved",
    "Endorsed",
    "EndorsementDeemed",
    "FellDue",
    "FoundUnfounded",
    "Objected",
    "Recognised",
    "RecognitionFact",
]


class DatedPart(Value):
    """A part of the debt that falls due on a known day, such as 质保金. `no` never changes within its case."""

    no: int
    amount_fen: int
    due_on: date
    what: str


class Amounts(Value):
    """The debt as of a day, and its parts: `settled − paid = undisputed + disputed + not yet due + judicial`. `dues` are the dated
    parts of `not_yet_due_fen`.
    """

    settled_fen: int
    paid_fen: int
    undisputed_fen: int
    disputed_fen: int = 0
    not_yet_due_fen: int = 0
    judicial_fen: int = 0
    as_of: date
    dues: tuple[DatedPart, ...] = ()


class Recognised(Amounts, Fact):
    kind: Literal["recognised"] = "recognised"


class Endorsed(Fact):
    kind: Literal["endorsed"] = "endorsed"
    interest_waived: bool = False


class Objected(Fact):
    kind: Literal["objected"] = "objected"
    reason: str


class FoundUnfounded(Fact):
    ends = Stage.UNFOUNDED

    kind: Literal["found_unfounded"] = "found_unfounded"
    reason: str


class EndorsementDeemed(Fact):
    kind: Literal["endorsement_deemed"] = "endorsement_deemed"
    attempts: tuple[Attempt, ...]


class Determined(Amounts, Fact):
    """The office decided what is owed.

    Attributes:
        sources, instalments: The plan afterwards, if it had to be cut.
    """

    redates = True

    kind: Literal["determined"] = "determined"
    grounds: str
    sources: tuple[Source, ...] | None = None
    instalments: tuple[Instalment, ...] | None = None


class DisputeResolved(Fact):
    kind: Literal["dispute_resolved"] = "dispute_resolved"
    recognised_fen: int
    rejected_fen: int
    reference: str


class Adjusted(Fact):
    """The account was adjusted. Nothing is overwritten: `was` and `now` show the difference.

    Attributes:
        sources, instalments: The plan afterwards, if it had to be cut.
    """

    redates = True

    kind: Literal["adjusted"] = "adjusted"
    why: AdjustedWhy
    agreed_by_both: bool
    reference: str
    was: Amounts
    now: Amounts
    sources: tuple[Source, ...] | None = None
    instalments: tuple[Instalment, ...] | None = None


class FellDue(Fact):
    """A dated part fell due; or the day came by which property was to be handed over, and the creditor is asked whether it was.

    Attributes:
        part: The number of the part.
        voucher: The payment in kind whose day has come.
        late: Recorded after its own day.
    """

    kind: Literal["fell_due"] = "fell_due"
    part: int | None = None
    voucher: str | None = None
    amount_fen: int
    due_on: date
    late: bool = False


RecognitionFact = (
    Recognised
    | Endorsed
    | Objected
    | FoundUnfounded
    | EndorsementDeemed
    | Determined
    | DisputeResolved
    | Adjusted
    | FellDue
)
