"""The command line as its users call it: processes, exit codes, one JSON document on standard output.

Each call is a process of its own, forked from one that has done its imports; from scratch where `program` says so.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.processes import start

PROGRAM: Final = (sys.executable, "-m", "starter")
PATIENCE: Final = 120


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


def call(*arguments: str, program: tuple[str, ...] | None = None, **more: str) -> Said:
    """Run one command to its end."""
    if program is not None:
        done = subprocess.run(
            [*program, *arguments],
            capture_output=True,
            text=True,
            env=environment(**more),
            timeout=PATIENCE,
        )
        return Said(done.returncode, done.stdout, done.stderr)
    with tempfile.TemporaryDirectory(prefix="qingqian-call-") as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = start(_run, arguments, environment=environment(**more), out=str(out), err=str(err))
        process.join(PATIENCE)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutError(f"{arguments} took more than {PATIENCE} s")
        code = process.exitcode
        process.close()
        return Said(code, out.read_text("utf-8"), err.read_text("utf-8"))


def _run(arguments: tuple[str, ...]) -> None:
    """Be the program."""
    from starter import main

    sys.argv = ["qingqian", *arguments]
    main()
