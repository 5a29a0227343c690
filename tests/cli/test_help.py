"""A command loads what it needs: `--help`, which says what the commands say, no library that only servers and sheets need; what reads
the record, nothing of Temporal.
"""

import subprocess
import sys

import pytest

from cli.program import COMMANDS, load
from tests.cli.commands import environment

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

LOADED = """
import sys
from starter import main
try:
    main()
finally:
    print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""


def called(*words: str) -> tuple[str, set[str]]:
    """What a command says, and the libraries that it has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words], capture_output=True, text=True, env=environment()
    )
    return done.stdout, set(done.stderr.split())


def test_help_loads_nothing_heavy() -> None:
    said, loaded = called("--help")
    assert all(name in said for name in COMMANDS)
    assert not HEAVY & loaded


@pytest.mark.parametrize(
    "words", [("show", "1"), ("list",), ("forecast", "1"), ("history", "1"), ("incidents",)]
)
def test_who_reads_the_record_waits_for_nothing_that_only_acts(words: tuple[str, ...]) -> None:
    said, loaded = called(*words, "--json")
    assert "stack.json" in said
    assert "sqlalchemy" in loaded
    assert not {"temporalio", "openpyxl", "jinja2", "httpx", "alembic"} & loaded


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_of_a_command_what_the_command_says_of_itself(name: str) -> None:
    said = load(name).help.splitlines()[0]
    assert said == COMMANDS[name].about
