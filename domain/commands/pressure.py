"""督办: the commands."""

from typing import Annotated, Literal

from domain.asked import Asked
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


class Escalate(Asked):
    do: Literal["escalate"] = "escalate"
    mode: Annotated[Mode, Among.HIGHER_MODES]
    reason: Text


class ApproveStep(Asked):
    is_grave = True

    do: Literal["approve_step"] = "approve_step"
    step: Annotated[Step, Among.PROPOSED_STEPS]
    reason: Text | None = None


class DeclineStep(Asked):
    do: Literal["decline_step"] = "decline_step"
    step: Annotated[Step, Among.PROPOSED_STEPS]
    reason: Text | None = None


class Relieve(Asked):
    do: Literal["relieve"] = "relieve"
    reason: Text


class Publicise(Asked):
    is_grave = True

    do: Literal["publicise"] = "publicise"
    reason: Text


class CreditRecord(Asked):
    is_grave = True

    do: Literal["credit_record"] = "credit_record"
    reason: Text


PressureCommand = Escalate | ApproveStep | DeclineStep | Relieve | Publicise | CreditRecord
