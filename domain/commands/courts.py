"""The commands of 司法."""

from typing import Literal

from domain.command_base import CommandBase
from domain.money import Fen
from domain.value import Day, InCourt, Name, Reference

__all__ = ["CourtsCommand", "GoJudicial", "Judgment"]


class GoJudicial(CommandBase):
    is_grave = True

    do: Literal["go_judicial"] = "go_judicial"
    court: Name
    reference: Reference
    part: InCourt = InCourt.ALL
    hearing_on: Day | None = None


class Judgment(CommandBase):
    is_grave = True

    do: Literal["judgment"] = "judgment"
    recognised: Fen
    rejected: Fen
    reference: Reference
    pay_by: Day | None = None


CourtsCommand = GoJudicial | Judgment
