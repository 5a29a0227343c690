"""The command of 并案."""

from typing import Literal

from domain.command_base import CommandBase
from domain.value import Reference, Text

__all__ = ["Merge", "MergingCommand"]


class Merge(CommandBase):
    """并案: merge a case that was registered twice into the other one, `into`."""

    is_grave = True

    do: Literal["merge"] = "merge"
    into: Reference
    reason: Text


MergingCommand = Merge
