"""The form in which a journal stores a submitted command: its own fields as JSON, in which amounts end in `_fen`."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.actors import Actor
from domain.command_base import CommandBase
from domain.commands import COMMAND, AnyCommand
from domain.commands.fields import Asks, asks


def fields_of(command: CommandBase) -> dict[str, Any]:
    """The fields of a command without `do` and those that every command has."""
    content = command.model_dump(mode="json", exclude={*CommandBase.model_fields, "do"}, exclude_none=True)
    return _with_fen(content, asks(type(command)))


def command_of(
    do: str, fields: Mapping[str, Any], *, command_id: str, by: Actor, entered_by: Actor | None
) -> AnyCommand:
    """The command with these stored fields; the inverse of `fields_of`."""
    envelope = {"do": do, "command_id": command_id, "by": by, "entered_by": entered_by}
    return COMMAND.validate_python({**_without_fen(fields), **envelope})


def _with_fen(content: Mapping[str, Any], asked: Sequence[Asks]) -> dict[str, Any]:
    amounts = {one.name for one in asked if one.kind == "money"}
    rows = {one.name: one.columns for one in asked if one.kind == "rows"}
    told: dict[str, Any] = {}
    for name, value in content.items():
        if name in rows:
            told[name] = [_with_fen(row, rows[name]) if isinstance(row, dict) else row for row in value]
        elif isinstance(value, dict):
            told[name] = _with_fen(value, _inside(name, asked))
        else:
            told[f"{name}_fen" if name in amounts else name] = value
    return told


def _inside(name: str, asked: Sequence[Asks]) -> list[Asks]:
    """The fields of a nested value, without its prefix."""
    inside = f"{name}."
    return [one._replace(name=one.name.removeprefix(inside)) for one in asked if one.name.startswith(inside)]


def _without_fen(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {name.removesuffix("_fen"): _without_fen(value) for name, value in content.items()}
    if isinstance(content, Sequence) and not isinstance(content, str):
        return [_without_fen(one) for one in content]
    return content
