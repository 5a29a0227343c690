"""Processes of the program, forked from one that has done its imports: these take longer than most commands do."""

import multiprocessing
import os
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from typing import Any, Final

from cli.program import COMMANDS

_prepared: Final = multiprocessing.get_context("forkserver")
_prepared.set_forkserver_preload(
    ["starter", "worker", *sorted({place.module for place in COMMANDS.values()})]
)


def start(
    run: Callable[..., object], *arguments: Any, environment: Mapping[str, str], out: str, err: str
) -> BaseProcess:
    """Start a process with an environment of its own, its output in files.

    Args:
        run: A function of a module, which the process runs to its end.
    """
    process = _prepared.Process(target=_be, args=(run, arguments, dict(environment), os.getcwd(), out, err))
    process.start()
    return process


def _be(
    run: Callable[..., object],
    arguments: tuple[Any, ...],
    environment: dict[str, str],
    folder: str,
    out: str,
    err: str,
) -> None:
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    run(*arguments)
