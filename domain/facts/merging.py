"""并案: what can have happened."""

from datetime import date
from typing import Literal

from domain.facts.fact import Fact
from domain.receipt import Channel
from domain.value import Stage

__all__ = ["Absorbed", "Merged", "MergingFact"]


class Merged(Fact):
    """The case goes on in another one."""

    ends = Stage.MERGED

    kind: Literal["merged"] = "merged"
    into: str
    reason: str


class Absorbed(Fact):
    """Another case goes on in this one: by which channel that had come, and when it was received."""

    kind: Literal["absorbed"] = "absorbed"
    case_no: str
    channel: Channel
    received_on: date


MergingFact = Merged | Absorbed
