"""The commands of 回访审核, 销号, appeal and re-opening."""

from typing import Annotated, Literal

from domain.command_base import CommandBase
from domain.commands.fields import PaymentsIn
from domain.value import Attempts, CallBackOutcome, Reference, Satisfied, Text

__all__ = ["Appeal", "CallBack", "Close", "Rate", "Reopen", "ReviewCommand", "Uphold"]


ConfirmedVoucher = Annotated[Reference, PaymentsIn(("confirmed", "attested"))]
"""The voucher of a payment that counts and that the creditor now denies."""


class Rate(CommandBase):
    """Rate the handling, as the creditor, before or after the call-back."""

    do: Literal["rate"] = "rate"
    satisfied: Satisfied
    note: Text | None = None


class CallBack(CommandBase):
    """Record a call-back. `satisfied = no` with a `voucher` means that this payment did not arrive; without one, that the amount is
    wrong. If nobody was reached, `attempts` on two days are needed.
    """

    do: Literal["call_back"] = "call_back"
    satisfied: CallBackOutcome
    note: Text
    voucher: ConfirmedVoucher | None = None
    attempts: Attempts = ()


class Close(CommandBase):
    is_grave = True

    do: Literal["close"] = "close"
    report: Text


class Appeal(CommandBase):
    """Appeal: the creditor asks the office above whether the end was right."""

    do: Literal["appeal"] = "appeal"
    reason: Text


class Uphold(CommandBase):
    do: Literal["uphold"] = "uphold"
    reason: Text


class Reopen(CommandBase):
    """Re-open a case. A closed one goes back to payment if a `voucher` is named, otherwise to verification; any other resumes where it
    stood.
    """

    do: Literal["reopen"] = "reopen"
    reason: Text
    voucher: ConfirmedVoucher | None = None


ReviewCommand = Rate | CallBack | Close | Appeal | Uphold | Reopen
