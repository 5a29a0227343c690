"""The description of forms: each input with its label in both languages, and its kind."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from domain.commands.fields import Among, Kind, PaymentsIn


class Option(NamedTuple):
    """An option of a choice."""

    value: str
    zh: str
    en: str


class Field(NamedTuple):
    """An input: its name as `portal.forms.form.nested` reads it, its label, and its kind.

    Attributes:
        options: The options of a choice.
        among: Where the options come from, if they depend on the case.
        columns: The inputs of each row. One unnamed column is a plain list.
        rows: How many rows are offered at first.
    """

    name: str
    zh: str
    en: str
    kind: Kind = "text"
    required: bool = True
    hint: tuple[str, str] | None = None
    options: tuple[Option, ...] = ()
    columns: tuple["Field", ...] = ()
    rows: int = 0
    among: Among | PaymentsIn | None = None


class Form(NamedTuple):
    """The form of a command: its name and its inputs. A grave command ends the case or cannot be undone."""

    do: str
    zh: str
    en: str
    fields: tuple[Field, ...] = ()
    is_grave: bool = False
    note: tuple[str, str] | None = None


AMOUNT: Final = (
    "如 4216万元、8.044亿元;不写单位为元",
    "such as 4216万元 or 8.044亿元; without a unit: yuan",
)


def of_words(
    names: Mapping[str, str], plain: Mapping[str, str], only: Sequence[str] = ()
) -> tuple[Option, ...]:
    """Options from two tables of words with the same keys."""
    return tuple(Option(str(value), names[value], plain[value]) for value in only or names)


def reason(zh: str = "理由", en: str = "Reason", *, required: bool = True) -> Field:
    """An input for a reason."""
    return Field("reason", zh, en, "long", required=required)


def money(name: str, zh: str, en: str, *, required: bool = True) -> Field:
    """An input for an amount."""
    return Field(name, zh, en, "money", required=required, hint=AMOUNT)


def with_options(form: Form, name: str, options: Sequence[Option]) -> Form:
    """The form with options for one of its fields."""
    fields = [
        field._replace(options=tuple(options)) if field.name == name else field for field in form.fields
    ]
    return form._replace(fields=tuple(fields))
