"""The commands of 督办."""

from typing import Annotated, Literal

from domain.command_base import CommandBase
from domain.commands.fields import Among
from domain.value import Mode, Step, Text

__all__ = [
    "ApproveStep",
    "CreditRecord",
    "DeclineStep",
    "Escalate",
    "PressureCommand",
    "Publicise",
    "Relieve",
]


class Escalate(CommandBase):
    do: Literal["escalate"] = "escalate"
    mode: Annotated[Mode, Among.HIGHER_MODES]
    reason: Text


class ApproveStep(CommandBase):
    is_grave = True

    do: Literal["approve_step"] = "approve_step"
    step: Annotated[Step, Among.PROPOSED_STEPS]
    reason: Text | None = None


class DeclineStep(CommandBase):
    do: Literal["decline_step"] = "decline_step"
    step: Annotated[Step, Among.PROPOSED_STEPS]
    reason: Text | None = None


class Relieve(CommandBase):
    do: Literal["relieve"] = "relieve"
    reason: Text


class Publicise(CommandBase):
    is_grave = True

    do: Literal["publicise"] = "publicise"
    reason: Text


class CreditRecord(CommandBase):
    is_grave = True

    do: Literal["credit_record"] = "credit_record"
    reason: Text


PressureCommand = Escalate | ApproveStep | DeclineStep | Relieve | Publicise | CreditRecord
