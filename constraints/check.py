"""Whether set-up depends on the day: `make setup-check`, or `python3 constraints/check.py --checkout FOLDER` for another checkout.

A fresh copy is set up from a folder of wheels and nothing else, once by each of the pips below. The folder holds what is pinned and,
beside it, packages of the same names that "somebody published since". The copy lies in a folder with blanks and Chinese
characters. After its pins have changed it is set up a second time: its environment is made anew, with the pip that comes with Python.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).resolve().parent.parent
PIPS = ("22.3", "26.3")
"""The pip that Python 3.11.0 came with, and the newest of November 2026."""

PUBLISHED_SINCE = ("coverage", "pydantic", "pytest", "starlette", "temporalio", "typing_extensions")
"""Packages that others need, some with extras: pips that resolve prefer the newer one and then miss its hash."""


def collect(checkout: Path, wheels: Path) -> None:
    """Fetch what the checkout pins, and the pips, by a pip of its own: Debian's Python has none."""
    own = wheels.parent / "fetching"
    subprocess.run([sys.executable, "-m", "venv", str(own)], check=True)
    (pins,) = [*checkout.glob("constraints/development.txt"), *checkout.glob("constraints.txt")]
    fetch = [str(own / "bin" / "pip"), "download", "--quiet", "--no-deps", "--dest", str(wheels)]
    subprocess.run([*fetch, "--require-hashes", "--only-binary", ":all:", "-r", str(pins)], check=True)
    for version in PIPS:
        subprocess.run([*fetch, f"pip=={version}"], check=True)


def publish(wheels: Path, name: str) -> None:
    """Put a newer version of a package beside the pinned one: the same files under the number 9999."""
    (wheel,) = wheels.glob(f"{name}-*.whl")
    _, version, tags = wheel.name.split("-", 2)
    with ZipFile(wheel) as old, ZipFile(wheels / f"{name}-9999-{tags}", "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            if part.endswith(".dist-info/METADATA"):
                content = re.sub(rb"(?m)^Version: .*$", b"Version: 9999", content, count=1)
            new.writestr(part.replace(f"-{version}.dist-info/", "-9999.dist-info/"), content)


def copy_of(checkout: Path, folder: Path) -> Path:
    """A copy of what is under version control, new files included."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=checkout,
        check=True,
        capture_output=True,
    )
    target = folder / "清欠 办 的 副本"
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (checkout / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(checkout / name, target / name)
    return target


def set_up(copy: Path, pip: str, wheels: Path) -> None:
    """Set a copy up by a pip, for running and for testing, and again after its pins have changed.

    Raises:
        CalledProcessError: It did not work.
    """
    alone = {
        **os.environ,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_NO_CACHE_DIR": "1",
        "LC_ALL": "C",
    }

    def run(*command: str) -> None:
        subprocess.run(command, cwd=copy, env=alone, check=True)

    run(sys.executable, "-m", "venv", ".venv")
    run(".venv/bin/python", "-m", "pip", "install", "--quiet", f"pip=={pip}")
    run("make", "setup")
    run("make", "setup-tests")
    run(".venv/bin/qingqian", "--help")
    with (copy / "constraints" / "embedded.txt").open("a") as pins:
        pins.write("# Changed.\n")
    run("make", "setup")
    run(".venv/bin/qingqian", "--help")


def main() -> int:
    """Set up fresh copies; exit code 1 when one of them could not be."""
    parser = argparse.ArgumentParser(description="Whether set-up depends on what others publish.")
    parser.add_argument(
        "--checkout", type=Path, default=ROOT, help="the checkout to copy; this one unless given"
    )
    checkout = parser.parse_args().checkout.resolve()
    failed = []
    with tempfile.TemporaryDirectory(prefix="qingqian-setup-") as name:
        wheels = Path(name, "wheels")
        collect(checkout, wheels)
        for package in PUBLISHED_SINCE:
            publish(wheels, package)
        for pip in PIPS:
            copy = copy_of(checkout, Path(name, pip))
            try:
                set_up(copy, pip, wheels)
            except subprocess.CalledProcessError as error:
                failed.append(pip)
                sys.stderr.write(f"pip {pip}: {error}\n")
            shutil.rmtree(copy)
    sys.stdout.write(f"set up by {len(PIPS) - len(failed)} of {len(PIPS)} pips: {', '.join(PIPS)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
