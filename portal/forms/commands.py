"""The form of every command, generated from its class; its words come from `domain.telling`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.bonds.batch import ORDERS as ORDERS_OF_BATCHES
from domain.case.orders import ORDERS
from domain.command_base import CommandBase, name_of
from domain.commands.fields import Asks, asks
from domain.telling import ASKING
from domain.telling.asking import Asking
from domain.telling.terms import OF
from portal.forms.fields import AMOUNT, Field, Form, Option

ROWS: Final = 3
"""How many rows are offered at first."""


def _form(command: type[CommandBase]) -> Form:
    asking = ASKING[command]
    return Form(
        name_of(command),
        asking.zh,
        asking.en,
        tuple(_field(one, asking) for one in asks(command)),
        is_grave=command.is_grave,
        note=asking.note,
    )


def _field(one: Asks, asking: Asking) -> Field:
    label = asking.label(one.name)
    if one.kind == "rows":
        columns = tuple(_column(column, one.name, asking) for column in one.columns)
        return Field(one.name, label.zh, label.en, "rows", columns=columns, rows=ROWS)
    return Field(
        one.name,
        label.zh,
        label.en,
        one.kind,
        required=one.required,
        hint=label.hint or (AMOUNT if one.kind == "money" else None),
        options=_options(one.choices, label.choices) if one.choices and not one.among else (),
        among=one.among,
    )


def _column(column: Asks, of: str, asking: Asking) -> Field:
    """A field of a row, which has one line and no hint."""
    label = asking.label(f"{of}.{column.name}")
    return Field(
        column.name,
        label.zh,
        label.en,
        "text" if column.kind == "long" else column.kind,
        required=column.required,
        options=_options(column.choices, label.choices) if column.choices else (),
    )


def _options(
    choices: type[StrEnum] | tuple[str, ...], words: Mapping[str, tuple[str, str]]
) -> tuple[Option, ...]:
    """The options of a field, in the words of the form itself or in the usual ones of the enumeration."""
    usual = {} if isinstance(choices, tuple) else OF[choices]
    return tuple(Option(str(value), *(words.get(value) or usual[value])) for value in choices)


FORMS: Final[Mapping[str, Form]] = {form.do: form for form in map(_form, ORDERS)}
"""The form of each command to a case, in the order of a case's life."""

OF_BATCH: Final[Mapping[str, Form]] = {form.do: form for form in map(_form, ORDERS_OF_BATCHES)}
"""The form of each command to a bond batch."""
