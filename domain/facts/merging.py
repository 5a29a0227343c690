"""The facts of 并案."""

from datetime import date
from typing import Literal

from domain.facts.fact import Fact
from domain.receipt import Channel
from domain.value import Stage

__all__ = ["Absorbed", "Merged", "MergingFact"]


class Merged(Fact):
    """The case was merged into another one, and ends."""

    ends = Stage.MERGED

    kind: Literal["merged"] = "merged"
    into: str
    reason: str


class Absorbed(Fact):
    """Another case was merged into this one. The fact keeps the channel through which that case came, and the day of its receipt."""

    kind: Literal["absorbed"] = "absorbed"
    case_no: str
    channel: Channel
    received_on: date


MergingFact = Merged | Absorbed
