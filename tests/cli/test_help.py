"""A command loads what it needs: `--help`, which says what the commands say, no library that only servers and sheets need; what reads
the record, nothing of Temporal.
"""

import sys
from pathlib import Path

import pytest

from cli.program import COMMANDS, load
from tests.cli.commands import call_of

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


def called(*words: str) -> tuple[int, str, set[str]]:
    """The exit code of a command, what it says, and the libraries that it has loaded."""
    done = call_of((sys.executable, "-c", LOADED), *words)
    return done.code, done.out, set(done.err.split())


def test_help_loads_nothing_heavy() -> None:
    code, said, loaded = called("--help")
    assert code == 0
    assert all(name in said for name in COMMANDS)
    assert not HEAVY & loaded


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (("show", "1"), {"sqlalchemy"}),
        (("list",), {"sqlalchemy"}),
        (("forecast", "1"), {"sqlalchemy"}),
        (("history", "1"), {"sqlalchemy"}),
        (("incidents",), {"sqlalchemy"}),
        (("act", "1", "accept", "--by", "clerk:李敏@620105"), {"sqlalchemy", "temporalio"}),
    ],
)
def test_nobody_waits_for_what_only_others_need(
    words: tuple[str, ...], needed: set[str], tmp_path: Path
) -> None:
    code, _, loaded = called(*words, "--data", str(tmp_path), "--json")
    assert code == 3, "there is no stack"
    assert needed <= loaded
    assert not {"temporalio", "openpyxl", "httpx", "alembic", "docxtpl", "fastapi"} - needed & loaded


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_of_a_command_what_the_command_says_of_itself(name: str) -> None:
    said = load(name).help.splitlines()[0]
    assert said == COMMANDS[name].about
