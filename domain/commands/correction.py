"""更正登记: the command."""

from typing import Literal

from domain.command_base import CommandBase
from domain.correction import ReceiptFacts
from domain.value import Text

__all__ = ["Correct", "CorrectionCommand"]


class Correct(CommandBase):
    """`facts` is what is right, by the names of the receipt's fields; what is not said stays as it is."""

    do: Literal["correct"] = "correct"
    facts: ReceiptFacts
    reason: Text


CorrectionCommand = Correct
