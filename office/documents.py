"""Reading text, TOML and JSON files from people. Every file is read within limits, or rejected with a reason."""

import json
import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from office.faults import Faults, faults_of

MOST_BYTES: Final = 16 * 1024 * 1024
"""The largest file that is read, in bytes."""

DEEPEST: Final = 50
"""The deepest nesting that is read. Thousands of levels would exhaust the reader's stack."""


def read_text(path: Path) -> str:
    """The text of a file, without the byte order mark that some editors write.

    Raises:
        Faults: It cannot be read.
    """
    try:
        return _content(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Faults(str(path), [f"file: cannot be read as UTF-8 text: {error}"]) from error


def _content(path: Path) -> bytes:
    """The bytes of a regular file. A pipe is rejected, because reading it might never end."""
    try:
        check_regular(path)
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Faults(str(path), [f"file: cannot be read: {error}"]) from error
    if len(content) > MOST_BYTES:
        raise Faults(str(path), [f"file: is larger than {MOST_BYTES // 1024 // 1024} MiB"])
    return content


def check_regular(path: Path) -> None:
    """Check that a path is a regular file.

    Raises:
        OSError: There is no such file, or it is a folder, a pipe or a device.
    """
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"
        raise OSError(f"it is {what}, not a file")


def read_document(path: Path) -> dict[str, Any]:
    """The table in a TOML or JSON file.

    Raises:
        Faults: The file cannot be read, or is neither.
    """
    text = read_text(path)
    try:
        document = parse_json(text) if path.suffix == ".json" else parse_toml(text)
    except json.JSONDecodeError as error:
        raise Faults(str(path), [f"line {error.lineno}: not JSON: {error.msg}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise Faults(str(path), faults_of(error)) from error
    except ValueError as error:
        raise Faults(str(path), [f"file: {error}"]) from error
    if not isinstance(document, dict):
        raise Faults(str(path), ["file: a table with fields is needed"])
    return document


def parse_json(text: str) -> Any:
    """Parse a JSON document.

    Raises:
        ValueError: It is invalid, nested too deeply, or has a number with too many digits. A syntax error is a `JSONDecodeError`.
    """
    try:
        return _within_depth(json.loads(text))
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except ValueError as error:
        raise _told(error) from None


def parse_toml(text: str) -> dict[str, Any]:
    """Parse a TOML document.

    Raises:
        ValueError: As in `parse_json`; a syntax error is a `TOMLDecodeError`.
    """
    try:
        document: dict[str, Any] = _within_depth(tomllib.loads(text))
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except ValueError as error:
        raise _told(error) from None
    return document


_TOO_DEEP: Final = f"is nested more than {DEEPEST} levels deep"


def _told(error: ValueError) -> ValueError:
    """Replace Python's message about numbers with thousands of digits by one that people understand."""
    return (
        ValueError("holds a number of thousands of digits")
        if "set_int_max_str_digits" in str(error)
        else error
    )


def _within_depth(document: Any) -> Any:
    level, depth = [document], 0
    while level:
        if depth > DEEPEST:
            raise ValueError(_TOO_DEEP)
        level = [inner for value in level for inner in _inside(value)]
        depth += 1
    return document


def _inside(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
