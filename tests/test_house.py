"""The house stays one that a newcomer can find the way in."""

from pathlib import Path

from benchmarks.house import OURS, circles, imports, sources

HOUSE = Path(__file__).parents[1]


def test_no_imports_go_in_a_circle() -> None:
    graph = imports(HOUSE)
    assert len(graph) > 200
    assert circles(graph) == []
    graph["domain.value"].add("office.cases")
    assert circles(graph), "a circle would be noticed"


def test_no_file_is_longer_than_400_lines() -> None:
    long = [path for path in sources(HOUSE, *OURS) if len(path.read_text("utf-8").splitlines()) > 400]
    assert long == []
