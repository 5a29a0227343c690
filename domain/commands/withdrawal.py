"""The commands of 撤回."""

from typing import Literal

from domain.command_base import CommandBase
from domain.value import Text

__all__ = ["ConfirmWithdrawal", "Keep", "Withdraw", "WithdrawalCommand"]


class Withdraw(CommandBase):
    """Ask, as the creditor, to end the case. The office then makes sure that this is voluntary."""

    is_grave = True

    do: Literal["withdraw"] = "withdraw"
    reason: Text


class Keep(CommandBase):
    """Take the withdrawal back, as the creditor."""

    do: Literal["keep"] = "keep"


class ConfirmWithdrawal(CommandBase):
    """Record what the creditor said when the office called: that the withdrawal is voluntary, or not."""

    is_grave = True

    do: Literal["confirm_withdrawal"] = "confirm_withdrawal"
    voluntary: bool
    note: Text


WithdrawalCommand = Withdraw | Keep | ConfirmWithdrawal
