"""`--help` is there at once: it loads no library that only servers and sheets need, and it says what the commands say."""

import subprocess
import sys

import pytest

from cli.program import COMMANDS, load

HEAVY = {
    "alembic",
    "docxtpl",
    "fastapi",
    "openpyxl",
    "pydantic",
    "sqlalchemy",
    "structlog",
    "temporalio",
    "uvicorn",
}

HELP = """
import sys
from starter import main
sys.argv = ["qingqian", "--help"]
try:
    main()
finally:
    print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""


def test_help_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert all(name in done.stdout for name in COMMANDS)
    assert not HEAVY & set(done.stderr.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_of_a_command_what_the_command_says_of_itself(name: str) -> None:
    said = load(name).help.splitlines()[0]
    assert said == COMMANDS[name].about
