"""延期, 中止 and 恢复: the commands."""

from typing import Annotated, Literal

from pydantic import Field

from domain.command_base import CommandBase
from domain.commands.fields import Among
from domain.duty import DutyKind
from domain.value import Day, Ground, Reference, Text

__all__ = ["AskTime", "DelayCommand", "Extend", "Resume", "Suspend"]


class Extend(CommandBase):
    """`days` more, in the unit of the duty's term; `subject` says which duty, where there are several of the kind."""

    do: Literal["extend"] = "extend"
    duty: Annotated[DutyKind, Among.OPEN_DUTIES]
    subject: Reference | None = None
    days: Annotated[int, Field(ge=1, le=365)]
    reason: Text


class AskTime(CommandBase):
    """The debtor asks for `days` more, in the unit of the duty's term. A head may extend it."""

    do: Literal["ask_time"] = "ask_time"
    duty: Annotated[DutyKind, Among.DEBTOR_S_DUTIES]
    subject: Reference | None = None
    days: Annotated[int, Field(ge=1, le=365)]
    reason: Text


class Suspend(CommandBase):
    """`until` is the day on which the case resumes by itself: as long as one person may suspend it, unless given."""

    do: Literal["suspend"] = "suspend"
    reason: Text
    ground: Ground = Ground.OTHER
    until: Day | None = None


class Resume(CommandBase):
    do: Literal["resume"] = "resume"
    reason: Text


DelayCommand = Extend | AskTime | Suspend | Resume
