"""The papers of a scenario: files beside it that its steps put on file. A rehearsal has no store, and records only their hashes."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domain.command_base import name_of
from domain.commands import Attach
from domain.evidence import stored_as
from office.evidence.formats import mime_of
from office.files import Reader

_DO = name_of(Attach)


def with_files(reader: Reader, document: dict[str, Any], folder: Path) -> None:
    """Replace the `file` of each step by the name, format, size and hash of that file, as an upload would."""
    steps = document.get("step")
    if not isinstance(steps, list):
        return
    document["step"] = [
        _with_file(reader, step, f"step[{no}]", folder) if _has_file(step) else step
        for no, step in enumerate(steps, 1)
    ]


def _has_file(step: Any) -> bool:
    return isinstance(step, Mapping) and step.get("do") == _DO and isinstance(step.get("file"), str)


def _with_file(reader: Reader, step: Mapping[str, Any], path: str, folder: Path) -> dict[str, Any]:
    written = {name: value for name, value in step.items() if name != "file"}
    source = folder / step["file"]
    try:
        with source.open("rb") as file:
            mime, content = mime_of(file), file.read()
    except OSError as error:
        reader.fault(f"{path}.file", f"cannot be read: {error.strerror}")
        mime, content = "application/pdf", b"?"  # Nothing else is wrong with the step.
    sha256 = hashlib.sha256(content).hexdigest()
    # The number of the case is known only once it is registered.
    stored = {"attachment": stored_as(str(step.get("case")), sha256), "sha256": sha256}
    return written | stored | {"name": source.name, "mime": mime, "size": len(content)}
