"""The commands of 约谈."""

from typing import Annotated, Literal

from pydantic import Field

from domain.command_base import CommandBase
from domain.commands.fields import Among, ItsDay
from domain.value import MOST_OF_A_LIST, Day, Name, Text, Value

__all__ = ["Fulfil", "InterviewCommand", "InterviewHeld", "Promised", "Summon"]


class Summon(CommandBase):
    """Call somebody to an interview: `whom`, on which `day`, at which `place`."""

    do: Literal["summon"] = "summon"
    whom: Name
    day: ItsDay = None
    place: Name
    reason: Text


class Promised(Value):
    """A promise of the debtor, and the day by which it is to be kept."""

    what: Text
    by: Day


class InterviewHeld(CommandBase):
    do: Literal["interview_held"] = "interview_held"
    day: ItsDay = None
    promises: Annotated[tuple[Promised, ...], Field(max_length=MOST_OF_A_LIST)] = ()


class Fulfil(CommandBase):
    """Note that a promise was kept. `promise` is its number."""

    do: Literal["fulfil"] = "fulfil"
    promise: Annotated[int, Field(ge=1, le=1000), Among.OPEN_PROMISES]
    note: Text


InterviewCommand = Summon | InterviewHeld | Fulfil
