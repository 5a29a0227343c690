"""核实: what can have happened. Amounts end in `_fen`."""

from datetime import date
from typing import Literal

from domain.facts.fact import Fact
from domain.value import Stage

__all__ = ["DisputeResolved", "Endorsed", "FoundUnfounded", "Objected", "Recognised", "RecognitionFact"]


class Recognised(Fact):
    kind: Literal["recognised"] = "recognised"
    settled_fen: int
    paid_fen: int
    undisputed_fen: int
    disputed_fen: int
    not_yet_due_fen: int
    as_of: date


class Endorsed(Fact):
    kind: Literal["endorsed"] = "endorsed"


class Objected(Fact):
    kind: Literal["objected"] = "objected"
    reason: str


class FoundUnfounded(Fact):
    ends = Stage.UNFOUNDED

    kind: Literal["found_unfounded"] = "found_unfounded"
    reason: str


class DisputeResolved(Fact):
    kind: Literal["dispute_resolved"] = "dispute_resolved"
    recognised_fen: int
    rejected_fen: int
    reference: str


RecognitionFact = Recognised | Endorsed | Objected | FoundUnfounded | DisputeResolved
