"""The facts of 受理, from the receipt on."""

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
    """How far the case had come elsewhere before it was entered here. `cleared_fen` was paid after the debt was recognised."""

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
    """A duty had lapsed before the case was entered here. It is recorded once; the duty climbs its ladder from a new last day."""

    kind: Literal["late_on_entry"] = "late_on_entry"
    duty: DutyKind
    subject: str | None
    due_on: date


class Accepted(Fact):
    """The case was accepted. `mode` is the disposition mode in which it begins, if a head has set one."""

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
