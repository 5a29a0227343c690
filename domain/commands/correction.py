"""The command of 更正登记."""

from typing import Literal

from domain.command_base import CommandBase
from domain.correction import ReceiptFacts
from domain.value import Text

__all__ = ["Correct", "CorrectionCommand"]


class Correct(CommandBase):
    """Correct the registration. `facts` has the right values by the names of the receipt's fields; fields that it omits stay as they
    are.
    """

    do: Literal["correct"] = "correct"
    facts: ReceiptFacts
    reason: Text


CorrectionCommand = Correct
