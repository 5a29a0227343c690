"""The commands of 核实."""

from typing import Literal

from pydantic import Field

from domain.command_base import CommandBase
from domain.money import Fen
from domain.statement import Statement
from domain.value import AdjustedWhy, Attempts, Reference, Text

__all__ = [
    "Adjust",
    "DeemEndorsed",
    "Determine",
    "Endorse",
    "Object",
    "Recognise",
    "RecognitionCommand",
    "ResolveDispute",
    "Stated",
    "Unfounded",
]


class Stated(Statement, CommandBase):
    """The base class of commands that state the amounts of a debt."""


class Recognise(Stated):
    do: Literal["recognise"] = "recognise"


class Endorse(CommandBase):
    """Endorse the statement. With `interest_waived` the creditor also waives all interest."""

    do: Literal["endorse"] = "endorse"
    interest_waived: bool = False


class Object(CommandBase):
    do: Literal["object"] = "object"
    reason: Text


class Unfounded(CommandBase):
    is_grave = True

    do: Literal["unfounded"] = "unfounded"
    reason: Text


class DeemEndorsed(CommandBase):
    """Deem the statement endorsed, because the creditor keeps silent. The account is established; one later objection is possible."""

    is_grave = True

    do: Literal["deem_endorsed"] = "deem_endorsed"
    attempts: Attempts = Field(min_length=1)


class Determine(Stated):
    """认定: the office decides the amounts itself, with or without the parties."""

    is_grave = True

    do: Literal["determine"] = "determine"
    grounds: Text


class ResolveDispute(CommandBase):
    """Settle a dispute by what both parties have signed."""

    do: Literal["resolve_dispute"] = "resolve_dispute"
    recognised: Fen
    rejected: Fen
    reference: Reference


class Adjust(Stated):
    """核减、折让、更正: state the whole account anew."""

    is_grave = True

    do: Literal["adjust"] = "adjust"
    why: AdjustedWhy
    agreed_by_both: bool = False
    reference: Reference


RecognitionCommand = (
    Recognise | Endorse | Object | Unfounded | DeemEndorsed | Determine | ResolveDispute | Adjust
)
