"""撤回: the commands."""

from typing import Literal

from domain.command_base import CommandBase
from domain.value import Text

__all__ = ["ConfirmWithdrawal", "Keep", "Withdraw", "WithdrawalCommand"]


class Withdraw(CommandBase):
    """The creditor asks to have the case ended; the office makes sure that it does so of its own free will."""

    is_grave = True

    do: Literal["withdraw"] = "withdraw"
    reason: Text


class Keep(CommandBase):
    """The creditor takes that back."""

    do: Literal["keep"] = "keep"


class ConfirmWithdrawal(CommandBase):
    """What the creditor said when it was called: that it withdraws of its own free will, or not."""

    is_grave = True

    do: Literal["confirm_withdrawal"] = "confirm_withdrawal"
    voluntary: bool
    note: Text


WithdrawalCommand = Withdraw | Keep | ConfirmWithdrawal
