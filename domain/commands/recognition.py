"""核实: the commands."""

from typing import Literal

from domain.asked import Asked
from domain.money import Fen
from domain.value import Day, Reference, Text

__all__ = ["Endorse", "Object", "Recognise", "RecognitionCommand", "ResolveDispute", "Unfounded"]


class Recognise(Asked):
    """`settled − paid = undisputed + disputed + not_yet_due`, as of a day (截止日)."""

    do: Literal["recognise"] = "recognise"
    settled: Fen
    paid: Fen
    undisputed: Fen
    disputed: Fen = 0
    not_yet_due: Fen = 0
    as_of: Day


class Endorse(Asked):
    do: Literal["endorse"] = "endorse"


class Object(Asked):
    do: Literal["object"] = "object"
    reason: Text


class Unfounded(Asked):
    is_grave = True

    do: Literal["unfounded"] = "unfounded"
    reason: Text


class ResolveDispute(Asked):
    do: Literal["resolve_dispute"] = "resolve_dispute"
    recognised: Fen
    rejected: Fen
    reference: Reference


RecognitionCommand = Recognise | Endorse | Object | Unfounded | ResolveDispute
