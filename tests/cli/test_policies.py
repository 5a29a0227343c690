"""Rule packs are checked whole and compared before anybody lives by them; a case tells when it is due, why, and what comes."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from cli.program import app
from domain.case.ladder import forecast
from domain.duty import DutyKind
from domain.receipt import NO_CONTACTS
from office.enquiries import now
from office.faults import Faults
from office.packs import forget_packs, load_pack, pack_in_force, use_packs_in
from schema import registry
from tests.cli.commands import Said, call
from tests.record.paper import Paper
from tests.stack import CLERK, REFUSED, RULES, order, receipt

GANSU = files("policies").joinpath("gansu.toml").read_text("utf-8")


@pytest.fixture(autouse=True)
def _forget_packs() -> Iterator[None]:
    yield
    forget_packs()


def written(folder: Path, *changes: tuple[str, str], name: str = "mine.toml") -> str:
    """The path of a pack that differs from Gansu's."""
    text = GANSU
    for was, now_ in changes:
        assert was in text, was
        text = text.replace(was, now_, 1)
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def told(*arguments: str, code: int = 0) -> Any:
    """What a command answers to a program."""
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def said(*arguments: str) -> str:
    """What a command answers to a person."""
    result = CliRunner().invoke(app, [*arguments], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_right_pack_is_summed_up(tmp_path: Path) -> None:
    for pack in ("gansu", written(tmp_path)):
        answer = told("policy", "check", pack)
        assert (answer["name"], answer["version"]) == ("gansu", "2026.1")
        whole = [
            "near -3wd",
            "lapsed 1d",
            "supervised 3wd",
            "key_supervised 10wd",
            "taken_over 20wd",
            "referred 30wd",
        ]
        response = ["near -3wd", "lapsed 1d", "key_supervised 10wd"]
        assert answer["ladders"] == {"office": whole, "debtor": whole, "response": response}
        assert answer["offices"] == len(load_pack("gansu").offices)
        assert "near -3wd → lapsed 1d" in said("policy", "check", pack)


@pytest.mark.parametrize(
    ("was", "wrong", "fault"),
    [
        ('title = "甘肃省清理拖欠企业账款规则"\n', "", "title: this field is missing"),
        ("effective_on = 2023-01-01", 'effective_on = "soon"', "effective_on:"),
        ('reply_within = "5wd"', 'reply_within = "five days"', "reply_within: not a term: 'five days'"),
        ('reply_within = "5wd"', 'reply_within = "0wd"', "file: reply_within must be positive"),
        ("spread = 50", "spread = 60", "spread:"),
        ('at = "-3wd"', 'at = "0d"', "ladder[1]: a rung is before or after the last day"),
        ('at = "10wd"', 'at = "2wd"', "ladder: key_supervised (2wd) does not come after supervised (3wd)"),
        ('level = "lapsed"', 'level = "near"', "ladder: each level of the ladder has a name of its own"),
        ('level = "lapsed"', 'level = "Lapsed!"', "ladder[2].level:"),
        ("hour = 0", "hour = 24", "ladder[2].hour:"),
        ('light = "yellow"', 'light = "green"', "ladder[2].light:"),
        ('light = "yellow"', 'light = "none"', "ladder[2]: a rung turns the light to"),
        ('light = "blue"', 'light = "red"', "ladder: the light falls from near to lapsed"),
        ('mode = "taken_over"', 'mode = "supervised"', "ladder: the modes must rise from rung to rung"),
        ('mode = "taken_over"', 'mode = "referred"', "ladder[6]: no ladder raises a case to referred"),
        ('proposes = "interview"', 'proposes = "prison"', "ladder[5].proposes:"),
        ('notice = "takeover"', 'notice = "letter"', "ladder[6].notice:"),
        ('notice = "takeover"', 'notise = "takeover"', "ladder[6].notise: there is no such field"),
        ('owner = "creditor"\nterm = "5wd"', 'owner = "mayor"\nterm = "5wd"', "duties.correction.owner:"),
        ('ceiling = "90d"', 'ceiling = "20d"', "duties.verification: a ceiling must be"),
        ('ceiling = "90d"', 'ceiling = "90wd"', "duties.verification: a ceiling must be"),
        ("[duties.gate]", "[duties.gates]", "duties.gates"),
        ("[duties.instalment]\n", '[duties.instalment]\nterm = "5d"\n', "file: duties.instalment"),
        ("opens = 9", "opens = 19", "office_hours: an office opens before it closes"),
        ('620105 = "安宁区清欠办"', '62010 = "安宁区清欠办"', "offices.62010"),
        (
            '620105 = "安宁区清欠办"',
            '630105 = "安宁区清欠办"',
            "file: offices: 620000, 630105 have no superior",
        ),
        (
            "[offices]",
            '[channels.990000]\nemail = ["a@b"]\n\n[offices]',
            "file: channels: 990000 is no office",
        ),
        ("[offices]", '[channels.620105]\nemail = ["nobody"]\n\n[offices]', "channels.620105.email[1]:"),
        ("[offices]", '[channels.620105]\nwebhook = ["ftp://x"]\n\n[offices]', "channels.620105.webhook[1]:"),
        (
            '"livelihood", "received_on", "case_no"]',
            '"received_on"]',
            "allocation_order: an allocation order",
        ),
        ("two_persons = []", 'two_persons = ["vanish"]', "two_persons: vanish is no command"),
        ('do = "close"', 'do = "approve"', "evidence: approve is no command"),
        ("[[ladder]]", "[[ladder]", "line 52: not TOML"),
    ],
)
def test_each_fault_of_a_pack_is_named_with_its_path(
    was: str, wrong: str, fault: str, tmp_path: Path
) -> None:
    path = written(tmp_path, (was, wrong))
    answer = told("policy", "check", path, code=2)
    assert answer["file"] == path
    assert any(found.startswith(fault) for found in answer["faults"]), answer["faults"]


@pytest.fixture
def own_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of an office's own packs."""
    use_packs_in(str(tmp_path))
    yield tmp_path
    use_packs_in(None)


def test_a_version_counts_from_its_day_and_the_first_one_before_it(own_folder: Path) -> None:
    def version(no: str, since: str, name: str, *changes: tuple[str, str]) -> None:
        told = ("effective_on = 2023-01-01", f"effective_on = {since}")
        written(own_folder, ('version = "2026.1"', f'version = "{no}"'), told, *changes, name=name)

    version("2027.1", "2027-01-01", "gansu-2027.1.toml")
    version("2025.1", "2025-01-01", "another.toml")
    version("draft", "2023-01-01", "draft.toml")
    version("anning.1", "2024-01-01", "anning.toml", ('name = "gansu"', 'name = "anning"'))
    (own_folder / "broken.toml").write_text("name = ", "utf-8")
    for day, no in (
        (date(2020, 1, 1), "2026.1"),
        (date(2024, 12, 31), "2026.1"),
        (date(2025, 1, 1), "2025.1"),
        (date(2026, 12, 31), "2025.1"),
        (date(2027, 1, 1), "2027.1"),
    ):
        assert pack_in_force("gansu", day).version == no
    assert pack_in_force("draft", date(2027, 1, 1)).version == "draft", "a file is asked for by its name"
    assert pack_in_force("anning", date(2020, 1, 1)).version == "anning.1"
    written(own_folder, ("spread = 50", "spread = -1"), name="wrong.toml")
    forget_packs()
    with pytest.raises(Faults):
        pack_in_force("gansu", date(2024, 1, 1))


def test_all_faults_of_a_pack_are_told_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ("spread = 50", "spread = -1"),
        ("hour = 0", "hour = 99"),
        ('term = "10wd"', 'term = "10"'),
        ('620105 = "安宁区清欠办"', '620105 = ""'),
    )
    for arguments in (("policy", "check", path), ("policy", "diff", "gansu", path)):
        answer = told(*arguments, code=2)
        assert [fault.split(":")[0] for fault in answer["faults"]] == [
            "ladder[2].hour",
            "duties.intake.term",
            "spread",
            "offices.620105",
        ]


