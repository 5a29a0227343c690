"""The OpenAPI document, prepared for its page: operations by subject, and the fields of every body."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from domain.telling.terms import Sentence
from portal.operations import OPERATIONS, TAGS

Part = tuple[str, str | None]
"""A part of a type's description, and the schema that it names, if it names one."""


class Field(NamedTuple):
    """A field of a body, or a parameter.

    Attributes:
        place: The place of a parameter: `path`, `query` or `header`.
    """

    name: str
    kind: Sequence[Part]
    is_required: bool
    about: str
    place: str | None = None


class Answer(NamedTuple):
    """A possible answer."""

    status: str
    about: str
    kind: Sequence[Part]


class Operation(NamedTuple):
    """An operation."""

    name: str
    said: Sentence
    method: str
    path: str
    about: str
    needs_token: bool
    parameters: Sequence[Field]
    body: Sequence[Part]
    body_fields: Sequence[Field]
    examples: Sequence[str]
    answers: Sequence[Answer]


class Schema(NamedTuple):
    """A schema: its fields, or the kinds or values that it may be."""

    name: str
    about: str
    fields: Sequence[Field]
    kind: Sequence[Part]


def subjects(described: Mapping[str, Any]) -> list[tuple[Sentence, list[Operation]]]:
    """The operations of an OpenAPI document, grouped by subject."""
    found: dict[str, list[Operation]] = {tag: [] for tag in TAGS}
    for path, methods in described["paths"].items():
        for method, about in methods.items():
            found[about["tags"][0]].append(_operation(method, path, about))
    return [(TAGS[tag], operations) for tag, operations in found.items()]


def schemas(described: Mapping[str, Any]) -> list[Schema]:
    """The schemas of an OpenAPI document, by name."""
    return [
        Schema(name, schema.get("description", ""), _fields(schema), _kind(schema, named=False))
        for name, schema in sorted(described["components"]["schemas"].items())
    ]


def _operation(method: str, path: str, about: Mapping[str, Any]) -> Operation:
    (content,) = about.get("requestBody", {}).get("content", {}).values() or [{}]
    written = content.get("schema", {})
    return Operation(
        name=about["operationId"],
        said=OPERATIONS[about["operationId"]],
        method=method.upper(),
        path=path,
        about=about.get("description", ""),
        needs_token="security" in about,
        parameters=[_parameter(one) for one in about.get("parameters", ())],
        body=_kind(written) if "$ref" in written else [],
        body_fields=_fields(written),
        examples=[_shown(one["value"]) for one in content.get("examples", {}).values()],
        answers=[_answer(status, one) for status, one in sorted(about["responses"].items())],
    )


def _shown(example: Any) -> str:
    return json.dumps(example, ensure_ascii=False, indent=1)


def _parameter(told: Mapping[str, Any]) -> Field:
    about = told.get("description", "")
    return Field(told["name"], _kind(told["schema"]), told.get("required", False), about, told["in"])


def _answer(status: str, told: Mapping[str, Any]) -> Answer:
    content = told.get("content", {})
    schema: Mapping[str, Any] = next((one["schema"] for one in content.values() if "schema" in one), {})
    kind = [(", ".join(content), None)] if schema.get("format") == "binary" else _kind(schema)
    return Answer(status, told["description"], kind)


def _fields(schema: Mapping[str, Any]) -> list[Field]:
    required = schema.get("required", ())
    return [
        Field(name, _kind(one), name in required, one.get("description", ""))
        for name, one in schema.get("properties", {}).items()
    ]


def _kind(schema: Mapping[str, Any], *, named: bool = True) -> list[Part]:
    """The type of a value, in words."""
    return list(_parts(schema, named=named))


def _parts(schema: Mapping[str, Any], *, named: bool = True) -> Iterator[Part]:
    choices = schema.get("anyOf") or schema.get("oneOf")
    if "$ref" in schema and named:
        name = schema["$ref"].rpartition("/")[2]
        yield name, name
    elif choices:
        for number, one in enumerate(choices):
            yield from ([(" | ", None)] if number else [])
            yield from _parts(one)
    elif "enum" in schema or "const" in schema:
        yield " | ".join(json.dumps(one) for one in schema.get("enum", [schema.get("const")])), None
    elif schema.get("type") == "array":
        yield "[", None
        yield from _parts(schema.get("items", {}))
        yield "]", None
    elif "properties" not in schema:
        yield " ".join(str(schema[key]) for key in ("type", "format") if key in schema) or "any", None
