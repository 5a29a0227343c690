"""The fields that a command asks for, read from its class. Its form is drawn from them, and `case/possible.py` tries the command with
them.
"""

from collections.abc import Iterator, Sequence
from enum import Enum, StrEnum, auto
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import AliasChoices, Field
from pydantic.fields import FieldInfo

from domain.command_base import CommandBase
from domain.money import FEN_MAX
from domain.value import LONGEST_TEXT, Day, Value

Kind = Literal["text", "long", "money", "date", "number", "choice", "check", "rows"]


class Among(Enum):
    """What a field's value is chosen from, if that depends on the case. Stands in the field's annotation."""

    TRIAGES = auto()
    RECEIVERS = auto()
    OTHER_OFFICES = auto()
    AWAITED_SOURCES = auto()
    OPEN_DUTIES = auto()
    PROPOSED_STEPS = auto()
    WAITING_SUBMISSIONS = auto()
    HIGHER_MODES = auto()
    OPEN_PROMISES = auto()
    ISSUED_DOCUMENTS = auto()
    DEBTOR_S_DUTIES = auto()
    CARRIED_PACK = auto()
    BOND_REQUESTS = auto()


class PaymentsIn(NamedTuple):
    """Annotates a field whose value is the voucher of a payment in one of these states."""

    states: tuple[str, ...]


ItsDay = Annotated[Day | None, Field(validation_alias=AliasChoices("day", "on"))]
"""The day of what the command reports, written `day` or `on`. If it is omitted, the day of the command counts."""


YES_OR_NO: Final = ("true", "false")
"""The answers to a question that may be left open, which a checkbox cannot express."""


class Asks(NamedTuple):
    """A field that a command asks for.

    Attributes:
        name: A dotted name, such as `party.name`, for a field of a nested value; `duty,subject` if one choice fills both.
        least: The smallest number allowed.
        among: What the value is chosen from, if that depends on the case.
        choices: The possible values, if they are fixed.
        columns: The fields of each row. A list of plain texts has one column, without a name.
    """

    name: str
    kind: Kind
    required: bool
    least: int = 0
    among: Among | PaymentsIn | None = None
    choices: type[StrEnum] | tuple[str, ...] | None = None
    columns: tuple["Asks", ...] = ()


@cache
def asks(command: type[Value]) -> tuple[Asks, ...]:
    """The fields of a command or of a row, in order, without those that every command has."""
    fields = command.model_fields
    common = CommandBase.model_fields.keys() | {"do"} if issubclass(command, CommandBase) else ()
    read = {
        one.name: one
        for name, field in fields.items()
        if name not in common
        for one in _asked(field.alias or name, field)
    }
    if {"duty", "subject"} <= read.keys():  # one of the open duties is chosen, which fills both fields
        del read["subject"]
        read["duty"] = read["duty"]._replace(name="duty,subject")
    return tuple(read.values())


def _asked(name: str, field: FieldInfo) -> Iterator[Asks]:
    """The fields to ask for: the field itself, or those of the value that it holds."""
    plain, _ = _without_wrapping(field.annotation, ())
    if isinstance(plain, type) and issubclass(plain, Value):
        for one in asks(plain):
            yield one._replace(name=f"{name}.{one.name}", required=field.is_required() and one.required)
    else:
        yield _asks(name, field.is_required(), field.annotation, tuple(field.metadata))


def _asks(name: str, required: bool, annotation: Any, metadata: Sequence[Any] = ()) -> Asks:
    plain, metadata = _without_wrapping(annotation, metadata)
    among = next((one for one in metadata if isinstance(one, Among | PaymentsIn)), None)
    if get_origin(plain) is tuple:
        return Asks(name, "rows", required, columns=_columns(get_args(plain)[0]))
    if get_origin(plain) is Literal:
        return Asks(name, "choice", required, choices=get_args(plain))
    if plain is bool and annotation is not bool:
        return Asks(name, "choice", required, choices=YES_OR_NO)
    choices = plain if issubclass(plain, StrEnum) else None
    kind = "choice" if among or choices else _kind(plain, metadata)
    return Asks(name, kind, required, _least(plain, metadata), among, choices)


def _least(plain: type, metadata: Sequence[Any]) -> int:
    if not issubclass(plain, int):
        return 0
    above = _limit(metadata, "gt")
    return (_limit(metadata, "ge") or 0) if above is None else above + 1


def _without_wrapping(annotation: Any, metadata: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
    """The bare type, without `Annotated` and `| None`, and the metadata of all annotations."""
    if get_origin(annotation) is Annotated:
        plain, *said = get_args(annotation)
        return _without_wrapping(plain, (*said, *metadata))
    if get_origin(annotation) in (Union, UnionType):
        (plain,) = (one for one in get_args(annotation) if one is not NoneType)
        return _without_wrapping(plain, metadata)
    return annotation, metadata


def _columns(row: Any) -> tuple[Asks, ...]:
    if isinstance(row, type) and issubclass(row, Value):
        return asks(row)
    return (_asks("", True, row),)


def _kind(plain: type, metadata: Sequence[Any]) -> Kind:
    if issubclass(plain, bool):
        return "check"
    if issubclass(plain, int):
        return "money" if _limit(metadata, "le") == FEN_MAX else "number"
    if issubclass(plain, str):
        return "long" if _limit(metadata, "max_length") == LONGEST_TEXT else "text"
    return "date"


def _limit(metadata: Sequence[Any], name: str) -> int | None:
    """A limit in the metadata of a type, such as `ge`; None if it has none."""
    parts = (part for one in metadata for part in (one, *getattr(one, "metadata", ())))
    return next((limit for part in parts if (limit := getattr(part, name, None)) is not None), None)
