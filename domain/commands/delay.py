"""The commands of 延期, 中止 and 恢复."""

from typing import Annotated, Literal

from pydantic import Field

from domain.command_base import CommandBase
from domain.commands.fields import Among
from domain.duty import DutyKind
from domain.value import Day, Ground, Reference, Text

__all__ = ["AskTime", "DelayCommand", "Extend", "Resume", "Suspend"]


class Extend(CommandBase):
    """Extend a duty by `days`, in the unit of its term. `subject` is needed if several duties of that kind are open."""

    do: Literal["extend"] = "extend"
    duty: Annotated[DutyKind, Among.OPEN_DUTIES]
    subject: Reference | None = None
    days: Annotated[int, Field(ge=1, le=365)]
    reason: Text


class AskTime(CommandBase):
    """Ask, as the debtor, for `days` more for a duty, in the unit of its term. A head may then extend it."""

    do: Literal["ask_time"] = "ask_time"
    duty: Annotated[DutyKind, Among.DEBTOR_S_DUTIES]
    subject: Reference | None = None
    days: Annotated[int, Field(ge=1, le=365)]
    reason: Text


class Suspend(CommandBase):
    """Suspend the case. It resumes by itself on the day `until`; without one, after the longest time that one person may decide."""

    do: Literal["suspend"] = "suspend"
    reason: Text
    ground: Ground = Ground.OTHER
    until: Day | None = None


class Resume(CommandBase):
    do: Literal["resume"] = "resume"
    reason: Text


DelayCommand = Extend | AskTime | Suspend | Resume
