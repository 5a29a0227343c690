"""Nothing that people send is unbounded: every model that their input reaches is walked, field by field."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Final

import pytest
from pydantic import PlainValidator, TypeAdapter, ValidationError

from domain.actors import Actor
from domain.bonds.commands import BatchCommand, BatchOpening
from domain.commands import Command, Redate, TakeBondNews
from domain.money import PEOPLE
from domain.receipt import Creditor, Receipt
from domain.rules import RulePack
from domain.value import FIRST_DAY, LAST_DAY, Day, last_day_after
from office.files import CONTACT, DAY, NAME, REFERENCE
from portal.api.parties import Enquiry
from tests.domain.story import RECEIPT

INPUTS: Final[Mapping[str, TypeAdapter[Any]]] = {
    "command": TypeAdapter(Command),
    "batch command": TypeAdapter(BatchCommand),
    "case": TypeAdapter(Receipt),
    "batch": TypeAdapter(BatchOpening),
    "signal of a batch": TypeAdapter(TakeBondNews),
    "calendar": TypeAdapter(Redate),
    "rule pack": TypeAdapter(RulePack),
    "enquiry": TypeAdapter(Enquiry),
    "reference in a file": REFERENCE,
    "contact in a file": CONTACT,
    "title of a file": NAME,
    "day in a file": DAY,
}

BOUNDS: Final[Mapping[str, tuple[str, ...]]] = {
    "str": ("max_length",),
    "int": ("ge|gt", "le|lt"),
    "date": ("ge", "le"),
    "dict": ("max_length",),
    "list": ("max_length",),
    "set": ("max_length",),
    "frozenset": ("max_length",),
    "tuple": ("max_length",),
    "any": ("never",),
    "function-plain": ("never",),
    "bytes": ("max_length",),
    "float": ("ge|gt", "le|lt"),
    "decimal": ("ge|gt", "le|lt"),
    "datetime": ("ge|gt", "le|lt"),
    "timedelta": ("ge|gt", "le|lt"),
}
"""What the schema of each kind of value must say, so that there is only so much of it."""


def unbounded(schema: Any, path: str = "") -> Iterator[str]:
    """The parts of a schema of which there can be any amount."""
    if isinstance(schema, list | tuple):
        for part in schema:
            yield from unbounded(part, path)
    if not isinstance(schema, dict) or _is_of_few(schema):
        return
    for bound in BOUNDS.get(schema.get("type", ""), ()):
        if not set(bound.split("|")) & schema.keys():
            yield f"{path}: {schema['type']} without {bound}"
    for name, part in schema.items():
        if name not in ("metadata", "serialization", "default", "expected", "ref"):
            inner = f"{path}.{name}" if schema.get("type") == "model-field" or "type" not in schema else path
            yield from unbounded(part, inner)


def _is_of_few(schema: Mapping[str, Any]) -> bool:
    """Whether it is bounded elsewhere: whom `domain.actors` reads as text, and what stands under the words of an enumeration."""
    if schema.get("cls") is Actor:
        return True
    if schema.get("type") == "function-plain":
        return bool(schema["function"]["function"].__module__ == "domain.actors")
    keys = schema.get("keys_schema", {})
    if schema.get("type") == "dict" and keys.get("type") == "enum":
        return not list(unbounded(schema["values_schema"]))
    return False


@pytest.mark.parametrize("name", INPUTS)
def test_no_field_that_people_write_is_unbounded(name: str) -> None:
    assert list(unbounded(INPUTS[name].core_schema, name)) == []


@pytest.mark.parametrize(
    "loose",
    [
        *[str, int, float, date, list[Day], tuple[Day, ...], dict[str, Day], str | None, Any],
        Annotated[str, PlainValidator(str)],
    ],
)
def test_an_unbounded_field_is_found(loose: Any) -> None:
    assert list(unbounded(TypeAdapter(loose).core_schema))


@pytest.mark.parametrize("day", ["0001-01-01", "0023-04-26", "1999-12-31", "2100-01-01", "9999-12-31"])
def test_no_slip_of_a_year_is_a_day(day: str) -> None:
    with pytest.raises(ValidationError):
        DAY.validate_python(day)
    with pytest.raises(ValidationError):
        DAY.validate_python(date.fromisoformat(day))


def test_the_range_of_days_has_two_ends() -> None:
    assert DAY.validate_python("2000-01-01") == FIRST_DAY
    assert DAY.validate_python("2099-12-31") == LAST_DAY


@pytest.mark.parametrize(
    ("today", "last"),
    [
        ("2026-11-25", "2056-11-25"),
        ("2028-02-29", "2058-02-28"),
        ("2069-12-31", "2099-12-31"),
        ("2080-01-01", "2099-12-31"),
    ],
)
def test_a_day_is_at_most_thirty_years_ahead(today: str, last: str) -> None:
    assert last_day_after(date.fromisoformat(today)) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("9" * 2700, "at most 40 characters"),
        ("0" * 18, "a placeholder such as zeros is no code"),
        ("91350100M000100Y44", "look for a slip"),
    ],
)
def test_no_party_has_a_code_that_is_none(code: str, told: str) -> None:
    party = {"name": "甲公司", "code": code, "size": "small", "ownership": "private"}
    with pytest.raises(ValidationError, match=told):
        Creditor.model_validate(party)


def test_a_code_is_kept_in_its_one_form() -> None:
    party = {"name": "甲公司", "code": " 91350100-m000100y43", "size": "small", "ownership": "private"}
    assert Creditor.model_validate(party).code == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("wages", "is_right"),
    [
        ({}, True),
        ({"migrant_wages": True}, True),
        ({"migrant_wages": True, "wage_amount": "450万元"}, True),
        ({"migrant_wages": True, "wage_amount": "450.01万元"}, False),
        ({"wage_amount": "1万元"}, False),
    ],
)
def test_wages_are_part_of_the_claim(wages: dict[str, Any], is_right: bool) -> None:
    written = RECEIPT.model_dump() | {"claimed": "450万元"} | wages
    if is_right:
        Receipt.model_validate(written, context=PEOPLE)
    else:
        with pytest.raises(ValidationError):
            Receipt.model_validate(written, context=PEOPLE)
