"""The expectations of a scenario about its cases and batches at the end: fields of their JSON, with amounts as people write them."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from domain.case.casefile import Case
from domain.case.view import case_json
from domain.money import format_money, parse_money
from domain.receipt import Receipt
from office.files import Reader

_ANY: Final = Case(
    case_no="QQ-620105-2023-0001",
    policy="",
    calendar="",
    receipt=Receipt.model_validate(
        {
            "title": "任一案件",
            "project": "任一项目",
            "creditor": {"name": "某公司", "size": "small", "ownership": "private"},
            "debtor": {"name": "某局", "kind": "organ"},
            "office": "620105",
            "channel": "platform",
            "kind": "goods",
            "claimed": 100,
            "received_on": "2023-04-26",
        }
    ),
    entered_on=date(2023, 4, 26),
    route=("620105",),
    region="620105",
)

_JSON: Final = {
    **case_json(_ANY, date(2023, 4, 26)),
    "documents": [],
    "events": [],
    "attachments": [],
    "missing_evidence": [],
}
_OF_CASE: Final = frozenset(_JSON)
"""The fields of a case's JSON."""

_TABLES: Final = {name for name, value in _JSON.items() if isinstance(value, list)} - {"route", "channels"}
"""The fields of a case's JSON that are lists of objects."""

_OF_BATCH: Final = frozenset(
    {"stage", "kind", "resolution", "requests"}
    | {f"{name}_fen" for name in ("quota", "requested", "allocated", "included", "arrived", "remaining")}
)
"""The fields of a batch's JSON that may be expected."""


class Expectation(NamedTuple):
    """The value that a field of a case or batch must have at the end; amounts are fen.

    An object must have the expected fields, and may have others; a list must contain the expected objects in order. An empty list must
    be empty.
    """

    path: str
    ref: str
    field: str
    value: Any


def expectations(
    reader: Reader, tables: Mapping[str, Any], group: str, refs: set[str]
) -> Iterator[Expectation]:
    """The expectations in `[expect.case.REF]` or `[expect.batch.REF]`. Faults are noted with the reader."""
    fields = _OF_CASE if group == "case" else _OF_BATCH
    known = {name.removesuffix("_fen"): name for name in fields}
    for ref, table in tables.items():
        path = f"expect.{group}.{ref}"
        if ref not in refs:
            reader.fault(path, f"there is no {group} with that ref")
        if not isinstance(table, dict):
            reader.fault(path, "must be a table")
            continue
        reader.fields(table, set(known), path)
        for name in table.keys() & known.keys():
            yield Expectation(
                f"{path}.{name}", ref, known[name], _read(reader, known[name], table[name], path)
            )


def _read(reader: Reader, field: str, value: Any, path: str) -> Any:
    """A value as in the JSON: days as text, amounts in fen."""
    if field in _TABLES and not (isinstance(value, list) and all(isinstance(one, dict) for one in value)):
        reader.fault(f"{path}.{field}", "must be a list of tables, each with the fields to be found")
        return None
    try:
        return _as_json({field.removesuffix("_fen"): value}, {field})[field]
    except ValueError as error:
        reader.fault(f"{path}.{field.removesuffix('_fen')}", str(error))
        return None


def _as_json(table: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """A table in the form of a JSON object with these field names."""
    read: dict[str, Any] = {}
    for name, value in table.items():
        is_money = name not in names and f"{name}_fen" in names
        read[f"{name}_fen" if is_money else name] = parse_money(value) if is_money else _plain(value)
    return read


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def failures(expected: Expectation, value: Any) -> Iterator[str]:
    """The differences from an expectation, in words."""
    if expected.field in _TABLES and expected.value:
        behind = 0
        for no, wanted in enumerate(expected.value, 1):
            places = (place for place in range(behind, len(value)) if _is_as(wanted, value[place]))
            place = next(places, None)
            if place is None:
                yield f"{expected.path}[{no}]: not found: {wanted}"
            else:
                behind = place + 1
    elif not _is_as(expected.value, value):
        is_money = expected.field.endswith("_fen") and isinstance(value, int)
        wanted, got = (format_money(one) if is_money else one for one in (expected.value, value))
        yield f"{expected.path}: expected {wanted}, got {got}"


def _is_as(wanted: Any, found: Any) -> bool:
    """Whether a value is as expected. The fields of an event's `data` count as its own, and amounts may be in the written form."""
    if not isinstance(wanted, dict) or not isinstance(found, dict):
        return bool(wanted == found)
    told = {**found.get("data", {}), **found}
    try:
        fields = _as_json(wanted, told.keys())
    except ValueError:
        return False
    return all(name in told and _is_as(value, told[name]) for name, value in fields.items())
