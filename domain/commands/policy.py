"""Other rules, and other calendars: the commands."""

from typing import Annotated, Literal

from domain.command_base import CommandBase, OwnId
from domain.commands.fields import Among
from domain.rules import PackName
from domain.value import Reference, Text

__all__ = ["AdoptPolicy", "PolicyCommand", "Redate"]


class AdoptPolicy(CommandBase):
    """Live by the rule pack `policy` as it is now, with the calendar as it is now."""

    do: Literal["adopt_policy"] = "adopt_policy"
    policy: Annotated[PackName, Among.CARRIED_PACK]
    reason: Text


class Redate(CommandBase):
    """Count by the calendar that `notice` has brought. Given by the system when the notice is loaded."""

    command_id: OwnId
    do: Literal["redate"] = "redate"
    notice: Reference


PolicyCommand = AdoptPolicy
