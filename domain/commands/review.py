"""回访审核 and 销号, appeal and re-opening: the commands."""

from typing import Annotated, Literal

from domain.command_base import CommandBase
from domain.commands.fields import PaymentsIn
from domain.value import Attempts, CallBackOutcome, Reference, Satisfied, Text

__all__ = ["Appeal", "CallBack", "Close", "Rate", "Reopen", "ReviewCommand", "Uphold"]


ConfirmedVoucher = Annotated[Reference, PaymentsIn(("confirmed", "attested"))]
"""The voucher of a payment that counts, and that the creditor denies now."""


class Rate(CommandBase):
    """What the creditor itself says of the handling, before or after it is called back."""

    do: Literal["rate"] = "rate"
    satisfied: Satisfied
    note: Text | None = None


class CallBack(CommandBase):
    """`satisfied = no` with a `voucher` means that this payment did not arrive; without one, that the amount is wrong. That nobody was
    reached takes `attempts` on two days.
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
    """The creditor asks the office above whether the end was right."""

    do: Literal["appeal"] = "appeal"
    reason: Text


class Uphold(CommandBase):
    do: Literal["uphold"] = "uphold"
    reason: Text


class Reopen(CommandBase):
    """A closed case: with a `voucher` back to payment, without one back to verification. Any other goes on where it stood."""

    do: Literal["reopen"] = "reopen"
    reason: Text
    voucher: ConfirmedVoucher | None = None


ReviewCommand = Rate | CallBack | Close | Appeal | Uphold | Reopen
