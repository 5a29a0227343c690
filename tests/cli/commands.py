"""The command line as its users call it: processes, exit codes, one JSON document on standard output."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

QINGQIAN = str(Path(sys.executable).parent / "qingqian")


class Said(NamedTuple):
    """What a call answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    """This process's environment, without what would lead a command to other servers."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TEMPORAL_", "DATABASE_URL", "QINGQIAN_"))
    }
    return kept | more


def call(*arguments: str, program: tuple[str, ...] = (QINGQIAN,), **more: str) -> Said:
    """Run one command to its end."""
    done = subprocess.run(
        [*program, *arguments], capture_output=True, text=True, env=environment(**more), timeout=120
    )
    return Said(done.returncode, done.stdout, done.stderr)
