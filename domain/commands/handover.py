"""The commands of 转办, 退办, 改派 and 移送."""

from typing import Annotated, Literal

from pydantic import Field

from domain.command_base import CommandBase
from domain.commands.fields import Among
from domain.rules import OfficeCode
from domain.value import HandOutTo, Name, Reference, Text

__all__ = ["Acknowledge", "Forward", "HandOut", "HandoverCommand", "Reassign", "ReturnUp"]


class Forward(CommandBase):
    do: Literal["forward"] = "forward"
    to: Annotated[str, Field(pattern=r"^(debtor|[0-9]{6})$", max_length=6), Among.RECEIVERS]


class ReturnUp(CommandBase):
    do: Literal["return_up"] = "return_up"
    reason: Text


class Reassign(CommandBase):
    do: Literal["reassign"] = "reassign"
    to: Annotated[OfficeCode, Among.OTHER_OFFICES]
    reason: Text


class HandOut(CommandBase):
    """移送: hand out a case that is not this province's to clear. `reference` is the receipt of the authority that takes it."""

    is_grave = True

    do: Literal["hand_out"] = "hand_out"
    to: Name
    kind: HandOutTo
    reference: Reference


class Acknowledge(CommandBase):
    do: Literal["acknowledge"] = "acknowledge"


HandoverCommand = Forward | ReturnUp | Reassign | HandOut | Acknowledge
