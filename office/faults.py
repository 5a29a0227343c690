"""Faults in a file that a person wrote: all of them at once, each with its line or path."""

import re
import tomllib
from collections.abc import Sequence

from pydantic import ValidationError

_LINE = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
_PLAIN = {
    "missing": "this field is missing",
    "extra_forbidden": "there is no such field",
}


class Faults(Exception):  # noqa: N818 - it is told to a person
    """A file is invalid. Nothing was started."""

    def __init__(self, source: str, faults: Sequence[str]) -> None:
        super().__init__(f"{source}: {len(faults)} fault(s)")
        self.source = source
        self.faults = list(faults)


def faults_of(
    error: ValidationError | tomllib.TOMLDecodeError, path: str = "", tag: str | None = None
) -> list[str]:
    """The faults that a validation or the TOML parser found, each with its path or line.

    Args:
        path: The path of the validated part in its file.
        tag: The `do` of a command, with which validation begins the path.
    """
    if isinstance(error, tomllib.TOMLDecodeError):
        match = _LINE.search(str(error))
        line = f"line {match[1]}" if match and match[1] else "end of file"
        return [f"{line}: not TOML: {_LINE.sub('', str(error)).strip()}"]
    faults = []
    for found in error.errors(include_url=False):
        message = _PLAIN.get(found["type"], found["msg"].removeprefix("Value error, "))
        if found["type"] == "union_tag_not_found":
            found["loc"], message = ("do",), _PLAIN["missing"]
        elif found["type"] == "union_tag_invalid":
            message = f"unknown command {found['ctx']['tag']!r}"
            found["loc"] = ("do",)
        location = found["loc"][1:] if tag and found["loc"][:1] == (tag,) else found["loc"]
        faults.append(f"{path_of(location, path)}: {message}")
    return faults


def path_of(location: Sequence[int | str], path: str = "") -> str:
    """A path such as `step[3].sources[1].amount`. Positions count from 1."""
    for part in location:
        if isinstance(part, int):
            path += f"[{part + 1}]"
        elif not part.startswith("function-"):
            path += f".{part}" if path else part
    return path or "file"
