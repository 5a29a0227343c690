"""`qingqian rehearse`: the exit code says whether everything was as expected."""

from pathlib import Path

import pytest

from tests.cli.commands import call

pytestmark = [pytest.mark.long, pytest.mark.timeout(120)]

SUSPENDED = Path("examples/suspended.toml")


def test_each_of_several_files_is_as_expected() -> None:
    said = call("rehearse", "examples/qingshigou.toml", str(SUSPENDED), "--json")
    assert said.code == 0, said.err
    result, other = said.json
    assert (other["ok"], other["failures"]) == (True, [])
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


TWO_VERSIONS = """
title = "两版规则"
starts_on = 2023-04-26
{early}{late}
[expect.case.early]
policy = "gansu@2026.1"
duties = [{{ duty = "intake", term = "10wd" }}]

[expect.case.late]
policy = "gansu@2026.2"
duties = [{{ duty = "intake", term = "5wd" }}]
"""

CASE = """
[[case]]
ref = "{ref}"
title = "道路工程款"
project = "{ref}"
office = "620105"
channel = "platform"
kind = "works"
received_on = {on}
creditor = {{ name = "某公司", size = "small", ownership = "private" }}
debtor = {{ name = "某单位", kind = "organ" }}
"""


def second_version(folder: Path, *changes: tuple[str, str]) -> str:
    """A folder with a version of the rules that applies from 2023-05-04."""
    text = Path("policies/gansu.toml").read_text("utf-8")
    for was, is_now in (
        ('version = "2026.1"', 'version = "2026.2"'),
        ("effective_on = 2023-01-01", "effective_on = 2023-05-04"),
        *changes,
    ):
        assert was in text
        text = text.replace(was, is_now)
    (folder / "gansu-2026-2.toml").write_text(text, "utf-8")
    return str(folder)


def test_a_case_takes_the_version_of_the_rules_that_is_in_force_when_it_is_entered(tmp_path: Path) -> None:
    (folder := tmp_path / "policies").mkdir()
    intake = '[duties.intake]\nowner = "clerk"\nterm = '
    second_version(folder, (f'{intake}"10wd"', f'{intake}"5wd"'))
    cases = {
        ref: CASE.format(ref=ref, on=on) for ref, on in (("early", "2023-05-03"), ("late", "2023-05-04"))
    }
    path = tmp_path / "two.toml"
    path.write_text(TWO_VERSIONS.format(**cases), "utf-8")
    said = call("rehearse", str(path), "--json", QINGQIAN_POLICIES=str(folder))
    assert (said.code, said.json["failures"]) == (0, [])


def test_a_case_is_of_an_office_that_there_is_when_it_is_entered(tmp_path: Path) -> None:
    (folder := tmp_path / "policies").mkdir()
    second_version(folder, ('620105 = "安宁区清欠办"', '620198 = "兰州新区清欠办"'))
    path = tmp_path / "two.toml"
    head = 'title = "新设的办公室"\nstarts_on = 2023-04-26\n'
    old = [CASE.format(ref=f"old{no}", on=on) for no, on in enumerate(("2023-05-03", "2023-05-04"), 1)]
    new = [one.replace("620105", "620198").replace("old", "new") for one in old]
    path.write_text(head + old[0] + new[1], "utf-8")
    said = call("rehearse", str(path), "--json", QINGQIAN_POLICIES=str(folder))
    assert (said.code, said.json["failures"]) == (0, [])
    path.write_text(head + old[1] + new[0], "utf-8")
    said = call("rehearse", str(path), "--json", QINGQIAN_POLICIES=str(folder))
    assert said.code == 2
    assert [fault.partition(" is no office")[0] for fault in said.json["faults"]] == [
        "case[1].office: 620105",
        "case[2].office: 620198",
    ]
