"""Statistics of the code: `python -m benchmarks.house [FOLDER]` prints them for a checkout of any version."""

import ast
import json
import statistics
import sys
from collections.abc import Collection, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Final

OURS: Final = (
    *("activities", "cli", "domain", "office", "portal", "rehearsal", "runtime", "schema", "workflows"),
    *("starter", "worker"),
)
"""The packages and modules of the program. An older version may lack some."""

_NOT_READ: Final = ("migrations", "__pycache__")


def sources(folder: Path, *names: str) -> list[Path]:
    """The Python files of some packages and modules."""
    found = [folder / f"{name}.py" for name in names] + [
        path for name in names for path in folder.joinpath(name).rglob("*.py")
    ]
    return sorted(path for path in found if path.is_file() and not set(_NOT_READ) & set(path.parts))


def imports(folder: Path) -> dict[str, set[str]]:
    """The imports between our modules, also those inside functions."""
    modules = {_dotted(path, folder): path for path in sources(folder, *OURS)}
    return {
        module: set(_named(ast.parse(path.read_text("utf-8")), modules.keys())) - {module}
        for module, path in modules.items()
    }


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The circles of imports. When one is found, it is broken at one import, so that the next can be found."""
    left, found = {module: set(imported) for module, imported in graph.items()}, []
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1]
            found.append(circle)
            left[circle[1]].discard(circle[0])
        else:
            return found


def counts(folder: Path) -> dict[str, Any]:
    """The statistics that concern a newcomer."""
    ours, tests = sources(folder, *OURS), sources(folder, "tests")
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in [*ours, *tests]}
    files = [lines[path] for path in ours if path.name != "__init__.py"]
    folders = [path.parent for path in ours]
    fullest = max(set(folders), key=folders.count)
    longest = max(ours, key=lambda path: lines[path])
    return {
        "circles of imports": len(circles(imports(folder))),
        "files in the fullest folder": f"{folders.count(fullest)} ({fullest.relative_to(folder)})",
        "lines of the median file": round(statistics.median(files)),
        "lines of the longest file": f"{lines[longest]} ({longest.relative_to(folder)})",
        "functions of more than 40 lines": sum(len(long_functions(path)) for path in ours),
        "lines of tests for each of ours": round(
            sum(lines[path] for path in tests) / sum(lines[path] for path in ours), 2
        ),
    }


def long_functions(path: Path) -> list[str]:
    """The functions of a file that have more than 40 lines."""
    return [
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= 40
    ]


def _dotted(path: Path, folder: Path) -> str:
    return ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")


def _named(tree: ast.Module, modules: Collection[str]) -> Iterator[str]:
    """The modules that a file imports. `from package import x` counts as importing the package only if `x` is not a module of it."""
    for node in ast.walk(tree):
        named = []
        if isinstance(node, ast.ImportFrom) and node.module:
            named = [f"{node.module}.{alias.name}" for alias in node.names]
        if isinstance(node, ast.Import):
            named = [f"{alias.name}." for alias in node.names]
        for name in named:
            found = name if name in modules else name.rpartition(".")[0]
            if found in modules:
                yield found


if __name__ == "__main__":
    shown = counts(Path(sys.argv[1] if sys.argv[1:] else ".").resolve())
    sys.stdout.write(json.dumps(shown, indent=1, ensure_ascii=False) + "\n")
