"""The OpenAPI document: commands as callers write them, and a problem document for every error."""

import re
from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from domain.actors import LONGEST
from domain.bonds.commands import BatchCommand, BatchOpening
from domain.commands import Command
from domain.money import FEN_MAX
from domain.receipt import Receipt
from domain.value import LONGEST_NAME
from portal.api.documents import ProblemDocument
from portal.api.examples import EXAMPLES
from portal.operations import OPERATIONS, TAGS
from portal.problems import PROBLEM_JSON

REF: Final = "#/components/schemas/{model}"

MONEY: Final = {
    "description": "An amount as people write it: `4216万元`, `8.044亿元`, `42160000.00`; a bare number is yuan. Never rounded.",
    "anyOf": [
        {"type": "string", "maxLength": 60, "examples": ["4216万元", "42160000.00"]},
        {"type": "number", "minimum": 0, "maximum": FEN_MAX // 100},
    ],
}
REGISTRAR: Final = {
    "description": "The clerk who registers the case, `clerk:NAME@OFFICE`, by account. Left out, it is some clerk of the office.",
    "anyOf": [{"type": "string", "maxLength": LONGEST}, {"type": "null"}],
}
CONTACT: Final = {
    "description": "How to reach the party. Personal data: kept apart from the case, never in its journal.",
    "anyOf": [{"type": "string", "maxLength": LONGEST_NAME}, {"type": "null"}],
}

STATUSES: Final = {
    400: "Not readable as a request",
    401: "No valid token",
    403: "`not_yours`: the token, or whoever it acts for, may not",
    404: "There is none, or it is not the caller's to see",
    409: "Refused; `code` says why",
    413: "Too large",
    422: "`malformed`: `field` and `errors` say where",
    429: "Too often, or too fast: nothing was done; `Retry-After` says when to come back",
    503: "A server is away; the same request may be sent again",
}


def wrong(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error responses of a route, for `responses`; 503 is always among them."""
    content = {PROBLEM_JSON: {"schema": {"$ref": REF.format(model="Problem")}}}
    return {status: {"description": STATUSES[status], "content": content} for status in (*statuses, 503)}


def body(model: str) -> dict[str, Any]:
    """The request body of a route, for `openapi_extra`."""
    content: dict[str, Any] = {"schema": {"$ref": REF.format(model=model)}}
    content["examples"] = {name: {"value": value} for name, value in EXAMPLES[model].items()}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def files(*formats: str) -> dict[int | str, dict[str, Any]]:
    """A binary response, for `responses`. It is also listed as `application/octet-stream`, by which client generators recognise binary
    data.
    """
    written = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"content": dict.fromkeys(("application/octet-stream", *formats), written)}}


def name_of(route: APIRoute) -> str:
    """The id of an operation, which generated clients use: the name of its function."""
    return route.name


def operations(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The operations of an OpenAPI document."""
    for methods in described["paths"].values():
        yield from methods.values()


class DescribedApp(FastAPI):
    """An application that generates its OpenAPI document on first use."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, cached."""
        if self.openapi_schema is None:
            described = get_openapi(
                title=self.title,
                version=self.version,
                summary="Payment-arrears cases: open, act on, follow. 清欠案件接口",
                routes=self.routes,
                servers=[{"url": "/", "description": "The window that tells this"}],
                tags=[{"name": tag, "description": in_english} for tag, (_, in_english) in TAGS.items()],
            )
            for operation in operations(described):
                operation["summary"] = OPERATIONS[operation["operationId"]][1]
            described["components"]["schemas"] |= _schemas()
            self.openapi_schema = described
        return self.openapi_schema

    def methods_at(self, path: str) -> list[str]:
        """The methods of a path of the interface; empty if there is no such path."""
        described = self.openapi()["paths"].items()
        return sorted(
            method.upper()
            for template, methods in described
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
            for method in methods
        )


def _schemas() -> dict[str, Any]:
    """The schemas of what callers write, and of the problem document."""
    written: list[tuple[str, Any]] = [
        ("Command", Command.__value__),
        ("BatchCommand", BatchCommand.__value__),
        ("NewCase", Receipt),
        ("NewBatch", BatchOpening),
        ("Problem", ProblemDocument),
    ]
    found: dict[str, Any] = {}
    for name, model in written:
        schema = TypeAdapter(model).json_schema(ref_template=REF)
        found |= schema.pop("$defs", {})
        found[name] = schema | {"title": name}
    found = {name: _as_written(schema) for name, schema in found.items()}
    for schema in found.values():
        if "entered_by" in schema.get("properties", {}):
            del schema["properties"]["account"]
        if "command_id" in schema.get("required", []):
            schema["required"] = ["do", *(name for name in schema["required"] if name != "command_id")]
    for party in ("Creditor", "Debtor"):
        schema = found[party]
        with_contact = {"properties": {**schema["properties"], "contact": CONTACT}}
        found[f"New{party}"] = schema | with_contact | {"title": f"New{party}"}
        found["NewCase"]["properties"][party.lower()] = {"$ref": REF.format(model=f"New{party}")}
    found["NewCase"]["properties"]["by"] = REGISTRAR
    return found | {"Money": MONEY}


def _as_written(schema: Any) -> Any:
    """A schema with amounts as callers write them; internally they are whole numbers of fen."""
    if isinstance(schema, list):
        return [_as_written(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if FEN_MAX in (schema.get("maximum"), schema.get("le")):
        return {"$ref": REF.format(model="Money")}
    return {name: _as_written(part) for name, part in schema.items()}
