"""How forms are described: what each input asks, in both languages, and of what kind it is."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from domain.commands.fields import Among, Kind, PaymentsIn


class Option(NamedTuple):
    """Something to choose."""

    value: str
    zh: str
    en: str


class Field(NamedTuple):
    """An input: its name as `portal.forms.form.nested` reads it, what it asks, and how.

    Attributes:
        options: What a choice offers.
        among: What it offers, where that depends on the case.
        columns: The inputs of each row; a row with one unnamed column is a plain list.
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
    """What a command is called, and what it asks. A grave one ends the case, or cannot be taken back."""

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
    """Why."""
    return Field("reason", zh, en, "long", required=required)


def money(name: str, zh: str, en: str, *, required: bool = True) -> Field:
    """An amount."""
    return Field(name, zh, en, "money", required=required, hint=AMOUNT)


def with_options(form: Form, name: str, options: Sequence[Option]) -> Form:
    """A form with what can be chosen in one of its fields."""
    fields = [
        field._replace(options=tuple(options)) if field.name == name else field for field in form.fields
    ]
    return form._replace(fields=tuple(fields))
