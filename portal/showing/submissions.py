"""What waits for a second person, as the page of a case shows it: each submission with the fields of its command, in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from domain.case.casefile import Case
from domain.case.contents import Submission
from domain.money import format_money
from domain.telling.commands import CALLED
from domain.telling.terms import Sentence
from portal.forms.commands import FORMS
from portal.forms.fields import Field


class Said(NamedTuple):
    """A field of a command: what it asks, and what was written there."""

    what: Sentence
    value: str


class Shown(NamedTuple):
    """A submission, what its command is called, and what it says."""

    submission: Submission
    called: Sentence
    said: list[Said]


def waiting(case: Case) -> list[Shown]:
    """The submissions that wait."""
    return [Shown(one, CALLED[one.do], _said(one)) for one in case.waiting]


def _said(submission: Submission) -> list[Said]:
    written = dict(_named(submission.fields))
    fields = [(field, field.name.split(",")[0]) for field in FORMS[submission.do].fields]
    return [
        Said((field.zh, field.en), _value(field, written[name])) for field, name in fields if name in written
    ]


def _named(written: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What was written, by the names of its inputs: those of a value that is itself a field are dotted."""
    for name, value in written.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", said) for inner, said in _named(value))
        else:
            yield name.removesuffix("_fen"), value


def _value(field: Field, value: Any) -> str:
    if field.kind == "rows":
        return "; ".join(_row(field.columns, row) for row in value)
    if field.kind == "money":
        return format_money(value)
    if field.kind == "check":
        return "✓" if value else "–"
    return next((option.zh for option in field.options if option.value == value), str(value))


def _row(columns: Sequence[Field], row: Mapping[str, Any] | str) -> str:
    if isinstance(row, str):
        return row
    written = {name.removesuffix("_fen"): value for name, value in row.items()}
    return " ".join(_value(column, written[column.name]) for column in columns if column.name in written)
