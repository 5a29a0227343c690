"""`qingqian rehearse`: the exit code says whether everything was as expected."""

from pathlib import Path

import pytest

from tests.cli.commands import call

pytestmark = pytest.mark.timeout(120)

SUSPENDED = Path("examples/suspended.toml")


def test_all_examples_are_as_expected() -> None:
    examples = sorted(Path("examples").glob("*.toml"))
    assert len(examples) >= 4
    said = call("rehearse", *map(str, examples), "--json")
    assert said.code == 0, said.err
    results = dict(zip((example.stem for example in examples), said.json, strict=True))
    assert [result["failures"] for result in results.values()] == [[]] * len(examples)
    result = results["qingshigou"]
    assert (result["ok"], result["failures"], result["days"]) == (True, [], 188)
    case = result["cases"]["qsg"]
    assert (case["stage"], case["cleared_fen"], case["outstanding_fen"]) == ("closed", 4216_0000_00, 0)
    assert case["events"][0]["kind"] == "received"
    assert case["history_events"] <= 340
    assert set(result["batches"]) == {"b1", "b2"}


def test_the_timeline_appears_for_people_and_says_what_is_not_as_expected(tmp_path: Path) -> None:
    text = SUSPENDED.read_text("utf-8")
    text = text.replace('refused = "not_suspended"', 'refused = "not_yours"')
    text = text.replace('light = "yellow"', 'light = "red"').replace(
        "on = 2025-04-16, kind", "on = 2025-04-17, kind"
    )
    path = tmp_path / "wrong.toml"
    path.write_text(text, "utf-8")
    said = call("rehearse", str(path))
    assert said.code == 1
    for expected in (
        "2025-04-16",
        "中止",
        "催办单",
        "未清偿 outstanding",
        "step[4]: refused with not_suspended",
        "expect.case.held.events[2]: not found:",
        "expect.case.held.light: expected red, got yellow",
    ):
        assert expected in said.out
    assert "events[3]" not in said.out
