"""The summary of a form's faults: each with the label of its input and a link to it."""

from collections.abc import Iterable
from typing import NamedTuple

from domain.telling.words import Sentence
from portal.forms.fields import Field
from portal.forms.form import Faults


class Wrong(NamedTuple):
    """A fault: the id of its input on the page, the input's label, and the message."""

    id: str
    label: Sentence
    said: Sentence


def wrong_in(fields: Iterable[Field], faults: Faults, prefix: str) -> list[Wrong]:
    """The faults of a form, in the order of its inputs.

    Args:
        prefix: The prefix of the inputs' ids.
    """
    return [
        Wrong(_id(field, name, prefix), _label(field, name), said)
        for field in fields
        for name, said in faults.items()
        if _is_at(field, name)
    ]


def _is_at(field: Field, name: str) -> bool:
    """Whether a fault belongs to an input, or to a row of it."""
    return name in (field.name, field.name.split(",")[0]) or (
        bool(field.columns) and name.startswith(f"{field.name}.")
    )


def _id(field: Field, name: str, prefix: str) -> str:
    """The id of an input in the templates. A fault of all rows is shown above them, a fault of a whole row at its first input."""
    at = name if field.columns else field.name
    if field.columns and field.columns[0].name and at.count(".") == 1:
        at = f"{at}.{field.columns[0].name}"
    placed = f"{prefix}-{at.replace('.', '-').replace(',', '-')}"
    return f"{placed}-fault" if at == field.name and field.columns else placed


def _label(field: Field, name: str) -> Sentence:
    _, *row = name.split(".") if field.columns else [name]
    if not row:
        return field.zh, field.en
    number = int(row[0]) + 1
    zh, en = f"{field.zh}第 {number} 行", f"{field.en} {number}"
    column = next((one for one in field.columns if row[1:] == [one.name]), None)
    return (zh, en) if column is None else (f"{zh}{column.zh}", f"{en}: {column.en}")
