"""撤回: the commands."""

from typing import Literal

from domain.asked import Asked
from domain.value import Text

__all__ = ["ConfirmWithdrawal", "Keep", "Withdraw", "WithdrawalCommand"]


class Withdraw(Asked):
    """The creditor asks to have the case ended; the office makes sure that it does so of its own free will."""

    is_grave = True

    do: Literal["withdraw"] = "withdraw"
    reason: Text


class Keep(Asked):
    """The creditor takes that back."""

    do: Literal["keep"] = "keep"


class ConfirmWithdrawal(Asked):
    """What the creditor said when it was called: that it withdraws of its own free will, or not."""

    is_grave = True

    do: Literal["confirm_withdrawal"] = "confirm_withdrawal"
    voluntary: bool
    note: Text


WithdrawalCommand = Withdraw | Keep | ConfirmWithdrawal
