"""撤回: what can have happened."""

from typing import Literal

from domain.facts.fact import Fact
from domain.value import Stage

__all__ = ["WithdrawalAsked", "WithdrawalFact", "WithdrawalKept", "Withdrawn"]


class WithdrawalAsked(Fact):
    kind: Literal["withdrawal_asked"] = "withdrawal_asked"
    reason: str


class WithdrawalKept(Fact):
    """The case goes on: the creditor took it back, or, with a `note`, did not withdraw of its own free will."""

    kind: Literal["withdrawal_kept"] = "withdrawal_kept"
    note: str | None = None


class Withdrawn(Fact):
    """`reason` is the creditor's, `note` what it said when it was called."""

    ends = Stage.WITHDRAWN

    kind: Literal["withdrawn"] = "withdrawn"
    reason: str
    note: str


WithdrawalFact = WithdrawalAsked | WithdrawalKept | Withdrawn
