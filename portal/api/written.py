"""Reading request bodies: one JSON object, amounts as people write them, the idempotency key in a header."""

import secrets
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Body, Header
from pydantic import ValidationError

from domain.value import is_writable
from office.faults import faults_of
from office.files import Reader
from portal.problems import Problem
from schema.window.openings import KEY_CHARACTER

JsonBody = Annotated[dict[str, Any], Body()]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=100,
        pattern=f"^{KEY_CHARACTER}+$",
        description="The caller's idempotency key. The same body sent again under it always gets the same answer.",
    ),
]

Command = TypeVar("Command")
Opening = TypeVar("Opening")


def malformed(faults: Mapping[str, str]) -> Problem:
    """422: the body is not a valid command or case; `errors` lists its faults by field."""
    errors = [{"field": field, "message": message} for field, message in faults.items()]
    detail = "; ".join(f"{field}: {message}" for field, message in faults.items())
    return Problem(
        422, "填写有误", detail, {"code": "malformed", "field": next(iter(faults), None), "errors": errors}
    )


def by_field(faults: list[str], prefix: str = "") -> dict[str, str]:
    """The faults of a part of a file, such as `case.office: …`, by their fields."""
    split = (fault.partition(": ") for fault in faults)
    return {field.removeprefix(prefix).lstrip("."): message for field, _, message in split}


def check_text(written: Any) -> None:
    """Check that the record can store a text.

    Raises:
        Problem: 422: it has a control character or a lone surrogate.
    """
    pending = [written]
    while pending:
        part = pending.pop()
        if isinstance(part, str) and not is_writable(part):
            raise malformed({"": "text has no control characters and no halves of characters"})
        if isinstance(part, dict):
            pending += [*part, *part.values()]
        elif isinstance(part, list):
            pending += part


def read_opening(read: Callable[[Reader], Opening | None], written: dict[str, Any], what: str) -> Opening:
    """Read the case or batch that a body describes; `what` says which.

    Raises:
        Problem: 422: it is invalid; names every fault by its field.
    """
    check_text(written)
    reader = Reader("request")
    found = read(reader)
    if "ref" in written:
        reader.fault(f"{what}.ref", "there is no such field")
    if reader.faults or found is None:
        raise malformed(by_field(reader.faults, what))
    return found


def read_ordered(
    read: Callable[[dict[str, Any]], Command], written: dict[str, Any], key: str | None
) -> Command:
    """Read the command that a body describes. Its id is the key in the header, which the body need not repeat.

    Raises:
        Problem: 422: it describes no valid command.
    """
    check_text(written)
    command_id = written.get("command_id", key)
    if key is not None and command_id != key:
        raise malformed({"command_id": "is not the Idempotency-Key"})
    try:
        return read({**written, "command_id": command_id or secrets.token_hex(16)})
    except ValidationError as error:
        faults = faults_of(error, tag=str(written.get("do")))
        raise malformed(by_field(faults)) from error
