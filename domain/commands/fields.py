"""What a command asks of whoever gives it, read from its class: by this its form is drawn, and whether it is possible is tried."""

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
    """What the value of a field is chosen among, where that depends on the case. It stands in the field's type."""

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
    """The value of a field is the voucher of a payment in one of these states."""

    states: tuple[str, ...]


ItsDay = Annotated[Day | None, Field(validation_alias=AliasChoices("day", "on"))]
"""The day of what a command tells of, `day` or `on`; that on which it is given, where it is left out."""


YES_OR_NO: Final = ("true", "false")
"""The answers to what may also be left open, as a box may not."""


class Asks(NamedTuple):
    """A field of a command.

    Attributes:
        name: `duty,subject` where two fields are one choice, `party.name` where it is one of a value.
        least: The least number it takes.
        among: What it is chosen among, where that depends on the case.
        choices: The values it is chosen among, where those are always the same.
        columns: The fields of each row; a list of plain texts has one without a name.
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
    """The fields of a command, or of a row, in their order, without those that every command has."""
    fields = command.model_fields
    common = CommandBase.model_fields.keys() | {"do"} if issubclass(command, CommandBase) else ()
    read = {
        one.name: one
        for name, field in fields.items()
        if name not in common
        for one in _asked(field.alias or name, field)
    }
    if {"duty", "subject"} <= read.keys():  # one of the open duties is chosen, and so are both
        del read["subject"]
        read["duty"] = read["duty"]._replace(name="duty,subject")
    return tuple(read.values())


def _asked(name: str, field: FieldInfo) -> Iterator[Asks]:
    """What a field asks: itself, or each field of a value that it is."""
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
    """The type itself, without `Annotated` and `| None`, and what the annotations say."""
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
    """What the annotations of a type say of a limit, such as `ge`."""
    parts = (part for one in metadata for part in (one, *getattr(one, "metadata", ())))
    return next((limit for part in parts if (limit := getattr(part, name, None)) is not None), None)