@pytest.mark.parametrize("pack", ["atlantis", "missing.toml"])
def test_a_pack_that_is_not_there(pack: str) -> None:
    for arguments in (
        ("policy", "check", pack),
        ("policy", "diff", pack, "gansu"),
        ("policy", "diff", "gansu", pack),
    ):
        assert told(*arguments, code=2)["faults"] == ["policy: there is no such rule pack"]


def test_what_differs_is_named_with_both_values(tmp_path: Path) -> None:
    other = written(
        tmp_path,
        ('term = "30d"\nceiling', 'term = "20d"\nceiling'),
        ('against = "office"\nat = "3wd"', 'against = "office"\nat = "2wd"'),
        ('620105 = "安宁区清欠办"\n', ""),
        ("spread = 50", "spread = 10"),
    )
    assert told("policy", "diff", "gansu", other) == {
        "rules": [
            {"path": "duties.verification.term", "old": "30d", "new": "20d"},
            {"path": "ladder.office.supervised.at", "old": "3wd", "new": "2wd"},
            {"path": "offices.620105.name", "old": "安宁区清欠办", "new": None},
            {"path": "spread", "old": 50, "new": 10},
        ]
    }
    shown = said("policy", "diff", "gansu", other)
    assert "duties.verification.term" in shown
    assert "20d" in shown
    assert told("policy", "diff", "gansu", "gansu") == {"rules": []}
    assert "the rules are the same" in said("policy", "diff", "gansu", "gansu")


