"""Moving the time of day of workers and PostgreSQL by hours while they run. Needs a C compiler."""

import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).with_name("clock.c")


class DayTime:
    """The time of day of all processes that are started with its environment."""

    def __init__(self, library: Path, file: Path) -> None:
        self._file = file
        self.environment = {"LD_PRELOAD": str(library), "CHAOS_CLOCK": str(file)}
        file.write_bytes(struct.pack("l", 0))
        for path in (library, file):
            path.chmod(0o644)

    def move(self, hours: int) -> None:
        """Shift the time of day by that many hours from now on."""
        with self._file.open("r+b") as file:
            file.write(struct.pack("l", hours * 3600))


def movable(folder: Path) -> DayTime | None:
    """A movable time of day; None if the machine cannot provide one."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return None
    library = folder / "clock.so"
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE)]
    if subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        return None
    return DayTime(library, folder / "clock")
