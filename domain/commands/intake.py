"""受理 and 转办: the commands."""

from typing import Annotated, Literal

from pydantic import Field

from domain.actors import Role
from domain.asked import Asked
from domain.commands.fields import Among
from domain.value import MOST_OF_A_LIST, HandOutTo, Name, Reference, Text

__all__ = [
    "Accept",
    "Acknowledge",
    "Forward",
    "HandOut",
    "IntakeCommand",
    "Refuse",
    "RequestCorrection",
    "SupplyCorrection",
]


class Accept(Asked):
    do: Literal["accept"] = "accept"


class Refuse(Asked):
    is_grave = True

    do: Literal["refuse"] = "refuse"
    ground: Text


class RequestCorrection(Asked):
    do: Literal["request_correction"] = "request_correction"
    items: tuple[Text, ...] = Field(min_length=1, max_length=MOST_OF_A_LIST)


class SupplyCorrection(Asked):
    word_of = Role.CREDITOR

    do: Literal["supply_correction"] = "supply_correction"
    note: Text


class Forward(Asked):
    do: Literal["forward"] = "forward"
    to: Annotated[str, Field(pattern=r"^(debtor|[0-9]{6})$", max_length=6), Among.RECEIVERS]


class HandOut(Asked):
    """移送: the case is not this province's to clear; `reference` is the receipt of whoever takes it."""

    is_grave = True

    do: Literal["hand_out"] = "hand_out"
    to: Name
    kind: HandOutTo
    reference: Reference


class Acknowledge(Asked):
    do: Literal["acknowledge"] = "acknowledge"


IntakeCommand = Accept | Refuse | RequestCorrection | SupplyCorrection | Forward | HandOut | Acknowledge
