"""The command line as its users call it: processes, exit codes, one JSON document on standard output.

Each call is a process of its own, forked from one that has done its imports; from scratch with `call_of`.
"""

import json
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess
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


def call(*arguments: str, **more: str) -> Said:
    """Run one command to its end, with `more` in its environment."""
    return _forked(be_the_program, arguments, **more)


def call_of(program: Sequence[str], *arguments: str, **more: str) -> Said:
    """Run one command of another program to its end, likewise."""
    done = subprocess.run(
        [*program, *arguments], capture_output=True, text=True, env=environment(**more), timeout=PATIENCE
    )
    return Said(done.returncode, done.stdout, done.stderr)


def serve(module: str, **more: str) -> Said:
    """Run `python -m` a module, which serves or says why not, to its end."""
    return _forked(be_the_module, module, **more)


def _forked(be: Callable[[Any], None], what: Any, **more: str) -> Said:
    with tempfile.TemporaryDirectory(prefix="qingqian-call-") as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = start(be, what, environment=environment(**more), out=str(out), err=str(err))
        return ended(process, out, err)


def ended(process: BaseProcess, out: Path, err: Path) -> Said:
    """What a call answered that writes to these files, once it has ended.

    Raises:
        TimeoutError: It did not, and was killed.
    """
    try:
        process.join(PATIENCE)
        if process.exitcode is None:
            raise TimeoutError(f"no end within {PATIENCE} s")
    finally:
        process.kill()
        process.join()
    code = process.exitcode
    process.close()
    return Said(code, out.read_text("utf-8"), err.read_text("utf-8"))


def be_the_program(arguments: tuple[str, ...]) -> None:
    """Be the program."""
    from starter import main

    sys.argv = ["qingqian", *arguments]
    main()


def be_the_module(module: str) -> None:
    """Be the process that a module runs as."""
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
