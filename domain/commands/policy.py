"""The commands to adopt other rules and another calendar."""

from typing import Annotated, Literal

from domain.command_base import CommandBase, OwnId
from domain.commands.fields import Among
from domain.rules import PackName
from domain.value import Reference, Text

__all__ = ["AdoptPolicy", "PolicyCommand", "Redate"]


class AdoptPolicy(CommandBase):
    """Adopt the version of the rule pack `policy` that is in force now, with the present calendar."""

    do: Literal["adopt_policy"] = "adopt_policy"
    policy: Annotated[PackName, Among.CARRIED_PACK]
    reason: Text


class Redate(CommandBase):
    """Adopt the calendar of `notice`. Only the system gives it, when a notice is loaded."""

    command_id: OwnId
    do: Literal["redate"] = "redate"
    notice: Reference


PolicyCommand = AdoptPolicy
