"""The content of a form in words: the labels of its fields, and what was written there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from domain.money import format_money
from domain.telling.words import Sentence
from portal.forms.fields import Field

_YES: Final[Sentence] = ("是", "yes")
_NO: Final[Sentence] = ("否", "no")


class FilledIn(NamedTuple):
    """A field: its label and its content."""

    what: Sentence
    value: Sentence


def said(fields: Iterable[Field], written: Mapping[str, Any]) -> list[FilledIn]:
    """The fields of a form that were filled in, in order.

    Args:
        written: The values in their recorded form: amounts in fen.
    """
    flat = {name: value for name, value in _named(written) if value is not None}
    by_name = [(field, field.name.split(",")[0]) for field in fields]
    return [
        FilledIn((field.zh, field.en), _value(field, flat[name])) for field, name in by_name if name in flat
    ]


def _named(written: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The values by the names of their inputs, which are dotted for a nested value."""
    for name, value in written.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", of) for inner, of in _named(value))
        else:
            yield name.removesuffix("_fen"), value


def _value(field: Field, value: Any) -> Sentence:
    if field.kind == "rows":
        rows = [_row(field.columns, row) for row in value]
        return "; ".join(zh for zh, _ in rows), "; ".join(en for _, en in rows)
    if field.kind == "money":
        return format_money(value), format_money(value)
    if field.kind == "check":
        return _YES if value else _NO
    return next(((one.zh, one.en) for one in field.options if one.value == value), (str(value), str(value)))


def _row(columns: Sequence[Field], row: Mapping[str, Any] | str) -> Sentence:
    if isinstance(row, str):
        return row, row
    values = [one.value for one in said(columns, row)]
    return " ".join(zh for zh, _ in values), " ".join(en for _, en in values)
