"""Where the servers are: by settings, or by what `qingqian dev` writes into its data folder; and how long one may take to answer. No
library of theirs is loaded.
"""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from office.away import ServerAway
from office.faults import Faults
from runtime.settings import Settings

STACK_FILE: Final = "stack.json"

PATIENCE: Final = timedelta(seconds=5)
"""How long to wait for a server before reporting it as away."""


class Running(Exception):  # noqa: N818 - it is told to a person
    """Another `qingqian dev` is running on the same data folder."""


@dataclass(frozen=True)
class Stack:
    """The addresses of a stack's servers. `qingqian dev` writes them into its data folder."""

    temporal_address: str
    database_url: str
    ui: str | None = None
    portal: str | None = None
    pids: tuple[int, ...] = ()

    def write(self, data: Path) -> None:
        """Write the addresses into the data folder, where other commands find them."""
        fresh = data / f"{STACK_FILE}.new"
        fresh.write_text(json.dumps(asdict(self), indent=1), "utf-8")
        fresh.replace(data / STACK_FILE)


def find_stack(data: Path) -> Stack | None:
    """The stack that `dev` runs, or ran last, on a data folder.

    Raises:
        Faults: It is no folder that may be read, or what stands there is not what `dev` writes.
    """
    path = data / STACK_FILE
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return Stack(**{**found, "pids": tuple(found["pids"])})
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Faults(str(data), [f"--data: {error.strerror}"]) from error
    except (ValueError, TypeError, KeyError) as error:
        raise Faults(str(path), ["file: is not what `qingqian dev` writes; it may be removed"]) from error


def configured(data: Path, settings: Settings) -> Stack:
    """Where the servers are: by the settings where they say so, else by the data folder of `dev`.

    Raises:
        ServerAway: Neither says where they are.
    """
    url = settings.database_url
    found = find_stack(data)
    if url is None and found is None:
        raise ServerAway(
            f"no stack is known: {data / STACK_FILE} does not exist (start `qingqian dev`), "
            "and DATABASE_URL is not set"
        )
    address = None if settings.temporal_is_set or found is None else found.temporal_address
    return Stack(address or "", url or (found.database_url if found else ""), found.ui if found else None)


def first_line(error: BaseException) -> str:
    """What a library says of a server that did not answer, in a line."""
    return (str(error) or type(error).__name__).splitlines()[0]
