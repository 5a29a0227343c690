"""The facts of 撤回."""

from typing import Literal

from domain.facts.fact import Fact
from domain.value import Stage

__all__ = ["WithdrawalAsked", "WithdrawalFact", "WithdrawalKept", "Withdrawn"]


class WithdrawalAsked(Fact):
    kind: Literal["withdrawal_asked"] = "withdrawal_asked"
    reason: str


class WithdrawalKept(Fact):
    """The withdrawal came to nothing: the creditor took it back; or, with a `note`, it had not been voluntary."""

    kind: Literal["withdrawal_kept"] = "withdrawal_kept"
    note: str | None = None


class Withdrawn(Fact):
    """The creditor has withdrawn. `reason` is its own, `note` what it said when the office called."""

    ends = Stage.WITHDRAWN

    kind: Literal["withdrawn"] = "withdrawn"
    reason: str
    note: str


WithdrawalFact = WithdrawalAsked | WithdrawalKept | Withdrawn
