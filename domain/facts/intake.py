"""受理: what can have happened, beginning with the receipt."""

from datetime import date
from typing import Literal

from domain.duty import DutyKind
from domain.facts.fact import Fact
from domain.facts.planning import Instalment, Source
from domain.facts.recognition import Amounts
from domain.receipt import Receipt
from domain.value import Mode, Stage

__all__ = [
    "Accepted",
    "CorrectionRequested",
    "CorrectionSupplied",
    "IntakeFact",
    "LateOnEntry",
    "Received",
    "Refused",
    "TakenIn",
]


class Received(Fact):
    kind: Literal["received"] = "received"
    receipt: Receipt
    policy: str
    calendar: str


class TakenIn(Fact):
    """The case had come so far elsewhere; `cleared_fen` is what had been paid since it was recognised."""

    kind: Literal["taken_in"] = "taken_in"
    source: str
    as_of: date
    stage: Stage
    mode: Mode
    acknowledged_on: date | None = None
    recognition: Amounts | None = None
    sources: tuple[Source, ...] = ()
    instalments: tuple[Instalment, ...] = ()
    cleared_fen: int = 0


class LateOnEntry(Fact):
    """What had lapsed before the case was entered here: it is said once, and its ladder is climbed from a new last day."""

    kind: Literal["late_on_entry"] = "late_on_entry"
    duty: DutyKind
    subject: str | None
    due_on: date


class Accepted(Fact):
    """`mode` is what it is pressed with from the beginning, where a head has said so."""

    kind: Literal["accepted"] = "accepted"
    mode: Mode | None = None


class Refused(Fact):
    ends = Stage.REFUSED

    kind: Literal["refused"] = "refused"
    ground: str


class CorrectionRequested(Fact):
    kind: Literal["correction_requested"] = "correction_requested"
    items: tuple[str, ...]


class CorrectionSupplied(Fact):
    kind: Literal["correction_supplied"] = "correction_supplied"
    note: str


IntakeFact = Received | TakenIn | LateOnEntry | Accepted | Refused | CorrectionRequested | CorrectionSupplied
