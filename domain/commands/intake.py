"""受理 and 转办: the commands."""

from typing import Annotated, Literal

from pydantic import Field

from domain.actors import Role
from domain.asked import Asked
from domain.commands.fields import Among
from domain.value import MOST_OF_A_LIST, Text

__all__ = [
    "Accept",
    "Acknowledge",
    "Forward",
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


class Acknowledge(Asked):
    do: Literal["acknowledge"] = "acknowledge"


IntakeCommand = Accept | Refuse | RequestCorrection | SupplyCorrection | Forward | Acknowledge