Ask = Callable[..., Any]


@pytest.fixture
def ask(engine: AsyncEngine) -> Ask:
    """Run a command on the test's database."""
    url = engine.url.render_as_string(hide_password=False)

    async def run(*arguments: str) -> Said:
        result = await asyncio.to_thread(call, *arguments, DATABASE_URL=url, COLUMNS="200")
        assert result.code == 0, result
        return result

    return run


@pytest.fixture
async def paper(engine: AsyncEngine) -> Paper:
    """An office that works today."""
    paper = Paper(engine)
    paper.now = now()
    return paper


async def received(paper: Paper, **changes: Any) -> str:
    """A case that was received today, by its number."""
    on = paper.now.date()
    async with paper.engine.begin() as connection:
        case_no = await registry.register_case(
            connection, receipt(received_on=on), RULES, "hash", NO_CONTACTS
        )
    await paper.receive(case_no, received_on=on, **changes)
    return case_no


async def test_a_forecast_tells_what_comes_on_which_day(ask: Ask, paper: Paper) -> None:
    case_no = await received(paper)
    answer = (await ask("forecast", case_no, "--json")).json
    case = await paper.case(case_no)
    expected = forecast(case, RULES, now())
    assert [(event["on"], event["kind"]) for event in answer["events"]] == [
        (event.on.isoformat(), event.kind) for event in expected
    ]
    assert (answer["case_no"], answer["suspended"]) == (case_no, False)
    assert answer["horizon"] == RULES.calendar.horizon.isoformat()
    assert answer["calendar"] == RULES.calendar.version
    assert all(event["provisional"] == (event["on"] > answer["horizon"]) for event in answer["events"])
    intake = [event["data"]["level"] for event in answer["events"] if event["data"].get("duty") == "intake"]
    assert list(dict.fromkeys(intake)) == [rung.level for rung in RULES.rungs(DutyKind.INTAKE)]
    assert [event["on"] for event in answer["events"]] == sorted(event["on"] for event in answer["events"])
    shown = (await ask("forecast", case_no)).out
    assert case_no in shown
    for event in answer["events"]:
        assert event["on"] in shown
    assert [entry.event.kind for entry in await paper.entries(case_no)] == ["received"]


async def test_a_forecast_of_a_case_that_stands_still_begins_with_its_going_on(
    ask: Ask, paper: Paper
) -> None:
    held = await received(paper)
    await paper.record(await paper.deciding(held, order("suspend", CLERK, reason="等待批复")))
    first, *_ = (await ask("forecast", held, "--json")).json["events"]
    assert first["kind"] == "resumed"
    assert "恢复" in (await ask("forecast", held)).out


