"""`qingqian rehearse`: the exit code says whether everything was as expected."""

from pathlib import Path

import pytest

from tests.cli.commands import call

pytestmark = pytest.mark.timeout(120)

QINGSHIGOU = Path("examples/qingshigou.toml")


def test_qingshigou_is_as_expected() -> None:
    said = call("rehearse", str(QINGSHIGOU), "--json")
    assert said.code == 0, said.err
    result = said.json
    assert (result["ok"], result["failures"], result["days"]) == (True, [], 188)
    case = result["cases"]["qsg"]
    assert (case["stage"], case["cleared_fen"], case["outstanding_fen"]) == ("closed", 4216_0000_00, 0)
    assert case["events"][0]["kind"] == "received"
    assert case["history_events"] <= 340
    assert set(result["batches"]) == {"b1", "b2"}


def test_the_timeline_appears_for_people() -> None:
    said = call("rehearse", str(QINGSHIGOU))
    assert said.code == 0
    assert "2023-09-28" in said.out
    assert "企业确认到账 1716.00万元" in said.out
    assert "未清偿 outstanding" in said.out


def test_what_is_not_as_expected_is_said(tmp_path: Path) -> None:
    text = QINGSHIGOU.read_text("utf-8")
    text = text.replace('refused = "four_eyes"', 'refused = "not_yours"')
    text = text.replace('cleared = "4216万元"', 'cleared = "4000万元"')
    path = tmp_path / "wrong.toml"
    path.write_text(text, "utf-8")
    said = call("rehearse", str(path), "--json")
    assert said.code == 1
    first, second = said.json["failures"]
    assert first.startswith("step[20]: refused with four_eyes")
    assert second == "expect.case.qsg.cleared: expected 4000.00万元, got 4216.00万元"
