"""A disk of its own, small enough to be filled: where the machine lets us mount one."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SIZE: Final = "1g"


@contextmanager
def small_disk(folder: Path, *, is_wanted: bool) -> Iterator[bool]:
    """Make a folder, a small disk in memory if that is wanted and possible; says whether it is one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "qingqian-chaos", str(folder)]
    is_mounted = is_wanted and os.geteuid() == 0 and _is_done(mount)
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _is_done(command: list[str]) -> bool:
    try:
        return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0
    except FileNotFoundError:
        return False
