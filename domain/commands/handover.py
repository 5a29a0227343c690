"""转办, 退办, 改派 and 移送: the commands."""

from typing import Annotated, Literal

from pydantic import Field

from domain.asked import Asked
from domain.commands.fields import Among
from domain.rules import OfficeCode
from domain.value import HandOutTo, Name, Reference, Text

__all__ = ["Acknowledge", "Forward", "HandOut", "HandoverCommand", "Reassign", "ReturnUp"]


class Forward(Asked):
    do: Literal["forward"] = "forward"
    to: Annotated[str, Field(pattern=r"^(debtor|[0-9]{6})$", max_length=6), Among.RECEIVERS]


class ReturnUp(Asked):
    do: Literal["return_up"] = "return_up"
    reason: Text


class Reassign(Asked):
    do: Literal["reassign"] = "reassign"
    to: Annotated[OfficeCode, Among.OTHER_OFFICES]
    reason: Text


class HandOut(Asked):
    """移送: the case is not this province's to clear; `reference` is the receipt of whoever takes it."""

    is_grave = True

    do: Literal["hand_out"] = "hand_out"
    to: Name
    kind: HandOutTo
    reference: Reference


class Acknowledge(Asked):
    do: Literal["acknowledge"] = "acknowledge"


HandoverCommand = Forward | ReturnUp | Reassign | HandOut | Acknowledge
