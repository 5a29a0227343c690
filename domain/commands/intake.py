"""The commands of 受理."""

from typing import Annotated, Literal

from pydantic import Field

from domain.actors import Role
from domain.command_base import CommandBase
from domain.commands.fields import Among
from domain.value import MOST_OF_A_LIST, Text, Triage

__all__ = [
    "Accept",
    "IntakeCommand",
    "Refuse",
    "RequestCorrection",
    "SupplyCorrection",
]


class Accept(CommandBase):
    """Accept the case. `mode`, which only a head may set, is the disposition mode in which it begins."""

    do: Literal["accept"] = "accept"
    mode: Annotated[Triage | None, Among.TRIAGES] = None


class Refuse(CommandBase):
    is_grave = True

    do: Literal["refuse"] = "refuse"
    ground: Text


class RequestCorrection(CommandBase):
    do: Literal["request_correction"] = "request_correction"
    items: tuple[Text, ...] = Field(min_length=1, max_length=MOST_OF_A_LIST)


class SupplyCorrection(CommandBase):
    word_of = Role.CREDITOR

    do: Literal["supply_correction"] = "supply_correction"
    note: Text


IntakeCommand = Accept | Refuse | RequestCorrection | SupplyCorrection