async def test_a_forecast_of_a_case_that_has_ended_is_empty(ask: Ask, paper: Paper) -> None:
    ended = await received(paper)
    for given in REFUSED:
        await paper.record(await paper.deciding(ended, given))
    assert (await ask("forecast", ended, "--json")).json["events"] == []
    assert "nothing" in (await ask("forecast", ended)).out


async def test_a_last_day_is_explained(ask: Ask, paper: Paper) -> None:
    case_no = await received(paper)
    await paper.record(await paper.deciding(case_no, order("accept", CLERK)))
    answer = (await ask("show", case_no, "--explain", "--json")).json
    (duty,) = answer["duties"]
    assert (duty["duty"], duty["term"], duty["rules"]) == ("transfer", "10wd", RULES.pack)
    assert duty["calendar"] == RULES.calendar.version
    days = (date.fromisoformat(duty["due_on"]) - date.fromisoformat(duty["opened_on"])).days
    passed_over = sum(
        (date.fromisoformat(one["until"]) - date.fromisoformat(one["since"])).days + 1
        for one in duty["skipped"]
    )
    assert days - passed_over == 10
    shown = (await ask("show", case_no, "--explain")).out
    for expected in ("10 个工作日", duty["basis"], duty["opened_on"], duty["due_on"], "周末", RULES.pack):
        assert expected in shown
    assert "10 个工作日" not in (await ask("show", case_no)).out


@pytest.mark.long
async def test_a_diff_tells_what_would_change_for_open_cases(ask: Ask, paper: Paper, tmp_path: Path) -> None:
    """Nothing is changed by asking. A case that has ended adopts no rules, though somebody owes it the answer to an appeal."""
    waiting, going = [await received(paper) for _ in range(2)]
    ended = await received(paper)
    await paper.record(await paper.deciding(going, order("accept", CLERK)))
    for given in (*REFUSED, order("appeal", "creditor:赵", reason="属于受理范围")):
        await paper.record(await paper.deciding(ended, given))
    slower = written(
        tmp_path,
        *(
            (
                f'[duties.{duty}]\nowner = "{owner}"\nterm = "10wd"',
                f'[duties.{duty}]\nowner = "{owner}"\nterm = "15wd"',
            )
            for duty, owner in (("intake", "clerk"), ("appeal", "head"))
        ),
    )
    before = await paper.case(waiting)
    answer = (await ask("policy", "diff", "gansu", slower, "--open-cases", "--json")).json
    assert [rule["path"] for rule in answer["rules"]] == ["duties.appeal.term", "duties.intake.term"]
    (case,) = answer["cases"]
    assert case["case_no"] == waiting
    (deadline,) = case["deadlines"]
    assert (deadline["duty"], deadline["was"]) == ("intake", before.duties[0].due_on.isoformat())
    assert deadline["due_on"] > deadline["was"]
    levels = {one["level"]: one for one in case["ladder"] if one["duty"] == "intake"}
    assert set(levels) == {rung.level for rung in RULES.ladder}
    assert all(one["on"] > one["was"] for one in levels.values())
    shown = (await ask("policy", "diff", "gansu", slower, "--open-cases")).out
    for expected in ("duties.intake.term", waiting, deadline["was"], deadline["due_on"], "影响 1 件未结案件"):
        assert expected in shown
    assert await paper.case(waiting) == before
    handed_down = await received(paper, office="620100")
    for given in (order("accept", "clerk:周@620100"), order("forward", "clerk:周@620100", to="620105")):
        await paper.record(await paper.deciding(handed_down, given))
    fewer = written(
        tmp_path, ('620105 = "安宁区清欠办"\n', ""), ("spread = 50", "spread = 0"), name="fewer.toml"
    )
    answer = (await ask("policy", "diff", "gansu", fewer, "--open-cases", "--json")).json
    assert answer["cases"] == [], "none of them has an office that there is in both"
    same = (await ask("policy", "diff", "gansu", "gansu", "--open-cases", "--json")).json
    assert same == {"rules": [], "cases": []}
