"""The suite on a machine that has other things to do: so many runs beside two busy loops, and how each of them ended.

`RUNS=10 make test-busy` writes a line for each run, and one for each test that failed in it, to `build/busy.txt`; what a run said
is in `build/busy-1.log` and so on. The exit code is 1 if any run failed. With `SUITE=test` only `make test` is run.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

LOOPS: Final = 2
SUITE: Final = os.environ.get("SUITE", "test test-long").split()
FOLDER: Final = Path("build")
_LOOP: Final = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(100_000))"
"""It ends with whoever began it, however that one ends."""

_TOLD: Final = re.compile(
    r"^(?:(?:FAILED|ERROR) .+|=+ (?:.*\b(?:passed|failed|errors?)\b.*) =+|no end within .+)$", re.M
)
"""What a run says of itself: a line for each failure, and its last line."""


@contextmanager
def busy() -> Iterator[None]:
    """While the machine has other things to do."""
    loops = [subprocess.Popen([sys.executable, "-c", _LOOP]) for _ in range(LOOPS)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def run(number: int, result: TextIO) -> bool:
    """Run the suite once; says how it ended, and whether well."""
    log = FOLDER / f"busy-{number}.log"
    begun = time.perf_counter()
    with log.open("w") as out:
        code = subprocess.run(["make", *SUITE], stdout=out, stderr=subprocess.STDOUT).returncode
    took = time.perf_counter() - begun
    result.write(f"run {number}: {'passed' if code == 0 else f'exit code {code}'} in {took:.0f} s\n")
    result.writelines(f"    {line}\n" for line in _TOLD.findall(log.read_text("utf-8", "replace")))
    result.flush()
    return code == 0


def main() -> int:
    """Run it as often as `RUNS` says."""
    FOLDER.mkdir(exist_ok=True)
    with busy(), (FOLDER / "busy.txt").open("w") as result:
        ended_well = [run(number, result) for number in range(1, int(os.environ.get("RUNS", "1")) + 1)]
    return 0 if all(ended_well) else 1


if __name__ == "__main__":
    sys.exit(main())
