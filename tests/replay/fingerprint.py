"""The command sequence of each workflow, read from its source: what a sleeping case's history is held against.

`make fingerprints` writes the file anew. Do so only when `workflow.patched()` guards the change, or no case can have a history
that the change touches.
"""

import ast
import json
from pathlib import Path

FILE = Path(__file__).with_name("fingerprint.json")
SOURCES = (
    "workflows/case.py",
    "workflows/course.py",
    "workflows/commitment.py",
    "workflows/bond_batch.py",
    "workflows/delivery.py",
    "workflows/rhythm.py",
    "workflows/importing.py",
)

_COMMANDS = frozenset(
    {
        "execute_activity",
        "execute_activity_method",
        "start_activity_method",
        "execute_child_workflow",
        "execute_local_activity",
        "execute_local_activity_method",
        "sleep",
        "wait_condition",
        "upsert_search_attributes",
        "continue_as_new",
        "patched",
        "deprecate_patch",
        "uuid4",
        "random",
    }
)
_COMMITMENTS = frozenset({"recorded", "answered", "done"})
"""The functions of `workflows/commitment.py`, which give commands for every workflow."""

_HANDLERS = frozenset({"run", "update", "signal", "query", "init"})


def fingerprint(root: Path) -> dict[str, dict[str, list[str]]]:
    """For each workflow and method: its role, then the commands it gives and own methods it awaits, in source order. Likewise for
    the functions that all workflows share.
    """
    found = {}
    for source in SOURCES:
        module = ast.parse((root / source).read_text("utf-8"))
        rooms = {node.name: node.body for node in module.body if isinstance(node, ast.ClassDef)}
        for name, body in {Path(source).stem: module.body, **rooms}.items():
            told = {
                method.name: calls
                for method in body
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
                and (calls := _roles(method) + _calls(method))
            }
            if told or name in rooms:
                found[name] = told
    return found


def _roles(method: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    names = (decorator.attr for decorator in method.decorator_list if isinstance(decorator, ast.Attribute))
    return [f"@{name}" for name in names if name in _HANDLERS]


def _calls(method: ast.AST) -> list[str]:
    calls = [node for node in ast.walk(method) if isinstance(node, ast.Call)]
    return [
        told
        for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset))
        if (told := _told(call))
    ]


def _told(call: ast.Call) -> str | None:
    function = call.func
    if isinstance(function, ast.Name) and function.id in _COMMITMENTS:
        return function.id
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return None
    if function.value.id == "self":
        return f"self.{function.attr}"
    if function.value.id != "workflow" or function.attr not in _COMMANDS:
        return None
    timed = function.attr == "wait_condition" and any(word.arg == "timeout" for word in call.keywords)
    activity = ast.unparse(call.args[0]) if "activity" in function.attr else ""
    return f"{function.attr}({activity}{'timeout' if timed else ''})"


def main() -> None:
    """Write the fingerprint of the workflows as they are."""
    FILE.write_text(json.dumps(fingerprint(Path()), indent=1) + "\n")


if __name__ == "__main__":
    main()
