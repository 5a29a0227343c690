"""The house stays one that a newcomer can find the way in."""

import ast
import gc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from benchmarks.house import OURS, circles, imports, long_functions, sources
from runtime.settings import VARIABLES

HOUSE = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def undisturbed() -> Iterator[None]:
    """What other tests left behind is let go before sources are parsed: CPython 3.11 loses count ("AST constructor recursion depth
    mismatch") where letting go of a half-finished greenlet falls into the middle of it.
    """
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_no_imports_go_in_a_circle() -> None:
    graph = imports(HOUSE)
    assert len(graph) > 200
    assert circles(graph) == []
    graph["domain.value"].add("office.cases")
    assert circles(graph), "a circle would be noticed"


def test_statements_live_in_the_record_alone() -> None:
    others = [path for path in sources(HOUSE, *OURS) if path.relative_to(HOUSE).parts[0] != "schema"]
    spoken = {str(path.relative_to(HOUSE)): found for path in others if (found := _statements(path))}
    assert spoken == {}
    assert "schema.tables.case_file" in _statements(HOUSE / "schema" / "casefiles.py"), "one would be noticed"


NO_STATEMENTS: Final = (
    *("sqlalchemy.Row", "sqlalchemy.event", "sqlalchemy.exc.", "sqlalchemy.pool."),
    *("sqlalchemy.engine.make_url", "sqlalchemy.ext.asyncio."),
)
"""What every room may have of SQLAlchemy: connections, rows and errors."""


def _statements(path: Path) -> set[str]:
    """What a file imports that statements are made of."""
    imported = [
        f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else f"{alias.name}."
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    return {
        name
        for name in imported
        if name.startswith(("sqlalchemy.", "schema.tables.")) and not name.startswith(NO_STATEMENTS)
    }


def test_no_file_is_longer_than_400_lines() -> None:
    long = [path for path in sources(HOUSE, *OURS) if len(path.read_text("utf-8").splitlines()) > 400]
    assert long == []


def test_no_function_is_longer_than_40_lines() -> None:
    assert [name for path in sources(HOUSE, *OURS) for name in long_functions(path)] == []


def test_settings_are_read_in_one_place() -> None:
    """Besides it, three files hand this process's environment on to servers that they start."""
    reading = {
        path.relative_to(HOUSE).as_posix()
        for path in [*sources(HOUSE, *OURS), *HOUSE.glob("schema/migrations/**/*.py")]
        if re.search(r"os\.(environ|getenv)|from os import", path.read_text("utf-8"))
    }
    handing_on = {"runtime/dev.py", "runtime/embedded.py", "runtime/postgres.py"}
    assert reading == {"runtime/settings.py", *handing_on}


def test_every_setting_is_in_the_manual_and_no_other() -> None:
    """`QINGQIAN_BY` is an option of the command line, which may stand in the environment as well."""
    manual = (HOUSE / "docs" / "production.md").read_text("utf-8")
    section = manual.partition("\n## Settings\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE)
    assert sorted(listed) == sorted([*VARIABLES.values(), "QINGQIAN_BY"])


def test_a_template_reads_like_a_page() -> None:
    lines = [
        (str(path.relative_to(HOUSE)), len(line))
        for path in HOUSE.joinpath("portal", "templates").rglob("*.html")
        for line in path.read_text("utf-8").splitlines()
    ]
    assert len(lines) > 1000
    assert [(path, length) for path, length in lines if length > 160] == []
