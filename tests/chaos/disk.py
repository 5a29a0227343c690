"""A separate disk that is small enough to be filled, if the machine allows mounting one."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SIZE: Final = "1g"


@contextmanager
def small_disk(folder: Path, *, is_wanted: bool) -> Iterator[bool]:
    """Create a folder, if wanted and possible as a small disk in memory; yields whether it is one."""
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
